"""What a test expects, at once or after a while."""
import time


def expect(wanted, given, what):
    assert wanted == given, f"{what}: expected {wanted!r}, not {given!r}"


def eventually(what, condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, f"it did not come about within a minute: {what}"
        time.sleep(0.1)
