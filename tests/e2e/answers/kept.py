"""The answers that an end-to-end test has kept: one file each."""
import json
import pathlib
import sys


def kept_answers():
    """Pairs of a place to name and the answer; `body` is parsed where it is JSON, and None where there is none."""
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    assert files, f"there is no answer in {sys.argv[1]}"
    for file in files:
        answer = json.loads(file.read_text())
        answer["body"] = json.loads(answer["body"]) if answer["body"] else None
        yield file.name, answer


def conclude(faults, operations):
    """Ends the script: with the faults, or with how much was looked at."""
    for fault in faults:
        print("FAULT", fault)
    print(len(operations), "operations,", len(faults), "faults")
    sys.exit(1 if faults or len(operations) != 29 else 0)
