"""azure.multiapi.storage.v2018_11_09, the client that 'az batchai' is made of."""
import urllib.error
import urllib.parse
import urllib.request

from azure.multiapi.storage.v2018_11_09.common import AccountPermissions, ResourceTypes
from azure.multiapi.storage.v2018_11_09.file import FilePermissions, FileService, SharePermissions
from azure.multiapi.storage.v2018_11_09.file.models import ContentSettings

from support import *

service = FileService(connection_string=CONNECTION_STRING)
parent, child = DIRECTORY.split("/")


def everything(service, share):
    """A directory and a file in it, from their making to their end."""
    service.create_directory(share, parent)
    service.create_directory(share, DIRECTORY, metadata={"k": "v"})
    check({"k": "v"}, service.get_directory_metadata(share, DIRECTORY), "metadata of a directory")
    settings = ContentSettings(content_type="text/plain", content_language="de")
    service.create_file(share, DIRECTORY, FILE, len(CONTENT), content_settings=settings, metadata=METADATA)
    service.update_range(share, DIRECTORY, FILE, CONTENT, 0, len(CONTENT) - 1, validate_content=True)
    check(CONTENT, service.get_file_to_bytes(share, DIRECTORY, FILE).content, "content")
    whole = service.get_file_to_bytes(share, DIRECTORY, FILE, 0, len(CONTENT) - 1, validate_content=True)
    check(CONTENT, whole.content, "content that the client has checked")
    file = service.get_file_properties(share, DIRECTORY, FILE)
    check(len(CONTENT), file.properties.content_length, "length")
    check("text/plain", file.properties.content_settings.content_type, "content type")
    check(METADATA, file.metadata, "metadata of a file")
    check([child], [entry.name for entry in service.list_directories_and_files(share, parent)], "listing")
    listed = list(service.list_directories_and_files(share, DIRECTORY, prefix="f é%41"))
    check([(FILE, len(CONTENT))], [(entry.name, entry.properties.content_length) for entry in listed], "by prefix")
    check([(0, len(CONTENT) - 1)], [(r.start, r.end) for r in service.list_ranges(share, DIRECTORY, FILE)], "ranges")
    service.resize_file(share, DIRECTORY, FILE, 5)
    check(b"hello", service.get_file_to_bytes(share, DIRECTORY, FILE).content, "shortened")
    refused(lambda: service.delete_directory(share, DIRECTORY), "DirectoryNotEmpty", "deleting a full directory")
    service.delete_file(share, DIRECTORY, FILE)
    check(False, service.exists(share, DIRECTORY, FILE), "existence of a deleted file")
    service.delete_directory(share, DIRECTORY)
    service.delete_directory(share, parent)


def with_signatures():
    token = service.generate_share_shared_access_signature("share1", SharePermissions(True, True, True, True, True),
                                                           in_an_hour())
    everything(FileService(connection_string=f"FileEndpoint={ENDPOINT};SharedAccessSignature={token}"), "share1")
    token = service.generate_account_shared_access_signature(
        ResourceTypes.SERVICE + ResourceTypes.CONTAINER + ResourceTypes.OBJECT,
        AccountPermissions(_str="rwdlac"), in_an_hour())
    client = FileService(connection_string=f"FileEndpoint={ENDPOINT};SharedAccessSignature={token}")
    check(["share1"], [share.name for share in client.list_shares()], "shares with a SAS")
    everything(client, "share1")


def one_file_by_url():
    service.create_file_from_bytes("share1", None, FILE, CONTENT)
    token = service.generate_file_shared_access_signature("share1", None, FILE, FilePermissions(read=True),
                                                          in_an_hour(), protocol="https,http")
    url = service.make_file_url("share1", None, urllib.parse.quote(FILE), protocol=SCHEME, sas_token=token)
    check(CONTENT, urllib.request.urlopen(url).read(), "a file by its URL")
    service.delete_file("share1", None, FILE)


def shares():
    check(True, service.create_share("share1", metadata=METADATA, quota=7), "creation")
    check(False, service.create_share("share1"), "creation of an existing share")
    properties = service.get_share_properties("share1")
    check((7, METADATA), (properties.properties.quota, properties.metadata), "quota and metadata")
    check(METADATA, next(iter(service.list_shares(include_metadata=True))).metadata, "listed metadata")
    service.set_share_properties("share1", 9)
    check(9, service.get_share_properties("share1").properties.quota, "changed quota")
    check(0, service.get_share_stats_in_bytes("share1"), "use")
    check(False, service.exists("share2"), "existence")
    check(None, service.get_file_service_properties().hour_metrics.retention_policy.days, "service properties")


def ends_of_files():
    service.create_file("share1", None, "empty", 0)
    check(b"", service.get_file_to_bytes("share1", None, "empty").content, "an empty file")
    service.create_file_from_bytes("share1", None, "short", b"0123456789")
    check(b"789", service.get_file_to_bytes("share1", None, "short", start_range=7, end_range=99).content, "the tail")
    refused(lambda: service.get_file_to_bytes("share1", None, "short", start_range=10, end_range=99), "InvalidRange",
            "a range past the end")
    refused(lambda: service.update_range("share1", None, "short", b"xx", 9, 10), "InvalidRange", "writing past the end")


def tail():
    """The loop of 'az batchai job file stream'."""
    service.create_file("share1", None, "log", 0)
    token = service.generate_file_shared_access_signature("share1", None, "log", FilePermissions(read=True),
                                                          in_an_hour())
    url = service.make_file_url("share1", None, "log", protocol=SCHEME, sas_token=token)
    seen = b""
    for piece in (b"", b"one\n", b"", b"two\nthree\n"):
        grow("share1", "log", piece)
        request = urllib.request.Request(url, headers={"Range": f"bytes={len(seen)}-"})
        try:
            with urllib.request.urlopen(request) as answer:
                check(206, answer.status, "status of new bytes")
                given = answer.read()
        except urllib.error.HTTPError as error:
            check(416, error.code, "status without new bytes")
            given = b""
        check(piece, given, "what is new")
        seen += given


shares()
everything(service, "share1")
with_signatures()
one_file_by_url()
ends_of_files()
tail()
check(True, service.delete_share("share1"), "deletion")
check(False, service.exists("share1"), "existence of a deleted share")
