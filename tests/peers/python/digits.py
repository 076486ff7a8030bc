"""A few of the quickstart's handwritten digits, in CNTK's text format."""
import os
import pathlib
import subprocess

QUICKSTART = pathlib.Path(os.environ["SOURCE"]) / "examples/quickstart"
WORK = pathlib.Path(os.environ["WORK"])
NAMES = ("Train-28x28_cntk_text.txt", "Test-28x28_cntk_text.txt")


def make_few():
    """The paths of a training and a test file of 64 digits each."""
    subprocess.run(["/usr/bin/python3", QUICKSTART / "make_mnist.py", WORK / "digits"], check=True,
                   stdout=subprocess.DEVNULL)
    for name in NAMES:
        with open(WORK / "digits" / name) as digits, open(WORK / name, "w") as few:
            few.writelines(line for _, line in zip(range(64), digits))
    return [WORK / name for name in NAMES]
