"""Validates answers against the API's published description, closed: members that it does not have are faults too.

Its place is $BATCHAI_SHARED/reference/batchai-2018-05-01.swagger.json.
"""
import os
import pathlib
import sys

from kept import conclude, kept_answers

# Sent although the description does not have it: the first by the real service too.
BEYOND = {"JobProperties": {"experimentName": {"type": "string"}, "waitingReason": {"type": "object"}},
          "RemoteLoginInformation": {"nodeState": {"type": "string"}, "job": {"type": "object"}}}

try:
    import jsonschema
except ImportError:
    print("SKIPPED: /usr/bin/python3 has no jsonschema; tests/run.sh --with-peers installs it")
    sys.exit(77)
if "BATCHAI_SHARED" not in os.environ:
    print("SKIPPED: BATCHAI_SHARED does not name the folder with the API description")
    sys.exit(77)

import json

swagger = json.loads(pathlib.Path(os.environ["BATCHAI_SHARED"],
                                  "reference/batchai-2018-05-01.swagger.json").read_text())


def merged(definition):
    """The definition with what it inherits."""
    result = {**definition, "properties": dict(definition.get("properties", {}))}
    for base in result.pop("allOf", []):
        base = merged(swagger["definitions"][base["$ref"].rsplit("/", 1)[1]])
        result["properties"].update(base["properties"])
        result["required"] = sorted({*result.get("required", []), *base.get("required", [])})
    if not result.get("required"):
        result.pop("required", None)
    return result


def closed(name, definition):
    result = merged(definition)
    if result["properties"]:
        result["properties"].update(BEYOND.get(name, {}))
        result.setdefault("additionalProperties", False)
    else:
        del result["properties"]
    return close_inner(result)


def close_inner(schema):
    """Objects that stand inline, and enumerations that only list what was known (modelAsString)."""
    for member in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        if member.get("properties"):
            member.setdefault("additionalProperties", False)
        if member.get("x-ms-enum", {}).get("name") == "ToolType":
            member.pop("enum", None)  # "pytorch" was forgotten
        close_inner(member)
    return schema


definitions = {name: closed(name, definition) for name, definition in swagger["definitions"].items()}
operations = {operation["operationId"]: operation for path in swagger["paths"].values()
              for verb, operation in path.items() if verb != "parameters"}


def faults_of(place, answer):
    described = operations[answer["operation"]]["responses"]
    response = described.get(str(answer["status"]), None if answer["status"] < 400 else described.get("default"))
    if response is None:
        return [f"{place}: the status {answer['status']} is not described"]
    if "schema" not in response or answer["body"] is None:
        if answer["body"] is not None or ("schema" in response and answer["status"] == 200):
            return [f"{place}: {'no' if answer['body'] is None else 'a'} body, unlike the description"]
        return []
    validator = jsonschema.Draft4Validator({**response["schema"], "definitions": definitions},
                                           format_checker=jsonschema.draft4_format_checker)
    return [f"{place}: {'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator.iter_errors(answer["body"])]


seen, faults = set(), []
for place, answer in kept_answers():
    faults += faults_of(place, answer)
    if answer["status"] < 300:
        seen.add(answer["operation"])
conclude(faults, seen)
