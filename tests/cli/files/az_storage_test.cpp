#include "cli/cli_fixture.hpp"

// What scripts for az say about files.
namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kBase = "https://acct.file.core.windows.net";

class AzStorage : public CliTest {
 protected:
  AzStorage() {
    variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_STORAGE_KEY"] = "a2V5";
  }
  static HttpResponse missing() { return {.status = 404, .headers = {{"x-ms-error-code", "ResourceNotFound"}}}; }
  static HttpResponse entries() {
    return {.status = 200,
            .headers = {{"Content-Type", "application/xml"}},
            .body =
                "<EnumerationResults><Entries><File><Name>a.txt</Name><Properties><Content-Length>3"
                "</Content-Length></Properties></File><Directory><Name>deep</Name><Properties/></Directory>"
                "</Entries></EnumerationResults>"};
  }
};

TEST_F(AzStorage, ListsFilesAsFilesListDoes) {
  const std::string list = std::string(kBase) + "/share/data?restype=directory&comp=list&include=Timestamps%2CEtag";
  transport_->on("GET", list, entries());
  const std::string ours = run({"files", "list", "share/data"}).out;
  transport_->on("GET", list, entries());
  EXPECT_EQ(run({"storage", "file", "list", "--share-name", "share", "--path", "data"}).out, ours);
  transport_->on("GET", list, entries());
  const json files = json::parse(run({"storage", "file", "list", "-s", "share", "-p", "data", "--exclude-dir"}).out);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0]["name"], "a.txt");
}

TEST_F(AzStorage, SaysWhetherSomethingIsThere) {
  transport_->on("HEAD", std::string(kBase) + "/share/a.txt", {.status = 200, .headers = {{"Content-Length", "3"}}});
  EXPECT_EQ(run({"storage", "file", "exists", "-s", "share", "-p", "a.txt", "--query", "exists", "-o", "tsv"}).out,
            "true\n");
  transport_->on("HEAD", std::string(kBase) + "/share/a.txt", missing());
  EXPECT_EQ(json::parse(run({"storage", "file", "exists", "-s", "share", "-p", "a.txt"}).out)["exists"], false);
}

TEST_F(AzStorage, DeletesWithoutAQuestion) {
  transport_->on("DELETE", std::string(kBase) + "/share/a.txt", empty_response(202));
  EXPECT_EQ(run({"storage", "file", "delete", "-s", "share", "-p", "a.txt"}).exit_code, 0);
  transport_->on("DELETE", std::string(kBase) + "/share?restype=share", empty_response(202));
  EXPECT_EQ(json::parse(run({"storage", "share", "delete", "--name", "share"}).out)["deleted"], true);
}

TEST_F(AzStorage, NeedsTheOptionsOfAz) {
  expect_error({"storage", "file", "upload", "--source", "a.txt"}, 2,
               "batchai: error: missing: -s/--share-name (see 'batchai storage file upload --help')");
  EXPECT_THAT(run({"storage", "file", "copy", "start", "-s", "b", "-p", "x"}).err,
              HasSubstr("say what to copy: --source-share with --source-path, or --source-uri"));
}

TEST_F(AzStorage, KnowsDryRunUnderItsName) {
  const std::string file = write_file("in/a.txt", "abc");
  const Outcome outcome = run({"storage", "file", "upload-batch", "-d", "share", "-s", (folder_ / "in").string(),
                               "--destination-path", "data", "--dryrun", "--no-progress"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(std::string(kBase) + "/share/data/a.txt"));
}

TEST_F(AzStorage, WhatIsNotThereIsAnsweredWithOurs) {
  expect_error(
      {"storage", "file", "url", "-s", "share"}, 2,
      "batchai: error: unknown command 'storage file url' ('batchai files url' makes a signed URL of a file or "
      "share)");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"storage", "blob", "upload"}, {"storage", "container", "list"}}) {
    EXPECT_THAT(run(words).err, HasSubstr("batchai files upload"));
  }
}

}  // namespace
}  // namespace batchai::cli::test
