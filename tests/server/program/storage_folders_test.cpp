#include "server/arm/arm_answer.hpp"
#include "server/arm/arm_fixture.hpp"
#include "server/arm/storage_folder_routes.hpp"
#include "server/files/http/files_api.hpp"
#include "server/program/hosted_folders.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

/// Shares and containers of the account `acct1` by way of the resource manager, over the folders of the real APIs.
class StorageFolderRoutes : public ArmFixture {
 protected:
  void SetUp() override {
    options_.shares = hosted_folders(shares_, *clock_, HostedKind::Share);
    options_.containers = hosted_folders(containers_, *clock_, HostedKind::Container);
    router_.add(storage_folder_routes(options_));
    make_group();
    make_account("acct1");
  }

  static files::AccountLookup no_accounts() {
    return [](std::string_view) { return std::nullopt; };
  }

  Response ask(const std::string& method, const std::string& target, const std::string& body = {},
               const Headers& headers = {}) const {
    Request request{.method = method, .target = target, .headers = headers, .body = body};
    request.path = target.substr(0, target.find('?'));
    request.query = target.size() == request.path.size() ? "" : target.substr(request.path.size() + 1);
    request.parameters = signing::split_query(request.query, true);
    const RouteMatch match = router_.find(method, request.path);
    try {
      return (*match.handler)(request, match.parameters);
    } catch (const ServiceFault& fault) {
      return fault_answer(fault);
    }
  }

  static void expect_refusal(const Response& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(json(response).at("error").at("code"), code);
  }

  const std::string account_ = kBase + "/resourceGroups/RG1/providers/Microsoft.Storage/storageAccounts/acct1";
  const std::string shares_path_ = account_ + "/fileServices/default/shares";
  const std::string containers_path_ = account_ + "/blobServices/default/containers";
  batchai::test::TemporaryFolder folder_;
  files::FilesApi shares_{folder_.path() / "files", no_accounts(), *clock_};
  files::FilesApi containers_{folder_.path() / "blobs", no_accounts(), *clock_, signing::SasService::Blob};
  Router router_;
};

TEST_F(StorageFolderRoutes, MakeAContainerThatIsAFolderJobsCanMount) {
  const Response made = ask("PUT", containers_path_ + "/data", R"({"properties":{}})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(json(made).at("id"), containers_path_ + "/data");
  EXPECT_EQ(json(made).at("name"), "data");
  EXPECT_EQ(json(made).at("type"), "Microsoft.Storage/storageAccounts/blobServices/containers");
  EXPECT_EQ(json(made).at("etag").get<std::string>().front(), '"');
  EXPECT_EQ(json(made).at("properties").at("publicAccess"), "None");
  EXPECT_EQ(json(made).at("properties").at("leaseState"), "Available");
  EXPECT_FALSE(json(made).at("properties").contains("shareQuota"));
  EXPECT_TRUE(std::filesystem::is_directory(folder_.path() / "blobs" / "acct1" / "data"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "files" / "acct1" / "data"));
}

TEST_F(StorageFolderRoutes, MakeAShareWithItsProperties) {
  const Response made = ask(
      "PUT", shares_path_ + "/data",
      R"({"properties":{"shareQuota":7,"accessTier":"hot","metadata":{"team":"vision"},"enabledProtocols":"SMB"}})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(json(made).at("type"), "Microsoft.Storage/storageAccounts/fileServices/shares");
  const auto properties = json(ask("GET", shares_path_ + "/data")).at("properties");
  EXPECT_EQ(properties.at("shareQuota"), 7);
  EXPECT_EQ(properties.at("accessTier"), "Hot");
  EXPECT_EQ(properties.at("metadata"), nlohmann::json({{"team", "vision"}}));
  EXPECT_EQ(properties.at("enabledProtocols"), "SMB");
  EXPECT_TRUE(std::filesystem::is_directory(folder_.path() / "files" / "acct1" / "data"));
}

TEST_F(StorageFolderRoutes, LeaveWhatIsThereAndWhatARequestDoesNotName) {
  ask("PUT", shares_path_ + "/data", R"({"properties":{"shareQuota":7,"metadata":{"a":"1"}}})");
  std::ofstream(folder_.path() / "files" / "acct1" / "data" / "f") << "kept";
  const Response again = ask("PUT", shares_path_ + "/data", R"({"properties":{}})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(json(again).at("properties").at("shareQuota"), 7);
  const auto changed = json(ask("PATCH", shares_path_ + "/data", R"({"properties":{"shareQuota":9}})"));
  const auto properties = json(ask("GET", shares_path_ + "/data")).at("properties");
  EXPECT_EQ(changed.at("properties"), properties);
  EXPECT_EQ(properties.at("shareQuota"), 9);
  EXPECT_EQ(properties.at("metadata"), nlohmann::json({{"a", "1"}}));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "files" / "acct1" / "data" / "f"));
}

TEST_F(StorageFolderRoutes, ListThoseOfOneKindAlsoWithoutARecord) {
  for (const char* name : {"beta", "alpha"}) {
    ask("PUT", containers_path_ + "/" + name);
  }
  std::filesystem::create_directories(folder_.path() / "blobs" / "acct1" / "by-hand");
  ask("PUT", shares_path_ + "/share");
  const auto names = [&](const std::string& target) {
    std::vector<std::string> found;
    const auto list = json(ask("GET", target));
    for (const auto& entry : list.at("value")) {
      found.push_back(entry.at("name"));
    }
    return found;
  };
  EXPECT_THAT(names(containers_path_), ::testing::ElementsAre("alpha", "beta", "by-hand"));
  EXPECT_THAT(names(containers_path_ + "?$filter=startswith(name,%20b)"), ::testing::ElementsAre("beta", "by-hand"));
  EXPECT_THAT(names(shares_path_), ::testing::ElementsAre("share"));
}

TEST_F(StorageFolderRoutes, DeleteAndSayWhetherThereWasOne) {
  ask("PUT", containers_path_ + "/data");
  EXPECT_EQ(ask("DELETE", containers_path_ + "/data").status, 200);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "blobs" / "acct1" / "data"));
  EXPECT_EQ(ask("DELETE", containers_path_ + "/data").status, 204);
}

TEST_F(StorageFolderRoutes, DoNotTakeAShareForItsSnapshot) {
  ask("PUT", shares_path_ + "/data");
  expect_refusal(ask("DELETE", shares_path_ + "/data", "", {{"x-ms-snapshot", "2018-06-07T21:16:21.0000000Z"}}), 400,
                 "SnapshotsNotSupported");
  expect_refusal(ask("PUT", shares_path_ + "/data?$expand=snapshots"), 400, "SnapshotsNotSupported");
  EXPECT_EQ(ask("GET", shares_path_ + "/data").status, 200);
}

TEST_F(StorageFolderRoutes, KeepAShareWithSnapshotsUnlessTheyGoWithIt) {
  ask("PUT", shares_path_ + "/data");
  shares_.snapshots().create("acct1", "data", shares_.shares().record("acct1", "data"), clock_->now());
  expect_refusal(ask("DELETE", shares_path_ + "/data?$include=none"), 409, "ShareHasSnapshots");
  EXPECT_EQ(ask("DELETE", shares_path_ + "/data").status, 200);
}

TEST_F(StorageFolderRoutes, KeepWhatIsUnderALease) {
  ask("PUT", shares_path_ + "/data");
  shares_.shares().update("acct1", "data", [this](files::ShareRecord& record) {
    record.lease = files::Lease{.id = "0a0a0a0a-1111-2222-3333-444444444444", .since = clock_->now()};
  });
  EXPECT_EQ(json(ask("GET", shares_path_ + "/data")).at("properties").at("leaseState"), "Leased");
  EXPECT_EQ(json(ask("GET", shares_path_ + "/data")).at("properties").at("leaseStatus"), "Locked");
  expect_refusal(ask("DELETE", shares_path_ + "/data"), 412, "LeaseIdMissing");
}

TEST_F(StorageFolderRoutes, AreRefusedWithAReason) {
  expect_refusal(ask("GET", shares_path_ + "/none"), 404, "ShareNotFound");
  expect_refusal(ask("GET", containers_path_ + "/none"), 404, "ContainerNotFound");
  EXPECT_THAT(ask("GET", containers_path_ + "/none").body, HasSubstr("The specified container does not exist."));
  expect_refusal(ask("PATCH", containers_path_ + "/none", R"({"properties":{"metadata":{"a":"1"}}})"), 404,
                 "ContainerNotFound");
  expect_refusal(ask("PUT", containers_path_ + "/No_Name"), 400, "InvalidResourceName");
  expect_refusal(ask("PUT", containers_path_ + "/a", R"({"properties":{"publicAccess":"Blob"}})"), 409,
                 "PublicAccessNotPermitted");
  expect_refusal(ask("PUT", shares_path_ + "/abc", R"({"properties":{"enabledProtocols":"NFS"}})"), 400,
                 "InvalidRequestPropertyValue");
  for (const char* properties :
       {R"({"shareQuota":0})", R"({"shareQuota":-1})", R"({"shareQuota":"7"})", R"({"accessTier":"Tepid"})",
        R"({"metadata":{"no name":"1"}})", R"({"metadata":{"a":1}})", R"({"metadata":[]})", R"({"metadata":"x"})"}) {
    expect_refusal(ask("PUT", shares_path_ + "/abc", std::string(R"({"properties":)") + properties + "}"), 400,
                   "InvalidRequestPropertyValue");
  }
  EXPECT_EQ(ask("GET", shares_path_ + "/abc").status, 404);
  const std::string other = kBase + "/resourceGroups/RG1/providers/Microsoft.Storage/storageAccounts/other";
  expect_refusal(ask("PUT", other + "/fileServices/default/shares/abc"), 404, "ResourceNotFound");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "files" / "other"));
}

}  // namespace
}  // namespace batchai::server::test
