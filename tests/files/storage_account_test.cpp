#include "batchai/files/storage_account.hpp"

#include "batchai/core/error.hpp"
#include "batchai/files/share_service_client.hpp"
#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

TEST(ConnectionString, ReadsNameKeyAndEndpoint) {
  const auto account = StorageAccount::from_connection_string(Secret(
      "DefaultEndpointsProtocol=http;AccountName=acct1;AccountKey=QUJD==;FileEndpoint=http://127.0.0.1:5/acct1"));
  EXPECT_EQ(account.name, "acct1");
  EXPECT_EQ(account.key.reveal(), "QUJD==");
  EXPECT_EQ(account.endpoint.to_string(), "http://127.0.0.1:5/acct1");
}

TEST(ConnectionString, MakesTheEndpointOfACloud) {
  EXPECT_EQ(StorageAccount::from_connection_string(
                Secret("AccountName=acct1;AccountKey=QUJD;EndpointSuffix=core.chinacloudapi.cn"))
                .endpoint.to_string(),
            "https://acct1.file.core.chinacloudapi.cn/");
  EXPECT_EQ(StorageAccount::from_connection_string(Secret("AccountName=acct1;SharedAccessSignature=sv=1&sig=x"))
                .endpoint.host(),
            "acct1.file.core.windows.net");
}

TEST(ConnectionString, OfASignatureShowsTheAccountInItsEndpoint) {
  const auto named = [](const std::string& endpoint) {
    return StorageAccount::from_connection_string(
        Secret("BlobEndpoint=https://other.blob.core.windows.net/;FileEndpoint=" + endpoint +
               ";SharedAccessSignature=sv=2022-11-02&sig=x%3D"));
  };
  const StorageAccount account = named("https://acct1.file.core.windows.net/");
  EXPECT_EQ(account.name, "acct1");
  EXPECT_EQ(account.sas.reveal(), "sv=2022-11-02&sig=x%3D");
  EXPECT_EQ(account.endpoint.to_string(), "https://acct1.file.core.windows.net/");
  EXPECT_EQ(named("http://127.0.0.1:10011/acct1").name, "acct1");
  EXPECT_EQ(named("http://localhost:10011/acct1/").name, "acct1");
  EXPECT_THROW(named("http://127.0.0.1:10011/"), InvalidArgument);
  EXPECT_THROW(named(""), InvalidArgument);
}

TEST(ConnectionString, NamesWhatIsMissingWithoutShowingSecrets) {
  for (const char* text : {"", "AccountKey=c2VjcmV0", "AccountName=acct1", "AccountName=a;hidden"}) {
    try {
      StorageAccount::from_connection_string(Secret(text));
      ADD_FAILURE() << "accepted: " << text;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("connection string"));
      EXPECT_THAT(error.what(),
                  testing::Not(testing::AnyOf(testing::HasSubstr("c2VjcmV0"), testing::HasSubstr("hidden"))));
    }
  }
}

TEST(Endpoint, CarriesTheAccountInThePathOnAnAddressAndInTheHostElsewhere) {
  EXPECT_EQ(cloud_files_endpoint("acct1", "core.windows.net").to_string(), "https://acct1.file.core.windows.net/");
  EXPECT_EQ(custom_files_endpoint("acct1", "https://127.0.0.1:10011").to_string(), "https://127.0.0.1:10011/acct1");
  EXPECT_EQ(custom_files_endpoint("acct1", "https://127.0.0.1:10011/acct1").to_string(),
            "https://127.0.0.1:10011/acct1");
  EXPECT_EQ(custom_files_endpoint("acct1", "http://localhost:7/").to_string(), "http://localhost:7/acct1");
  EXPECT_EQ(custom_files_endpoint("acct1", "https://[::1]:7").to_string(), "https://[::1]:7/acct1");
  EXPECT_EQ(custom_files_endpoint("acct1", "https://file.example.com").to_string(), "https://acct1.file.example.com/");
  EXPECT_EQ(custom_files_endpoint("acct1", "https://acct1.file.example.com").to_string(),
            "https://acct1.file.example.com/");
}

ClientOptions offline() { return {.transport = std::make_shared<batchai::test::FakeTransport>()}; }

TEST(ShareServiceClient, RefusesPlainHttpToAnotherMachine) {
  const StorageAccount account{
      .name = "acct1", .key = Secret("QUJD"), .endpoint = Url::parse("http://192.0.2.1/acct1")};
  EXPECT_THROW(ShareServiceClient(account, offline()), InvalidArgument);
}

TEST(ShareServiceClient, RefusesABrokenKeyAtOnce) {
  const StorageAccount account{
      .name = "acct1", .key = Secret("not base64"), .endpoint = cloud_files_endpoint("acct1", "core.windows.net")};
  EXPECT_THROW(ShareServiceClient(account, offline()), InvalidArgument);
}

TEST(ShareServiceClient, ChecksNamesBeforeAnythingIsSent) {
  const StorageAccount account{
      .name = "acct1", .key = Secret("QUJD"), .endpoint = cloud_files_endpoint("acct1", "core.windows.net")};
  const ShareServiceClient client(account, offline());
  EXPECT_THROW(client.share("Share"), InvalidArgument);
  const ShareClient share = client.share("share");
  EXPECT_NO_THROW(share.file("a:b")) << "a job may have made it";
  EXPECT_THROW(share.file(""), InvalidArgument);
  EXPECT_THROW(share.directory("a/../b"), InvalidArgument);
  EXPECT_THROW(share.create({.metadata = {{"1a", "x"}}}), InvalidArgument);
  EXPECT_THROW(share.file("f").create(1, {.content = {.type = "a\r\nb"}}), InvalidArgument);
  EXPECT_THROW(share.file("f").put_range(0, ""), InvalidArgument);
  EXPECT_THROW(share.file("f").put_range(0, std::string(kLargestPiece + 1, 'x')), InvalidArgument);
  try {
    client.share("a--b");
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(
        error.what(),
        "'a--b' is no usable name of a share: in a share's name every hyphen stands between two letters or digits");
  }
}

}  // namespace
}  // namespace batchai::files::test
