#!/usr/bin/env python3
"""A session of boto3 and of the AWS CLI against a running sandbox.

    python3 session.py http://127.0.0.1:4566

Needs `pip install boto3 awscli`, and an account that nobody else uses meanwhile. Credentials are any that the
environment has, or dummies. It makes things and removes them again; the last line counts the checks.
"""

import json
import os
import subprocess
import sys
import time
import traceback
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"
checks = failures = 0


def check(what, holds, seen=None):
    global checks, failures
    checks += 1
    if not holds:
        failures += 1
        print(f"FAILED: {what}" + (f": {seen!r}" if seen is not None else ""), file=sys.stderr)


def same(what, seen, expected):
    check(what, seen == expected, f"{seen!r} instead of {expected!r}")


def refused(code, status, call, **arguments):
    """The call fails with that code and status; gives the response."""
    what = f"{call.__name__} is refused with {code}"
    try:
        call(**arguments)
    except ClientError as error:
        answer = error.response
        seen = (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"])
        same(what, seen, (code, status))
        return answer
    check(what, False, "it succeeded")
    return {"Error": {}, "ResponseMetadata": {}}


def until(what, look, seconds=30):
    """Looks until there is something to see."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if look():
            check(what, True)
            return
        time.sleep(0.2)
    check(what, False, f"not after {seconds} s")


class Cli:
    """The `aws` command next to this Python, or the one on the path."""

    def __init__(self, endpoint):
        beside = Path(sys.executable).parent / "aws"
        self.program = str(beside) if beside.exists() else "aws"
        self.environment = os.environ | {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_DEFAULT_OUTPUT": "json",
            "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
        }

    def run(self, *arguments):
        return subprocess.run(
            [self.program, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def __call__(self, *arguments):
        done = self.run(*arguments)
        check(f"aws {' '.join(arguments[:2])}", done.returncode == 0, done.stderr.strip())
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def refused(self, code, *arguments):
        done = self.run(*arguments)
        what = f"aws {' '.join(arguments[:2])} is refused with {code}"
        check(what, done.returncode != 0 and f"({code})" in done.stderr, done.stderr.strip())


def network(ec2):
    """The default VPC, its subnets, and a security group of our own."""
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    same("there is one default VPC", len(vpcs), 1)
    vpc = vpcs[0]["VpcId"]
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
        member = attribute[0].upper() + attribute[1:]
        same(f"{attribute} is on", answer[member]["Value"], True)

    pages = ec2.get_paginator("describe_subnets").paginate(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}], PaginationConfig={"PageSize": 5}
    )
    subnets = sorted(pages.build_full_result()["Subnets"], key=lambda it: it["AvailabilityZone"])
    zones = [it["AvailabilityZone"] for it in subnets]
    same("a default subnet in each zone", zones, [REGION + letter for letter in "abc"])
    check("zones have ids", subnets[0]["AvailabilityZoneId"].startswith("euw1-az"))

    answer = refused(
        "DryRunOperation", 412, ec2.create_security_group,
        GroupName="session", Description="session", VpcId=vpc, DryRun=True,
    )
    check("a rehearsal says so", "would have succeeded" in answer["Error"].get("Message", ""))
    group = ec2.create_security_group(
        GroupName="session", Description="session", VpcId=vpc,
        TagSpecifications=[{
            "ResourceType": "security-group", "Tags": [{"Key": "session", "Value": "yes"}],
        }],
    )["GroupId"]
    refused(
        "InvalidGroup.Duplicate", 400, ec2.create_security_group,
        GroupName="session", Description="again", VpcId=vpc,
    )
    found = ec2.describe_security_groups(Filters=[{"Name": "tag:session", "Values": ["y*"]}])
    same("the group is found by its tag", [it["GroupId"] for it in found["SecurityGroups"]], [group])

    nfs = [{
        "IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049,
        "UserIdGroupPairs": [{"GroupId": group, "Description": "NFS among clients"}],
    }]
    rules = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=nfs)
    check("a rule has an id", rules["SecurityGroupRules"][0]["SecurityGroupRuleId"].startswith("sgr-"))
    refused(
        "InvalidPermission.Duplicate", 400, ec2.authorize_security_group_ingress,
        GroupId=group, IpPermissions=nfs,
    )
    pages = ec2.get_paginator("describe_security_group_rules").paginate(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )
    rules = pages.build_full_result()["SecurityGroupRules"]
    same("one rule in, one out", sorted(it["IsEgress"] for it in rules), [False, True])
    world = [{
        "IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "IpRanges": [{"CidrIp": "10.0.0.5/24"}],
    }]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=world)
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=world)
    seen = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    same("a rule can be taken back", [it["IpRanges"] for it in seen], [[]])
    by_id = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=world)["SecurityGroupRules"]
    by_id = [it["SecurityGroupRuleId"] for it in by_id]
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=by_id)
    left = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    left = [it["SecurityGroupRuleId"] for it in left["SecurityGroupRules"]]
    check("and by its id", not set(by_id) & set(left), left)
    refused(
        "InvalidSecurityGroupRuleId.NotFound", 400, ec2.revoke_security_group_ingress,
        GroupId=group, SecurityGroupRuleIds=by_id,
    )
    refused("InvalidGroup.NotFound", 400, ec2.describe_security_groups, GroupIds=["sg-0123456789abcdef0"])
    return vpc, subnets, group


def file_system(efs):
    """An encrypted file system, once it is available."""
    arguments = {
        "CreationToken": "session", "Encrypted": True, "ThroughputMode": "elastic",
        "Tags": [{"Key": "Name", "Value": "session"}],
    }
    made = efs.create_file_system(**arguments)
    same("a file system is made with 201", made["ResponseMetadata"]["HTTPStatusCode"], 201)
    same("it is creating", made["LifeCycleState"], "creating")
    same("its tag Name is its name", made["Name"], "session")
    check("its key is an ARN", made["KmsKeyId"].startswith(f"arn:aws:kms:{REGION}:"), made["KmsKeyId"])
    answer = refused("FileSystemAlreadyExists", 409, efs.create_file_system, **arguments)
    same("the refusal names it", answer.get("FileSystemId"), made["FileSystemId"])
    refused("ValidationException", 400, efs.create_file_system, CreationToken="x", PerformanceMode="fast")

    def state():
        found = efs.describe_file_systems(CreationToken="session")["FileSystems"]
        return found and found[0]["LifeCycleState"] == "available"

    until("the file system is available", state)
    arn = made["FileSystemArn"]
    by_arn = efs.describe_file_systems(FileSystemId=arn)["FileSystems"][0]
    same("an ARN names it too", by_arn["FileSystemId"], made["FileSystemId"])
    refused("FileSystemNotFound", 404, efs.describe_file_systems, FileSystemId="fs-0123456789abcdef0")
    return made["FileSystemId"], arn


def mount_targets(efs, ec2, fs, subnets, group):
    """One mount target in each zone; gives their ids."""
    free = subnets[0]["AvailableIpAddressCount"]
    made = [
        efs.create_mount_target(FileSystemId=fs, SubnetId=it["SubnetId"], SecurityGroups=[group])
        for it in subnets
    ]
    same("mount targets are creating", {it["LifeCycleState"] for it in made}, {"creating"})
    refused(
        "MountTargetConflict", 409, efs.create_mount_target,
        FileSystemId=fs, SubnetId=subnets[0]["SubnetId"],
    )
    refused(
        "SubnetNotFound", 400, efs.create_mount_target,
        FileSystemId=fs, SubnetId="subnet-0123456789abcdef0",
    )

    def all_mount_targets():
        pages = efs.get_paginator("describe_mount_targets").paginate(FileSystemId=fs)
        return pages.build_full_result()["MountTargets"]

    until(
        "all mount targets are available",
        lambda: {it["LifeCycleState"] for it in all_mount_targets()} == {"available"},
    )
    same("there are three", len(all_mount_targets()), 3)
    first = made[0]
    found = ec2.describe_network_interfaces(
        Filters=[{"Name": "description", "Values": [f"EFS mount target for {fs} (*)"]}]
    )["NetworkInterfaces"]
    same("each has a network interface", len(found), 3)
    mine = [it for it in found if it["NetworkInterfaceId"] == first["NetworkInterfaceId"]][0]
    same("with its address", mine["PrivateIpAddress"], first["IpAddress"])
    same("and its security group", [it["GroupId"] for it in mine["Groups"]], [group])
    same("that belongs to EFS", mine["RequesterManaged"], True)
    try:
        ec2.delete_network_interface(NetworkInterfaceId=first["NetworkInterfaceId"])
        check("a network interface of EFS is not deleted", False)
    except ClientError as error:
        check("a network interface of EFS is not deleted", True, error.response["Error"]["Code"])
    now = ec2.describe_subnets(SubnetIds=[subnets[0]["SubnetId"]])["Subnets"][0]
    same("its subnet has one address less", now["AvailableIpAddressCount"], free - 1)
    ec2.create_tags(
        Resources=[first["NetworkInterfaceId"]], Tags=[{"Key": "session", "Value": "yes"}]
    )

    target = first["MountTargetId"]
    same(
        "the groups of a mount target",
        efs.describe_mount_target_security_groups(MountTargetId=target)["SecurityGroups"], [group],
    )
    refused(
        "SecurityGroupNotFound", 400, efs.modify_mount_target_security_groups,
        MountTargetId=target, SecurityGroups=["sg-0123456789abcdef0"],
    )
    refused("DependencyViolation", 400, ec2.delete_security_group, GroupId=group)
    refused("FileSystemInUse", 409, efs.delete_file_system, FileSystemId=fs)
    return [it["MountTargetId"] for it in made]


def settings(efs, fs, arn):
    """Lifecycle, backup, policy, protection, throughput, tags."""
    policies = [
        {"TransitionToIA": "AFTER_30_DAYS"},
        {"TransitionToArchive": "AFTER_90_DAYS"},
        {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    efs.put_lifecycle_configuration(FileSystemId=fs, LifecyclePolicies=policies)
    seen = efs.describe_lifecycle_configuration(FileSystemId=fs)["LifecyclePolicies"]
    ordered = lambda rows: sorted(rows, key=str)
    same("lifecycle policies are kept", ordered(seen), ordered(policies))
    refused(
        "BadRequest", 400, efs.put_lifecycle_configuration, FileSystemId=fs,
        LifecyclePolicies=[{"TransitionToIA": "AFTER_7_DAYS", "TransitionToArchive": "AFTER_90_DAYS"}],
    )
    efs.put_lifecycle_configuration(FileSystemId=fs, LifecyclePolicies=[])
    seen = efs.describe_lifecycle_configuration(FileSystemId=fs)["LifecyclePolicies"]
    same("an empty list clears them", seen, [])

    efs.put_backup_policy(FileSystemId=fs, BackupPolicy={"Status": "ENABLED"})
    until(
        "backups are on",
        lambda: efs.describe_backup_policy(FileSystemId=fs)["BackupPolicy"]["Status"] == "ENABLED",
    )
    efs.put_backup_policy(FileSystemId=fs, BackupPolicy={"Status": "DISABLED"})

    refused("PolicyNotFound", 404, efs.describe_file_system_policy, FileSystemId=fs)
    policy = {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": arn,
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
        }],
    }
    efs.put_file_system_policy(FileSystemId=fs, Policy=json.dumps(policy))
    seen = json.loads(efs.describe_file_system_policy(FileSystemId=fs)["Policy"])
    same("the policy is kept", seen["Statement"][0]["Action"], policy["Statement"][0]["Action"])
    refused("InvalidPolicyException", 400, efs.put_file_system_policy, FileSystemId=fs, Policy="{")
    lock = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "elasticfilesystem:*"}]}
    arguments = {"FileSystemId": fs, "Policy": json.dumps(lock)}
    refused("InvalidPolicyException", 400, efs.put_file_system_policy, **arguments)
    efs.put_file_system_policy(**arguments, BypassPolicyLockoutSafetyCheck=True)
    seen = json.loads(efs.describe_file_system_policy(FileSystemId=fs)["Policy"])
    same("with the bypass it is kept", seen["Statement"][0]["Effect"], "Deny")
    efs.delete_file_system_policy(FileSystemId=fs)
    refused("PolicyNotFound", 404, efs.describe_file_system_policy, FileSystemId=fs)

    long = {"ResourceIdType": "LONG_ID", "Resources": ["FILE_SYSTEM", "MOUNT_TARGET"]}
    same("ids are long", efs.put_account_preferences(ResourceIdType="LONG_ID")["ResourceIdPreference"], long)
    refused("BadRequest", 400, efs.put_account_preferences, ResourceIdType="SHORT_ID")
    same("and stay so", efs.describe_account_preferences()["ResourceIdPreference"], long)

    same(
        "protection is switched off",
        efs.update_file_system_protection(FileSystemId=fs, ReplicationOverwriteProtection="DISABLED")
        ["ReplicationOverwriteProtection"],
        "DISABLED",
    )
    changed = efs.update_file_system(
        FileSystemId=fs, ThroughputMode="provisioned", ProvisionedThroughputInMibps=64
    )
    same("an update is accepted with 202", changed["ResponseMetadata"]["HTTPStatusCode"], 202)
    same("throughput is provisioned", changed["ProvisionedThroughputInMibps"], 64)
    until(
        "the update is over",
        lambda: efs.describe_file_systems(FileSystemId=fs)["FileSystems"][0]["LifeCycleState"]
        == "available",
    )
    refused("TooManyRequests", 429, efs.update_file_system, FileSystemId=fs, ThroughputMode="elastic")

    efs.tag_resource(ResourceId=arn, Tags=[{"Key": f"k{n}", "Value": str(n)} for n in range(12)])
    # botocore has no paginator for it.
    pages = [efs.list_tags_for_resource(ResourceId=fs, MaxResults=5)]
    while token := pages[-1].get("NextToken"):
        pages.append(efs.list_tags_for_resource(ResourceId=fs, MaxResults=5, NextToken=token))
    same("thirteen tags in pages of five", [len(it["Tags"]) for it in pages], [5, 5, 3])
    efs.untag_resource(ResourceId=fs, TagKeys=[f"k{n}" for n in range(12)])
    rest = efs.list_tags_for_resource(ResourceId=fs)["Tags"]
    same("one is left", rest, [{"Key": "Name", "Value": "session"}])
    refused(
        "BadRequest", 400, efs.tag_resource, ResourceId=fs, Tags=[{"Key": "aws:mine", "Value": "x"}]
    )


def old_tags(efs, fs):
    """The deprecated operations, which clients of old still use."""
    efs.create_tags(FileSystemId=fs, Tags=[{"Key": "old", "Value": "way"}])
    seen = efs.get_paginator("describe_tags").paginate(FileSystemId=fs).build_full_result()["Tags"]
    check("a tag put the old way is there", {"Key": "old", "Value": "way"} in seen, seen)
    efs.delete_tags(FileSystemId=fs, TagKeys=["old"])
    seen = efs.describe_tags(FileSystemId=fs)["Tags"]
    same("and gone again", seen, [{"Key": "Name", "Value": "session"}])


def access_points(efs, fs):
    arguments = {
        "ClientToken": "session", "FileSystemId": fs, "PosixUser": {"Uid": 1000, "Gid": 1000},
        "RootDirectory": {
            "Path": "/data",
            "CreationInfo": {"OwnerUid": 1000, "OwnerGid": 1000, "Permissions": "0755"},
        },
    }
    point = efs.create_access_point(**arguments)["AccessPointId"]
    answer = refused("AccessPointAlreadyExists", 409, efs.create_access_point, **arguments)
    same("the refusal names it", answer.get("AccessPointId"), point)
    for token in ("second", "third"):
        efs.create_access_point(ClientToken=token, FileSystemId=fs)
    pages = efs.get_paginator("describe_access_points").paginate(
        FileSystemId=fs, PaginationConfig={"PageSize": 2}
    )
    points = pages.build_full_result()["AccessPoints"]
    same("three access points in pages of two", len(points), 3)
    until(
        "access points are available",
        lambda: efs.describe_access_points(AccessPointId=point)["AccessPoints"][0]["LifeCycleState"]
        == "available",
    )
    efs.tag_resource(ResourceId=point, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    efs.untag_resource(ResourceId=point, TagKeys=["a"])
    rest = efs.list_tags_for_resource(ResourceId=point)["Tags"]
    same("a tag is taken off an access point", rest, [{"Key": "b", "Value": "2"}])
    for it in points:
        efs.delete_access_point(AccessPointId=it["AccessPointId"])
    until(
        "access points are gone",
        lambda: not efs.describe_access_points(FileSystemId=fs)["AccessPoints"],
    )
    refused("AccessPointNotFound", 404, efs.describe_access_points, AccessPointId=point)


def replication(efs, there, region, aws):
    """A copy in another region: made, read in both, left alone."""
    source = efs.create_file_system(CreationToken="source")["FileSystemId"]
    shown = lambda client, fs: client.describe_file_systems(FileSystemId=fs)["FileSystems"][0]
    until("the source is available", lambda: shown(efs, source)["LifeCycleState"] == "available")
    made = efs.create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": region}]
    )
    same("a replication is made with 200", made["ResponseMetadata"]["HTTPStatusCode"], 200)
    copy = made["Destinations"][0]["FileSystemId"]
    refused(
        "ReplicationAlreadyExists", 409, efs.create_replication_configuration,
        SourceFileSystemId=source, Destinations=[{"Region": region}],
    )

    def destination(client, fs):
        found = client.describe_replication_configurations(FileSystemId=fs)["Replications"]
        return found[0]["Destinations"][0]

    until("it is enabled", lambda: destination(efs, source)["Status"] == "ENABLED")
    same("both regions say the same", destination(there, copy), destination(efs, source))
    check("it has a time", destination(efs, source)["LastReplicatedTimestamp"].year > 2000)
    seen = shown(there, copy)
    same("the copy is encrypted", seen["Encrypted"], True)
    same(
        "and replicated into", seen["FileSystemProtection"]["ReplicationOverwriteProtection"], "REPLICATING"
    )
    told = aws("efs", "describe-replication-configurations", "--region", region)["Replications"]
    same("the CLI reads it there", [it["SourceFileSystemId"] for it in told], [source])
    refused("FileSystemInUse", 409, efs.delete_file_system, FileSystemId=source)
    refused("FileSystemInUse", 409, there.delete_file_system, FileSystemId=copy)
    refused(
        "ReplicationAlreadyExists", 409, there.update_file_system_protection,
        FileSystemId=copy, ReplicationOverwriteProtection="DISABLED",
    )
    aws(
        "efs", "delete-replication-configuration", "--source-file-system-id", source,
        "--deletion-mode", "ALL_CONFIGURATIONS",
    )
    until(
        "the copy is writable again",
        lambda: shown(there, copy)["FileSystemProtection"]["ReplicationOverwriteProtection"] == "ENABLED",
    )
    for client, fs in ((efs, source), (there, copy)):
        refused("ReplicationNotFound", 404, client.describe_replication_configurations, FileSystemId=fs)
        client.delete_file_system(FileSystemId=fs)


def removal(efs, ec2, fs, targets, group):
    for target in targets:
        efs.delete_mount_target(MountTargetId=target)
    states = {
        it["LifeCycleState"] for it in efs.describe_mount_targets(FileSystemId=fs)["MountTargets"]
    }
    check("mount targets are deleting, or gone already", states <= {"deleting"}, states)
    until(
        "mount targets are gone",
        lambda: not efs.describe_mount_targets(FileSystemId=fs)["MountTargets"],
    )
    refused("MountTargetNotFound", 404, efs.delete_mount_target, MountTargetId=targets[0])
    efs.delete_file_system(FileSystemId=fs)

    def gone():
        try:
            efs.describe_file_systems(FileSystemId=fs)
        except ClientError as error:
            return error.response["Error"]["Code"] == "FileSystemNotFound"
        return False

    until("the file system is gone", gone)
    ec2.delete_security_group(GroupId=group)
    refused("InvalidGroup.NotFound", 400, ec2.delete_security_group, GroupId=group)


def pages_of_file_systems(efs):
    made = [
        efs.create_file_system(CreationToken=f"page-{n}")["FileSystemId"] for n in range(7)
    ]
    pages = efs.get_paginator("describe_file_systems").paginate(PaginationConfig={"PageSize": 3})
    found = pages.build_full_result()["FileSystems"]
    same("every page is seen once", sorted(it["FileSystemId"] for it in found), sorted(made))
    refused("BadRequest", 400, efs.describe_file_systems, Marker="not a marker")
    for fs in made:
        until(
            "a file system can be deleted",
            lambda: efs.describe_file_systems(FileSystemId=fs)["FileSystems"][0]["LifeCycleState"]
            == "available",
        )
        efs.delete_file_system(FileSystemId=fs)


def command_line(aws):
    identity = aws("sts", "get-caller-identity")
    same("the account has twelve digits", len(identity.get("Account", "")), 12)
    regions = aws("ec2", "describe-regions").get("Regions", [])
    check("the region is one of many", REGION in [it["RegionName"] for it in regions])
    zones = aws("ec2", "describe-availability-zones").get("AvailabilityZones", [])
    same("three zones", len(zones), 3)
    made = aws(
        "efs", "create-file-system", "--creation-token", "cli", "--encrypted",
        "--tags", "Key=Name,Value=cli",
    )
    fs = made["FileSystemId"]
    aws.refused("FileSystemAlreadyExists", "efs", "create-file-system", "--creation-token", "cli")
    query = "FileSystems[0].LifeCycleState"
    until(
        "the file system is available to the CLI",
        lambda: aws.run("efs", "describe-file-systems", "--file-system-id", fs, "--query", query)
        .stdout.strip() == '"available"',
    )
    subnet = aws("ec2", "describe-subnets")["Subnets"][0]
    target = aws(
        "efs", "create-mount-target", "--file-system-id", fs, "--subnet-id", subnet["SubnetId"]
    )
    aws.refused(
        "MountTargetConflict",
        "efs", "create-mount-target", "--file-system-id", fs, "--subnet-id", subnet["SubnetId"],
    )
    state = "MountTargets[0].LifeCycleState"
    until(
        "the CLI's mount target is available",
        lambda: aws.run("efs", "describe-mount-targets", "--file-system-id", fs, "--query", state)
        .stdout.strip() == '"available"',
    )
    groups = aws(
        "efs", "describe-mount-target-security-groups", "--mount-target-id", target["MountTargetId"]
    )
    default = aws("ec2", "describe-security-groups", "--group-names", "default")
    same(
        "without a group it wears the default one",
        groups["SecurityGroups"], [default["SecurityGroups"][0]["GroupId"]],
    )
    aws(
        "efs", "put-lifecycle-configuration", "--file-system-id", fs,
        "--lifecycle-policies", "TransitionToIA=AFTER_30_DAYS",
    )
    aws("efs", "tag-resource", "--resource-id", fs, "--tags", "Key=team,Value=a b+c")
    tags = aws("efs", "list-tags-for-resource", "--resource-id", fs)["Tags"]
    check("a tag comes back as it was put", {"Key": "team", "Value": "a b+c"} in tags, tags)
    aws.refused(
        "DryRunOperation", "ec2", "create-vpc", "--cidr-block", "10.9.0.0/16", "--dry-run"
    )
    tables = aws("ec2", "describe-route-tables")["RouteTables"]
    check("there is a main route table", tables[0]["Associations"][0]["Main"])
    acls = aws("ec2", "describe-network-acls")["NetworkAcls"]
    check("there is a default network ACL", acls[0]["IsDefault"])
    vpc = aws("ec2", "create-vpc", "--cidr-block", "10.9.0.0/16")["Vpc"]["VpcId"]
    other = aws(
        "ec2", "create-subnet", "--vpc-id", vpc, "--cidr-block", "10.9.0.0/24",
        "--availability-zone", f"{REGION}b",
    )["Subnet"]["SubnetId"]
    aws.refused(
        "MountTargetConflict",
        "efs", "create-mount-target", "--file-system-id", fs, "--subnet-id", other,
    )
    aws("efs", "delete-mount-target", "--mount-target-id", target["MountTargetId"])
    until(
        "the CLI's mount target is gone",
        lambda: aws.run("efs", "describe-mount-targets", "--file-system-id", fs, "--query",
                        "length(MountTargets)").stdout.strip() == "0",
    )
    aws("efs", "delete-file-system", "--file-system-id", fs)
    aws.refused("DependencyViolation", "ec2", "delete-vpc", "--vpc-id", vpc)
    aws("ec2", "modify-vpc-attribute", "--vpc-id", vpc, "--enable-dns-hostnames")
    aws("ec2", "delete-subnet", "--subnet-id", other)
    aws("ec2", "delete-vpc", "--vpc-id", vpc)


def log(endpoint):
    """Absent on the real AWS and on other emulators."""
    with urllib.request.urlopen(f"{endpoint}/_sandbox/calls", timeout=10) as answer:
        calls = json.load(answer)
    check("calls are counted", calls["counts"].get("CreateFileSystem", 0) >= 4, calls["counts"])
    check("fewer writes than calls", 0 < calls["writes"] < calls["total"])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    endpoint = sys.argv[1].rstrip("/")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "sandbox")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "sandbox")
    config = Config(retries={"max_attempts": 0}, read_timeout=20)
    client = lambda name: boto3.client(name, REGION, endpoint_url=endpoint, config=config)
    efs, ec2 = client("efs"), client("ec2")

    global failures
    try:
        vpc, subnets, group = network(ec2)
        fs, arn = file_system(efs)
        targets = mount_targets(efs, ec2, fs, subnets, group)
        settings(efs, fs, arn)
        old_tags(efs, fs)
        access_points(efs, fs)
        removal(efs, ec2, fs, targets, group)
        pages_of_file_systems(efs)
        command_line(Cli(endpoint))
        there = boto3.client("efs", "us-west-2", endpoint_url=endpoint, config=config)
        replication(efs, there, "us-west-2", Cli(endpoint))
        elsewhere = boto3.client("efs", "us-east-1", endpoint_url=endpoint, config=config)
        same("regions are apart", elsewhere.describe_file_systems()["FileSystems"], [])
        log(endpoint)
    except Exception:
        failures += 1
        traceback.print_exc()

    print(f"client session: {checks} checks, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
