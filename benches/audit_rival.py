"""What a good boto3 script does for the same questions: 64 threads, every security group read once."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import boto3
from botocore.config import Config

url, calls, lock = sys.argv[1], 0, Lock()
config = Config(max_pool_connections=64, retries={"mode": "standard"})
keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "eu-west-1"}
efs = boto3.client("efs", endpoint_url=url, config=config, **keys)
ec2 = boto3.client("ec2", endpoint_url=url, config=config, **keys)
groups = {}


def ask(call, **arguments):
    global calls
    with lock:
        calls += 1
    try:
        return call(**arguments)
    except efs.exceptions.PolicyNotFound:
        return {}


def group(id_):
    with lock:
        if id_ in groups:
            return groups[id_]
        groups[id_] = None
    groups[id_] = ask(ec2.describe_security_groups, GroupIds=[id_])
    return groups[id_]


def audit(fs):
    id_ = fs["FileSystemId"]
    for target in ask(efs.describe_mount_targets, FileSystemId=id_)["MountTargets"]:
        worn = ask(efs.describe_mount_target_security_groups, MountTargetId=target["MountTargetId"])
        for one in worn["SecurityGroups"]:
            group(one)
    ask(efs.describe_lifecycle_configuration, FileSystemId=id_)
    ask(efs.describe_backup_policy, FileSystemId=id_)
    ask(efs.describe_file_system_policy, FileSystemId=id_)
    ask(efs.describe_access_points, FileSystemId=id_)


begun = time.monotonic()
pages = efs.get_paginator("describe_file_systems").paginate()
file_systems = [fs for page in pages for fs in page["FileSystems"]]
with ThreadPoolExecutor(64) as pool:
    list(pool.map(audit, file_systems))
print(f"{time.monotonic() - begun:.2f} s, {calls} calls, {len(file_systems)} file systems")
