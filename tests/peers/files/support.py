"""What the Python scripts of this folder share."""
import datetime
import os

ACCOUNT = os.environ["STORAGE_ACCOUNT"]
KEY = os.environ["STORAGE_KEY"]
ENDPOINT = os.environ["FILES_ENDPOINT"].rstrip("/") + "/" + ACCOUNT
SCHEME = ENDPOINT.split(":")[0]
CONNECTION_STRING = (
    f"DefaultEndpointsProtocol={SCHEME};AccountName={ACCOUNT};AccountKey={KEY};FileEndpoint={ENDPOINT}"
)

# Names that are hard on escaping.
DIRECTORY = "dir a/süb+1"
FILE = "f é%41 +&.txt"
CONTENT = b"hello world, \x00\xff and more"

# Keys that clients and the service do not sort alike.
METADATA = {"a1": "1", "a_": "2", "abc": "3", "ab_c": "4"}


def in_an_hour():
    return datetime.datetime.utcnow() + datetime.timedelta(hours=1)


def check(wanted, given, what):
    if wanted != given:
        raise SystemExit(f"FAILED: {what}: expected {wanted!r}, not {given!r}")


def refused(call, code, what):
    """The call has to fail, with this service code."""
    try:
        call()
    except Exception as error:  # the clients have no common class of errors
        given = getattr(error, "error_code", None)
        check(code, getattr(given, "value", given), what)
        return
    raise SystemExit(f"FAILED: {what}: was not refused")


def grow(share, path, data):
    """What a job does to a file of the share."""
    with open(os.path.join(os.environ["DATA_FOLDER"], "files", ACCOUNT, share, path), "ab") as file:
        file.write(data)
