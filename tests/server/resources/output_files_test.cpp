#include "server/resources/output_files.hpp"

#include "server/faults/fault.hpp"
#include "support/service_fixture.hpp"
#include "support/temporary_folder.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace batchai::server::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class OutputFilesTest : public ::testing::Test, protected ServiceFixture {
 protected:
  OutputFilesTest() {
    store.write([](Transaction& transaction) {
      transaction.put({.key = "account",
                       .kind = "storageAccount",
                       .body = {{"name", "acct"}},
                       .hidden = {{"key1", "a2V5MQ=="}, {"key2", "a2V5Mg=="}}});
    });
    auto body = cluster_body(manual(0));
    body["properties"]["nodeSetup"]["mountVolumes"]["azureFileShares"] = {
        {{"accountName", "acct"},
         {"azureFileUrl", "https://acct.file.core.windows.net/data"},
         {"credentials", {{"accountKey", "a2V5MQ=="}}},
         {"relativeMountPath", "share"}}};
    clusters.create({ws, "c"}, read_body<ClusterCreateParameters>(body.dump()));
    auto job_parameters = job_body();
    job_parameters["properties"]["outputDirectories"] = {{{"id", "LOCAL"}, {"pathPrefix", "$AZ_BATCHAI_JOB_TEMP_DIR"}}};
    create_job("j", job_parameters);
    std::filesystem::create_directories(share());
  }

  std::filesystem::path share() const { return folder_.path() / "files" / "acct" / "data"; }
  std::filesystem::path logs() {
    return share() / job("j")["jobOutputDirectoryPathSegment"].get<std::string>() / "stdouterr";
  }
  void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  OutputFilesPage list(const OutputFilesRequest& request) {
    return OutputFiles(store, clock, folder_.path(), Url::parse("http://127.0.0.1:10011"))
        .list(jobs.get({exp, "j"}), request);
  }
  std::vector<std::string> names(const OutputFilesRequest& request) {
    std::vector<std::string> found;
    for (const auto& file : list(request).files) {
      found.push_back(file.name);
    }
    return found;
  }
  std::string refusal(const OutputFilesRequest& request) {
    try {
      list(request);
    } catch (const ServiceFault& fault) {
      EXPECT_EQ(fault.status(), 400);
      return fault.code() + " " + fault.target();
    }
    return "accepted";
  }

  batchai::test::TemporaryFolder folder_;
};

// Whoever had no key of an account must not read it by way of a job that could not mount it.
TEST_F(OutputFilesTest, ShowsNothingOfAnAccountThatTheJobHasNoKeyOf) {
  write(logs() / "a.txt", "a");
  EXPECT_THAT(names({.directory_id = "stdouterr"}), SizeIs(1));
  store.write([](Transaction& transaction) {
    Document account = transaction.get("account").value();
    account.hidden["key1"] = "bmV3";
    transaction.put(account);
  });
  try {
    list({.directory_id = "stdouterr"});
    FAIL() << "listed";
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 403);
    EXPECT_EQ(fault.code(), "InvalidAccountKey");
    EXPECT_THAT(fault.message(), HasSubstr("storage account acct"));
  }
}

TEST_F(OutputFilesTest, AreNoneBeforeTheJobHasWritten) { EXPECT_THAT(names({"stdouterr"}), IsEmpty()); }

TEST_F(OutputFilesTest, AreListedByNameWithLinks) {
  write(logs() / "stdout.txt", "hi\n");
  write(logs() / "a b.txt", "");
  write(logs() / "sub" / "deep.txt", "x");
  EXPECT_THAT(names({"stdouterr"}), ElementsAre("a b.txt", "stdout.txt", "sub"));
  const auto files = list({"stdouterr"}).files;
  EXPECT_EQ(files[1].content_length, 3);
  EXPECT_TRUE(files[1].last_modified);
  EXPECT_THAT(*files[0].download_url, StartsWith("http://127.0.0.1:10011/acct/data/sub/rg/workspaces/ws/"));
  EXPECT_THAT(*files[0].download_url, HasSubstr("/stdouterr/a%20b.txt?"));
  EXPECT_THAT(*files[0].download_url, HasSubstr("sr=f"));
  EXPECT_THAT(*files[0].download_url, HasSubstr("sp=rl"));
  EXPECT_THAT(*files[0].download_url, HasSubstr("se=2018-06-07T22%3A16%3A21Z"));
  EXPECT_TRUE(files[2].file_type == FileType::kDirectory);
  EXPECT_FALSE(files[2].download_url);
  EXPECT_FALSE(files[2].content_length);
  EXPECT_THAT(names({.directory_id = "stdouterr", .directory = "sub/./"}), ElementsAre("deep.txt"));
  EXPECT_THAT(names({.directory_id = "stdouterr", .directory = "sub/.."}), ElementsAre("a b.txt", "stdout.txt", "sub"));
}

TEST_F(OutputFilesTest, OfABlobContainerAreLinkedAsBlobs) {
  auto parameters = job_body();
  parameters["properties"]["stdOutErrPathPrefix"] = "$AZ_BATCHAI_JOB_MOUNT_ROOT/b";
  parameters["properties"]["mountVolumes"]["azureBlobFileSystems"] = {{{"accountName", "acct"},
                                                                       {"containerName", "images"},
                                                                       {"credentials", {{"accountKey", "a2V5MQ=="}}},
                                                                       {"relativeMountPath", "b"}}};
  create_job("b", parameters);
  const auto segment = job("b")["jobOutputDirectoryPathSegment"].get<std::string>();
  write(folder_.path() / "blobs" / "acct" / "images" / segment / "stdouterr" / "stdout.txt", "hi");
  const auto files = OutputFiles(store, clock, folder_.path(), Url::parse("http://127.0.0.1:10011"))
                         .list(jobs.get({exp, "b"}), {"stdouterr"})
                         .files;
  ASSERT_EQ(files.size(), 1U);
  EXPECT_THAT(*files[0].download_url, StartsWith("http://127.0.0.1:10011/acct/images/"));
  EXPECT_THAT(*files[0].download_url, HasSubstr("sr=b"));
  EXPECT_THAT(*files[0].download_url, HasSubstr("sp=rl"));
}

TEST_F(OutputFilesTest, ComeInPages) {
  for (const char* name : {"1", "2", "3"}) {
    write(logs() / name, name);
  }
  const auto page = list({.directory_id = "stdouterr", .maximum = 2});
  ASSERT_EQ(page.next, "2");
  EXPECT_THAT(names({.directory_id = "stdouterr", .maximum = 2, .after = *page.next}), ElementsAre("3"));
}

TEST_F(OutputFilesTest, WhoseNamesAreNotUtf8AreListedPercentEncoded) {
  write(logs() / "a\xff" / "b\xfe", "x");
  write(logs() / "a%FF", "plain");
  const auto files = list({"stdouterr"}).files;
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "a%FF");
  EXPECT_FALSE(files[0].encoded);
  EXPECT_THAT(*files[0].download_url, HasSubstr("/stdouterr/a%25FF?"));
  EXPECT_EQ(files[1].name, "a%FF");
  EXPECT_TRUE(files[1].encoded.value_or(false));
  EXPECT_EQ(files[1].real_name(), "a\xff");
  // Both as it is on disk and as it was listed.
  for (const char* directory : {"a\xff", "a%FF"}) {
    const auto inner = list({.directory_id = "stdouterr", .directory = directory}).files;
    ASSERT_EQ(inner.size(), 1U);
    EXPECT_EQ(inner[0].name, "b%FE");
    EXPECT_THAT(*inner[0].download_url, HasSubstr("/stdouterr/a%FF/b%FE?"));
  }
  const auto page = list({.directory_id = "stdouterr", .maximum = 1});
  EXPECT_THAT(names({.directory_id = "stdouterr", .maximum = 1, .after = *page.next}), ElementsAre("a%FF"));
}

TEST_F(OutputFilesTest, KeepTimesBeyondTheYear2262) {
  write(logs() / "f", "x");
  const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, timespec{10'413'792'000, 0}};  // 2300-01-01
  ASSERT_EQ(::utimensat(AT_FDCWD, (logs() / "f").c_str(), times.data(), 0), 0);
  struct stat kept {};
  ASSERT_EQ(::stat((logs() / "f").c_str(), &kept), 0);  // file systems have limits of their own
  EXPECT_EQ(list({"stdouterr"}).files.at(0).last_modified, Timestamp(std::chrono::seconds(kept.st_mtim.tv_sec)));
}

TEST_F(OutputFilesTest, NeverLeadOutOfTheShare) {
  write(folder_.path() / "outside" / "secret.txt", "x");
  write(logs() / "mine.txt", "x");
  std::filesystem::create_symlink(folder_.path() / "outside", logs() / "link");
  EXPECT_THAT(names({"stdouterr"}), ElementsAre("mine.txt"));
  EXPECT_THAT(names({.directory_id = "stdouterr", .directory = "link"}), IsEmpty());
  EXPECT_EQ(refusal({.directory_id = "stdouterr", .directory = "../.."}), "BadRequest directory");
}

TEST_F(OutputFilesTest, AreRefusedForUnknownAndLocalDirectories) {
  EXPECT_EQ(refusal({"NONE"}), "InvalidOutputDirectoryId outputdirectoryid");
  EXPECT_EQ(refusal({"LOCAL"}), "InvalidOutputDirectoryId outputdirectoryid");
}

}  // namespace
}  // namespace batchai::server::test
