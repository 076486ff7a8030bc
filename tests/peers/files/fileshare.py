"""azure-storage-file-share."""
import datetime

from azure.storage.fileshare import (
    AccessPolicy, CorsRule, FileSasPermissions, Metrics, ResourceTypes, RetentionPolicy, ShareClient, ShareFileClient,
    ShareSasPermissions, ShareServiceClient, generate_account_sas, generate_file_sas, generate_share_sas,
    AccountSasPermissions, ContentSettings)

from support import *

service = ShareServiceClient.from_connection_string(CONNECTION_STRING)
parent, child = DIRECTORY.split("/")


def everything(share):
    """A directory and a file in it, from their making to their end."""
    share.create_directory(parent)
    directory = share.get_directory_client(parent).create_subdirectory(child, metadata=METADATA)
    check(METADATA, directory.get_directory_properties().metadata, "metadata of a directory")
    file = directory.get_file_client(FILE)
    file.create_file(len(CONTENT), metadata=METADATA, content_settings=ContentSettings(content_type="text/plain"))
    file.upload_range(CONTENT, 0, len(CONTENT), validate_content=True)
    check(CONTENT, file.download_file(validate_content=True).readall(), "content")
    properties = file.get_file_properties()
    check(len(CONTENT), properties.size, "length")
    check(METADATA, properties.metadata, "metadata of a file")
    check("text/plain", properties.content_settings.content_type, "content type")
    listed = list(directory.list_directories_and_files(
        name_starts_with="f é", include=["timestamps", "Etag", "Attributes", "PermissionKey"],
        include_extended_info=True))
    check([(FILE, len(CONTENT), properties.etag.strip('"'))],
          [(entry.name, entry.size, entry.etag.strip('"')) for entry in listed], "extended listing")
    check(properties.last_write_time, listed[0].last_write_time.replace(tzinfo=None), "listed time of writing")
    check([child], [entry["name"] for entry in share.list_directories_and_files(parent)], "listing")
    check([{"start": 0, "end": len(CONTENT) - 1}], file.get_ranges(), "ranges")
    file.resize_file(5)
    check(b"hello", file.download_file().readall(), "shortened")
    refused(directory.delete_directory, "DirectoryNotEmpty", "deleting a full directory")
    file.delete_file()
    refused(file.get_file_properties, "ResourceNotFound", "a deleted file")
    directory.delete_directory()
    share.delete_directory(parent)


def with_signatures():
    token = generate_share_sas(ACCOUNT, "share1", KEY, ShareSasPermissions(True, True, True, True, True),
                               in_an_hour())
    everything(ShareClient(ENDPOINT, "share1", credential=token))
    token = generate_account_sas(ACCOUNT, KEY, ResourceTypes(True, True, True),
                                 AccountSasPermissions(read=True, write=True, delete=True, list=True, create=True),
                                 in_an_hour())
    client = ShareServiceClient(ENDPOINT, credential=token)
    check(["share1"], [share.name for share in client.list_shares()], "shares with a SAS")
    everything(client.get_share_client("share1"))


def stored_policy(share):
    policy = AccessPolicy(ShareSasPermissions(read=True), in_an_hour(), datetime.datetime.utcnow())
    share.set_share_access_policy({"readers": policy})
    identifiers = share.get_share_access_policy()["signed_identifiers"]
    check([("readers", "r")], [(i.id, i.access_policy.permission) for i in identifiers], "policies")
    file = share.get_file_client("p")
    file.upload_file(CONTENT)
    token = generate_file_sas(ACCOUNT, "share1", ["p"], KEY, policy_id="readers")
    reader = ShareFileClient(ENDPOINT, "share1", "p", credential=token)
    check(CONTENT, reader.download_file().readall(), "a file by a policy")
    refused(reader.delete_file, "AuthorizationPermissionMismatch", "deletion by a policy for readers")
    share.set_share_access_policy({})
    refused(reader.get_file_properties, "AuthorizationFailure", "a policy that is gone")
    file.delete_file()


def leases(share):
    file = share.get_file_client("l")
    file.upload_file(CONTENT)
    lease = file.acquire_lease()
    check("leased", file.get_file_properties().lease.state, "state of a lease")
    refused(file.delete_file, "LeaseIdMissing", "deletion without the lease")
    file.upload_range(b"J", 0, 1, lease=lease)
    lease.release()
    check(b"Jello", file.download_file(0, 5).readall(), "written under a lease")
    file.delete_file()
    lease = share.acquire_lease(lease_duration=15)
    check("fixed", share.get_share_properties().lease.duration, "duration of a lease")
    refused(share.delete_share, "LeaseIdMissing", "deletion of a share without its lease")
    lease.change("11111111-1111-1111-1111-111111111111")
    lease.renew()
    check(0, lease.break_lease(lease_break_period=0), "seconds to the break")
    check("broken", share.get_share_properties().lease.state, "state of a broken lease")


def snapshots(share):
    file = share.get_file_client("s")
    file.upload_file(CONTENT)
    etag = file.get_file_properties().etag
    snapshot = share.create_snapshot()["snapshot"]
    file.upload_file(b"other")
    old = ShareFileClient(ENDPOINT, "share1", "s", snapshot=snapshot, credential=KEY_CREDENTIAL)
    check(CONTENT, old.download_file().readall(), "a file of a snapshot")
    check(etag, old.get_file_properties().etag, "its ETag")
    check([snapshot, None], [s.snapshot for s in service.list_shares(include_snapshots=True)], "listed snapshots")
    refused(share.delete_share, "ShareHasSnapshots", "deletion of a share with snapshots")
    file.start_copy_from_url(f"{ENDPOINT}/share1/s?sharesnapshot={snapshot}")
    check(CONTENT, file.download_file().readall(), "restored from a snapshot")
    ShareClient(ENDPOINT, "share1", snapshot=snapshot, credential=KEY_CREDENTIAL).delete_share()
    check([None], [s.snapshot for s in service.list_shares(include_snapshots=True)], "deleted snapshots")
    file.delete_file()


def renames(share):
    share.create_directory("r a")
    file = share.get_file_client("r a/ö.txt")
    file.upload_file(CONTENT)
    renamed = file.rename_file("r a/ü +.txt", metadata={"k": "v"})
    check(CONTENT, renamed.download_file().readall(), "a renamed file")
    refused(file.get_file_properties, "ResourceNotFound", "its old name")
    share.get_file_client("taken").upload_file(b"x")
    refused(lambda: renamed.rename_file("taken"), "ResourceAlreadyExists", "renaming onto a file")
    renamed = renamed.rename_file("taken", overwrite=True)
    check(CONTENT, renamed.download_file().readall(), "a file renamed onto another one")
    directory = share.get_directory_client("r a").rename_directory("r%2Fb +")
    check({"r%2Fb +", "taken"}, {entry.name for entry in share.list_directories_and_files()}, "names")
    directory.delete_directory()
    renamed.delete_file()


def smb(share):
    when = datetime.datetime(2020, 1, 2, 3, 4, 5, 678900)
    key = share.create_permission_for_share("O:SYG:SYD:(A;;FA;;;SY)")
    check("O:SYG:SYD:(A;;FA;;;SY)", share.get_permission_for_share(key), "a permission")
    file = share.get_file_client("smb")
    file.create_file(5, file_attributes="Hidden|ReadOnly", file_creation_time=when, file_last_write_time=when,
                     permission_key=key)
    properties = file.get_file_properties()
    check("ReadOnly | Hidden | Archive", properties.file_attributes, "attributes")
    check((when, when), (properties.creation_time.replace(tzinfo=None), properties.last_write_time.replace(tzinfo=None)),
          "times")
    check(key, properties.permission_key, "permission key")
    refused(lambda: file.upload_range(b"x", 0, 1), "ReadOnlyAttribute", "writing to a read-only file")
    file.set_http_headers(ContentSettings(content_type="text/plain"), file_attributes="none")
    properties = file.get_file_properties()
    check((when, "None"), (properties.last_write_time.replace(tzinfo=None), properties.file_attributes),
          "time of writing after a change of properties")
    file.set_file_metadata({"k": "v"})
    check(when, file.get_file_properties().last_write_time.replace(tzinfo=None), "… and of metadata")
    file.upload_range(b"x", 0, 1)
    check(True, file.get_file_properties().last_write_time.replace(tzinfo=None) > when, "… and of content")
    file.delete_file()


def from_url(share):
    share.get_file_client("from").upload_file(b"0123456789")
    target = share.get_file_client("to")
    target.create_file(4)
    token = generate_file_sas(ACCOUNT, "share1", ["from"], KEY, FileSasPermissions(read=True), in_an_hour())
    target.upload_range_from_url(f"{ENDPOINT}/share1/from?{token}", 0, 4, 3)
    check(b"3456", target.download_file().readall(), "a range from a URL")
    for name in ("from", "to"):
        share.get_file_client(name).delete_file()


def ends_of_files(share):
    file = share.get_file_client("empty")
    file.create_file(0)
    check(b"", file.download_file().readall(), "an empty file")
    file.upload_file(b"0123456789")
    check(b"789", file.download_file(offset=7).readall(), "the tail")
    refused(lambda: file.download_file(offset=10), "InvalidRange", "a range past the end")
    refused(lambda: file.upload_range(b"xx", 9, 2), "InvalidRange", "writing past the end")
    check([], list(file.list_handles()), "handles")
    check(0, file.close_all_handles()["closed_handles_count"], "closed handles")
    file.delete_file()


def tail(share):
    file = share.get_file_client("log")
    file.create_file(0)
    seen = b""
    for piece in (b"one\n", b"two\nthree\n"):
        refused(lambda: file.download_file(offset=len(seen) or 1), "InvalidRange", "nothing new")
        grow("share1", "log", piece)
        check(piece, file.download_file(offset=len(seen)).readall(), "what is new")
        seen += piece
    file.delete_file()


def properties_of_service():
    service.set_service_properties(
        hour_metrics=Metrics(enabled=True, include_apis=True, retention_policy=RetentionPolicy(enabled=True, days=7)),
        cors=[CorsRule(["https://example.com"], ["GET"])])
    given = service.get_service_properties()
    check(7, given["hour_metrics"].retention_policy.days, "retention")
    check("https://example.com", given["cors"][0].allowed_origins, "CORS rules")
    check(False, given["minute_metrics"].enabled, "minute metrics")


KEY_CREDENTIAL = {"account_name": ACCOUNT, "account_key": KEY}
share = service.create_share("share1", metadata=METADATA, quota=7)
check((7, METADATA), (share.get_share_properties().quota, share.get_share_properties().metadata), "quota, metadata")
refused(lambda: service.create_share("share1"), "ShareAlreadyExists", "creation of an existing share")
share.set_share_properties(quota=9, access_tier="Hot")
check((9, "Hot"), (share.get_share_properties().quota, share.get_share_properties().access_tier), "new quota, tier")
check(0, share.get_share_stats(), "use")
everything(share)
with_signatures()
for part in (stored_policy, leases, snapshots, renames, smb, from_url, ends_of_files, tail):
    part(share)
properties_of_service()
share.delete_share()
check([], [share.name for share in service.list_shares()], "shares at the end")
