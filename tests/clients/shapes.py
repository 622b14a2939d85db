"""The input of a call, against the service model of botocore: shapes, required members, enumerations and patterns.

usage: shapes.py FORM FILE
"""

import json
import re
import sys

import botocore.session
from botocore.validate import ParamValidator



def operations(form, document):
    if form in ("ecs", "ecs-host"):
        containers = [{**one, "image": "app"} for one in document["containerDefinitions"]]
        yield "ecs", "RegisterTaskDefinition", {**document, "family": "data", "containerDefinitions": containers}
    elif form == "batch":
        container = {**document["containerProperties"], "image": "app"}
        job = {"jobDefinitionName": "data", "type": "container"}
        yield "batch", "RegisterJobDefinition", {**document, **job, "containerProperties": container}
    elif form == "lambda":
        yield "lambda", "UpdateFunctionConfiguration", {**document, "FunctionName": "data"}
    elif form == "backup":
        completed = {
            "CreateBackupPlan": {},
            "CreateBackupSelection": {"BackupPlanId": "plan"},
            "StartRestoreJob": {"RecoveryPointArn": "arn:aws:backup:eu-west-1:111122223333:recovery-point:1"},
        }
        assert set(document) == set(completed), document.keys()
        for operation, more in completed.items():
            yield "backup", operation, {**document[operation], **more}
    else:
        raise SystemExit(f"{form} is not known")


def words(shape, value, path):
    """What `ParamValidator` leaves out: enumerations and patterns."""
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from words(shape.members[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for number, member in enumerate(value):
            yield from words(shape.member, member, f"{path}[{number}]")
    elif shape.type_name == "string":
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value} is none of {shape.enum}"
        pattern = shape.metadata.get("pattern")
        # Patterns of the models are those of Java, where a hyphen between two classes is itself.
        if pattern and not re.fullmatch(pattern.replace("9-_", r"9\-_").replace("z-:", r"z\-:"), value):
            yield f"{path}: {value} does not match {pattern}"


def main():
    form, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    session = botocore.session.get_session()
    wrong = []
    for service, operation, value in operations(form, document):
        shape = session.get_service_model(service).operation_model(operation).input_shape
        report = ParamValidator().validate(value, shape)
        if report.has_errors():
            wrong.append(f"{operation}: {report.generate_report()}")
        else:
            wrong.extend(words(shape, value, operation))
    if wrong:
        raise SystemExit("\n".join(wrong))


main()
