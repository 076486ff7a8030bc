#include "batchai/core/error.hpp"
#include "server/files/api_fixture.hpp"

#include <functional>

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

using batchai::files::AccessPolicy;
using batchai::files::CreatedFile;
using batchai::files::DirectoryProperties;
using batchai::files::FileClient;
using batchai::files::FileProperties;
using batchai::files::Metadata;
using batchai::files::ShareClient;
using batchai::files::SmbAttributes;
using batchai::files::WriteResult;
using testing::ElementsAre;

/// What of the client library is not for transfers, against the API.
class ClientOperations : public FaceTest {
 protected:
  static std::string content(const FileClient& file) { return file.get_range({0, 100}).bytes; }

  FileClient written(const std::string& path, const std::string& text) const {
    const FileClient file = share_.file(path);
    file.create(text.size());
    file.put_range(0, text);
    return file;
  }
  /// With nothing but the signature of this URL.
  batchai::files::ShareServiceClient client_with(const Url& signed_url) const {
    return batchai::files::ShareServiceClient(
        {.name = "acct1", .sas = Secret(signed_url.query()), .endpoint = endpoint()},
        {.transport = transport_, .clock = clock_});
  }
  Timestamp in_an_hour() const { return clock_->now() + std::chrono::hours(1); }

  ShareClient share_ = client().share("share1");
};

TEST_F(ClientOperations, ChangeSharesAndTellTheirUse) {
  share_.set_quota(7);
  share_.set_metadata({{"team", "vision"}});
  EXPECT_EQ(share_.get_properties().quota, 7);
  EXPECT_EQ(share_.get_properties().metadata, (Metadata{{"team", "vision"}}));
  EXPECT_EQ(share_.get_usage(), 0U);
  const auto listed = client().list({.metadata = true}).to_vector();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].metadata, (Metadata{{"team", "vision"}}));
}

TEST_F(ClientOperations, ReadAndRemoveASnapshot) {
  const FileClient file = written("f", "before");
  const std::string snapshot = share_.create_snapshot({{"why", "test"}});
  file.put_range(0, "after!");
  const ShareClient then = share_.at_snapshot(snapshot);
  EXPECT_EQ(content(then.file("f")), "before");
  EXPECT_EQ(content(file), "after!");
  EXPECT_EQ(code([&] { then.file("f").put_range(0, "x"); }), "ShareSnapshotOperationNotSupported");
  const auto listed = client().list({.snapshots = true, .metadata = true}).to_vector();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].snapshot + listed[1].snapshot, snapshot);
  EXPECT_EQ(code([&] { share_.remove(); }), "ShareHasSnapshots");
  then.remove();
  EXPECT_EQ(client().list({.snapshots = true}).to_vector().size(), 1U);
  share_.create_snapshot();
  share_.remove({.snapshots = true});
  EXPECT_FALSE(share_.exists());
}

TEST_F(ClientOperations, HoldALease) {
  const FileClient file = written("f", "text");
  const std::string id = file.lease().acquire();
  EXPECT_EQ(code([&] { file.put_range(0, "x"); }), "LeaseIdMissing");
  EXPECT_EQ(code([&] { file.lease().acquire(); }), "LeaseAlreadyPresent");
  file.with_lease(id).put_range(0, "T");
  EXPECT_EQ(content(file), "Text");
  const std::string other = "4f6c1f3e-0f5c-4a51-9d0c-8a8e0a9a0001";
  EXPECT_EQ(file.lease().change(id, other), other);
  file.lease().release(other);
  file.put_range(0, "t");
  file.lease().acquire();
  EXPECT_EQ(file.lease().end(), std::chrono::seconds(0));
  file.remove();

  const std::string held = share_.lease().acquire(std::chrono::seconds(30));
  share_.lease().renew(held);
  EXPECT_NE(code([&] { share_.remove(); }), "no error");
  share_.with_lease(held).remove();
  EXPECT_FALSE(share_.exists());
}

TEST_F(ClientOperations, RenameFilesAndDirectories) {
  share_.directory("a").create();
  share_.directory("b c").create();
  written("a/f", "text");
  written("b c/ü", "other");
  EXPECT_EQ(code([&] { share_.file("a/f").rename_to("b c/ü"); }), "ResourceAlreadyExists");
  const FileClient renamed = share_.file("a/f").rename_to("b c/ü", {.replace = true});
  EXPECT_EQ(renamed.path(), "b c/ü");
  EXPECT_EQ(content(renamed), "text");
  EXPECT_FALSE(share_.file("a/f").exists());
  EXPECT_TRUE(share_.directory("b c").rename_to("d").exists());
  EXPECT_EQ(content(share_.file("d/ü")), "text");
}

TEST_F(ClientOperations, RenameWithASignature) {
  written("f", "text");
  const Url url = share_.sas_url({.permissions = "rcwdl", .expiry = in_an_hour()});
  EXPECT_EQ(content(client_with(url).share("share1").file("f").rename_to("g")), "text");
}

TEST_F(ClientOperations, DescribeDirectories) {
  const auto directory = share_.directory("d");
  directory.create();
  directory.set_metadata({{"k", "v"}});
  const Timestamp time = clock_->now() - std::chrono::hours(48);
  const WriteResult result = directory.set_properties({.attributes = SmbAttributes::Hidden, .last_write = time});
  const DirectoryProperties properties = directory.get_properties();
  EXPECT_EQ(properties.metadata, (Metadata{{"k", "v"}}));
  EXPECT_EQ(properties.last_write, time);
  EXPECT_EQ(properties.attributes, SmbAttributes::Hidden | SmbAttributes::Directory);
  EXPECT_EQ(result.etag, properties.etag);
  EXPECT_EQ(result.last_modified, properties.last_modified);
}

TEST_F(ClientOperations, MakeFilesWithWhatSmbKnows) {
  const Timestamp time = clock_->now() - std::chrono::hours(48);
  const FileClient file = share_.file("f");
  file.create(1, {.smb = {.attributes = SmbAttributes::Hidden | SmbAttributes::Archive, .created = time}});
  FileProperties properties = file.get_properties();
  EXPECT_EQ(properties.attributes, SmbAttributes::Hidden | SmbAttributes::Archive);
  EXPECT_EQ(properties.created, time);
  EXPECT_NE(properties.file_id, "");
  EXPECT_NE(properties.parent_id, "");
  file.set_properties({.smb = {.attributes = SmbAttributes::None, .changed = time}});
  properties = file.get_properties();
  EXPECT_EQ(properties.attributes, SmbAttributes::None);
  EXPECT_EQ(properties.created, time);
  EXPECT_EQ(properties.changed, time);
  const auto entries = share_.root().list({.smb = true}).to_vector();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].attributes, SmbAttributes::None);
  EXPECT_EQ(entries[0].file_id, properties.file_id);
  EXPECT_EQ(entries[0].permission_key, properties.permission_key);
  EXPECT_FALSE(share_.root().list().to_vector()[0].attributes);
}

TEST_F(ClientOperations, KeepPermissions) {
  const std::string sddl = "O:SYG:SYD:(A;;FA;;;SY)";
  const std::string key = share_.create_permission(sddl);
  EXPECT_EQ(share_.get_permission(key), sddl);
  share_.file("f").create(1, {.smb = {.permission_key = key}});
  EXPECT_EQ(share_.file("f").get_properties().permission_key, key);
  share_.directory("d").create({.smb = {.permission = sddl}});
  EXPECT_EQ(share_.directory("d").get_properties().permission_key, key);
  EXPECT_THROW(share_.file("g").create(1, {.smb = {.permission = sddl, .permission_key = key}}), InvalidArgument);
  EXPECT_EQ(code([&] { share_.create_permission("nonsense"); }), "FileInvalidPermission");
}

TEST_F(ClientOperations, SayWhatAWriteHasMade) {
  const FileClient file = share_.file("f");
  const CreatedFile made = file.create(4);
  EXPECT_EQ(made.etag, file.get_properties().etag);
  const WriteResult written = file.put_range(0, "text");
  EXPECT_EQ(written.etag, file.get_properties().etag);
  EXPECT_EQ(written.last_modified, file.get_properties().last_modified);
  EXPECT_NE(written.request_id, "");
  const WriteResult cleared = file.clear_range({0, 1});
  EXPECT_EQ(cleared.etag, file.get_properties().etag);
  const WriteResult described = file.set_metadata({{"k", "v"}});
  EXPECT_EQ(described.etag, file.get_properties().etag);
  const WriteResult limited = share_.set_quota(3);
  EXPECT_EQ(limited.etag, share_.get_properties().etag);
  const WriteResult removed = file.remove();
  EXPECT_EQ(removed.etag, "");
  EXPECT_NE(removed.request_id, "");
}

TEST_F(ClientOperations, RemoveOnlyWhatIsThere) {
  written("f", "text");
  EXPECT_TRUE(share_.file("f").remove_if_exists());
  EXPECT_FALSE(share_.file("f").remove_if_exists());
  EXPECT_FALSE(share_.file("no/f").remove_if_exists());
  share_.directory("d").create();
  written("d/f", "text");
  EXPECT_EQ(code([&] { share_.directory("d").remove_if_exists(); }), "DirectoryNotEmpty");
  share_.file("d/f").remove();
  EXPECT_TRUE(share_.directory("d").remove_if_exists());
  EXPECT_FALSE(share_.directory("d").remove_if_exists());
  EXPECT_TRUE(share_.remove_if_exists());
  EXPECT_FALSE(share_.remove_if_exists());
}

TEST_F(ClientOperations, MakeAFileOnlyWhereThereIsNone) {
  EXPECT_TRUE(share_.file("f").create_if_absent(3, {.metadata = {{"k", "v"}}}));
  EXPECT_EQ(share_.file("f").get_properties().size, 3U);
  EXPECT_EQ(share_.file("f").get_properties().metadata, (Metadata{{"k", "v"}}));
  EXPECT_FALSE(share_.file("f").create_if_absent(5));
  EXPECT_EQ(share_.file("f").get_properties().size, 3U);
  EXPECT_EQ(code([&] { share_.file("no/f").create_if_absent(5); }), "ParentNotFound");
  EXPECT_EQ(share_.root().list().to_vector().size(), 1U);
}

TEST_F(ClientOperations, KnowTheFileThatTheyHaveMadeWhereTheAnswerToItsRenameIsLost) {
  int lost = 0;
  const auto lose = make_policy([&](HttpRequest& request, const NextPolicy& next, const CallContext& context) {
    HttpResponse response = next.send(request, context);
    if (request.url.query().starts_with("comp=rename") && lost++ == 0) {
      return HttpResponse{.status = 500};
    }
    return response;
  });
  const batchai::files::ShareServiceClient unlucky(
      {.name = "acct1", .key = kKey, .endpoint = endpoint()},
      {.transport = transport_, .clock = clock_, .per_try_policies = {lose}});
  EXPECT_TRUE(unlucky.share("share1").file("f").create_if_absent(3));
  EXPECT_EQ(lost, 2);
  EXPECT_EQ(share_.file("f").get_properties().size, 3U);
  EXPECT_EQ(share_.root().list().to_vector().size(), 1U);
}

TEST_F(ClientOperations, FindNoHandlesWithoutSmb) {
  share_.directory("d").create();
  written("d/f", "text");
  EXPECT_TRUE(share_.root().list_handles(true).to_vector().empty());
  EXPECT_TRUE(share_.file("d/f").list_handles().to_vector().empty());
  EXPECT_EQ(share_.directory("d").close_all_handles(true).closed, 0U);
  EXPECT_EQ(share_.file("d/f").close_handle("1").failed, 0U);
}

TEST_F(ClientOperations, WriteARangeOfAnotherFile) {
  const FileClient source = written("source", "0123456789");
  const FileClient target = written("target", "----------");
  target.put_range_from(source.sas_url({.expiry = in_an_hour()}), {2, 3}, 5);
  EXPECT_EQ(content(target), "-----234--");
  EXPECT_EQ(code([&] { target.put_range_from(share_.file("nosuch").url(), {0, 2}, 0); }), "CannotVerifyCopySource");
}

TEST_F(ClientOperations, LetASignatureNameAStoredPolicy) {
  const FileClient file = written("f", "text");
  const AccessPolicy policy{.id = "readers", .permissions = "r", .expiry = in_an_hour()};
  share_.set_access_policies({policy});
  const auto stored = share_.get_access_policies();
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].id, "readers");
  EXPECT_EQ(stored[0].permissions, "r");
  EXPECT_EQ(stored[0].expiry, policy.expiry);
  EXPECT_FALSE(stored[0].start);

  const FileClient reader =
      client_with(file.sas_url({.permissions = "", .policy = "readers"})).share("share1").file("f");
  EXPECT_EQ(content(reader), "text");
  EXPECT_EQ(code([&] { reader.remove(); }), "AuthorizationPermissionMismatch");
  share_.set_access_policies({});
  EXPECT_NE(code([&] { content(reader); }), "no error");
}

TEST_F(ClientOperations, OpenAnAccountWithASignature) {
  const auto reader = client_with(client().sas_url({.permissions = "rl", .expiry = in_an_hour()}));
  EXPECT_EQ(reader.list().to_vector().size(), 1U);
  EXPECT_EQ(code([&] { reader.share("more").create(); }), "AuthorizationPermissionMismatch");
  EXPECT_THROW(reader.sas_url({.expiry = in_an_hour()}), InvalidArgument);
}

TEST_F(ClientOperations, ChangeTheServicesSettings) {
  const batchai::files::ServiceProperties properties{
      .hour_metrics = {.enabled = true, .include_apis = true, .retention_days = 7},
      .minute_metrics = {},
      .cors = {{.allowed_origins = {"https://a.example", "https://b.example"},
                .allowed_methods = {"GET", "PUT"},
                .allowed_headers = {"x-ms-*"},
                .max_age_seconds = 60}},
      .smb_multichannel = false};
  client().set_properties(properties);
  const auto stored = client().get_properties();
  EXPECT_TRUE(stored.hour_metrics.enabled);
  EXPECT_EQ(stored.hour_metrics.retention_days, 7);
  EXPECT_FALSE(stored.minute_metrics.enabled);
  ASSERT_EQ(stored.cors.size(), 1U);
  EXPECT_THAT(stored.cors[0].allowed_origins, ElementsAre("https://a.example", "https://b.example"));
  EXPECT_THAT(stored.cors[0].exposed_headers, ElementsAre());
  EXPECT_EQ(stored.cors[0].max_age_seconds, 60);
  EXPECT_EQ(stored.smb_multichannel, false);
}

}  // namespace
}  // namespace batchai::server::files::test
