"""Reads lines of `aws cloudwatch put-metric-alarm … --cli-input-json JSON` as a shell would, and holds each input against botocore's model."""

import json
import shlex
import sys

import botocore.session
from botocore.validate import ParamValidator

shape = (
    botocore.session.get_session()
    .get_service_model("cloudwatch")
    .operation_model("PutMetricAlarm")
    .input_shape
)
for line in open(sys.argv[1], encoding="utf-8"):
    words = shlex.split(line)
    assert words[:3] == ["aws", "cloudwatch", "put-metric-alarm"], words
    options = dict(zip(words[3::2], words[4::2]))
    assert set(options) == {"--region", "--cli-input-json"}, options
    given = json.loads(options["--cli-input-json"])
    report = ParamValidator().validate(given, shape)
    unknown = set(given) - set(shape.members)
    if report.has_errors() or unknown:
        sys.exit(f"{given['AlarmName']}: {report.generate_report()} {unknown or ''}")
