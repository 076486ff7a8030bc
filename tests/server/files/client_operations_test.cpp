#include "batchai/core/error.hpp"
#include "server/files/api_fixture.hpp"

#include <functional>

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

using batchai::files::AccessPolicy;
using batchai::files::FileClient;
using batchai::files::Metadata;
using batchai::files::ShareClient;
using testing::ElementsAre;

/// What of the client library is not for transfers, against the API.
class ClientOperations : public FaceTest {
 protected:
  static std::string content(const FileClient& file) { return file.get_range({0, 99}).bytes; }

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
  directory.set_last_write(time);
  EXPECT_EQ(directory.get_properties().metadata, (Metadata{{"k", "v"}}));
  EXPECT_EQ(directory.get_properties().last_write, time);
}

TEST_F(ClientOperations, WriteARangeOfAnotherFile) {
  const FileClient source = written("source", "0123456789");
  const FileClient target = written("target", "----------");
  target.put_range_from(source.sas_url({.expiry = in_an_hour()}), {2, 4}, 5);
  EXPECT_EQ(content(target), "-----234--");
  EXPECT_EQ(code([&] { target.put_range_from(share_.file("nosuch").url(), {0, 1}, 0); }), "CannotVerifyCopySource");
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
