#include "batchai/core/error.hpp"
#include "batchai/files/transfer.hpp"
#include "server/files/api_fixture.hpp"

#include <atomic>

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

using batchai::files::DirectoryEntry;
using batchai::files::FileClient;
using batchai::files::ShareClient;

/// The client library against the API: both sides of the protocol, without a network between them.
class ClientTest : public FaceTest {
 protected:
  ClientTest() : share_(client().share("share1")) {}

  std::filesystem::path local_file(const std::string& content) const {
    const auto path = folder_.path() / "local";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  static std::string content_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static std::string large_content() {
    std::string content;
    for (int i = 0; content.size() < 9'500'000; ++i) {
      content += std::to_string(i);
    }
    return content;
  }
  ShareClient share_;
};

TEST_F(ClientTest, ManagesShares) {
  const ShareClient share = client().share("fresh");
  EXPECT_FALSE(share.exists());
  share.create({.quota = 3, .metadata = {{"k", "v"}}});
  EXPECT_TRUE(share.exists());
  EXPECT_FALSE(share.create_if_absent());
  EXPECT_EQ(share.get_properties().quota, 3);
  EXPECT_EQ(share.get_properties().metadata.at("k"), "v");
  EXPECT_EQ(code([&] { share.create(); }), "ShareAlreadyExists");
  std::vector<std::string> names;
  auto list = client().list({.page_size = 1});
  for (const auto& item : list) {
    names.push_back(item.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"fresh", "share1"}));
  share.remove();
  EXPECT_FALSE(share.exists());
}

TEST_F(ClientTest, ManagesDirectoriesWithDifficultNames) {
  const auto directory = share_.directory("dir a/süb+1%");
  EXPECT_FALSE(directory.exists());
  directory.create_all();
  directory.create_all();
  EXPECT_TRUE(directory.exists());
  const FileClient file = directory.file("f é%41 +&#.txt");
  file.create(3, {.content = {.type = "text/plain"}, .metadata = {{"a", "b"}}});
  file.put_range(0, "abc");
  const auto entries = directory.list().to_vector();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].name, "f é%41 +&#.txt");
  EXPECT_EQ(entries[0].size, 3U);
  EXPECT_FALSE(entries[0].is_directory);
  EXPECT_TRUE(entries[0].last_modified);
  EXPECT_EQ(entries[0].etag, file.get_properties().etag);
  EXPECT_EQ(file.get_range({0, 100}).bytes, "abc");
  EXPECT_EQ(code([&] { directory.remove(); }), "DirectoryNotEmpty");
  file.remove();
  directory.remove();
  EXPECT_FALSE(directory.exists());
  EXPECT_EQ(directory.path(), "dir a/süb+1%");
}

TEST_F(ClientTest, ListsLazilyOverPages) {
  for (int i = 0; i < 7; ++i) {
    write_as_job("f" + std::to_string(i), "x");
  }
  std::vector<std::string> names;
  auto list = share_.root().list({.prefix = "f", .page_size = 2});
  for (const DirectoryEntry& entry : list) {
    names.push_back(entry.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"f0", "f1", "f2", "f3", "f4", "f5", "f6"}));
}

TEST_F(ClientTest, ReadsAndChangesFileProperties) {
  const FileClient file = share_.file("f");
  file.create(5, {.content = {.type = "text/plain"}, .metadata = {{"a", "1"}}});
  auto properties = file.get_properties();
  EXPECT_EQ(properties.size, 5U);
  EXPECT_EQ(properties.content_type, "text/plain");
  EXPECT_EQ(properties.metadata.at("a"), "1");
  file.set_properties({.content = {.cache_control = "no-store"}, .size = 2});
  file.set_metadata({});
  properties = file.get_properties();
  EXPECT_EQ(properties.size, 2U);
  EXPECT_EQ(properties.cache_control, "no-store");
  EXPECT_TRUE(properties.metadata.empty());
}

TEST_F(ClientTest, ClearsAndListsRanges) {
  const FileClient file = share_.file("f");
  file.create(1U << 20U);
  file.put_range(0, std::string(131072, 'x'));
  file.clear_range({65536, 65536});
  EXPECT_EQ(file.list_ranges(), (std::vector<batchai::files::FileRange>{{0, 65536}}));
}

TEST_F(ClientTest, Copies) {
  create_file_with("a%20b", "hello");
  const auto status = share_.file("copy").copy_from(share_.file("a b"));
  EXPECT_EQ(status.status, "success");
  EXPECT_EQ(share_.file("copy").get_range({0, 10}).bytes, "hello");
  EXPECT_EQ(share_.file("copy").get_properties().copy_id, status.id);
}

TEST_F(ClientTest, OpensAFileByItsSasUrlAlone) {
  create_file_with("a%20b", "hello");
  const Url url = share_.file("a b").sas_url({.permissions = "r", .expiry = clock_->now() + std::chrono::minutes(5)});
  const FileClient file = FileClient::from_sas_url(url, {.transport = transport_, .clock = clock_});
  EXPECT_EQ(file.name(), "a b");
  EXPECT_EQ(file.get_range({0, 10}).bytes, "hello");
  EXPECT_EQ(code([&] { file.remove(); }), "AuthorizationPermissionMismatch");
  clock_->advance(std::chrono::minutes(6));
  EXPECT_EQ(code([&] { file.get_properties(); }), "AuthenticationFailed");
}

TEST_F(ClientTest, WorksWithAShareSasInPlaceOfAKey) {
  const Url url = share_.sas_url({.permissions = "rcwdl", .expiry = clock_->now() + std::chrono::minutes(5)});
  const batchai::files::ShareServiceClient by_sas(
      {.name = "acct1", .sas = Secret("?" + url.query()), .endpoint = endpoint()},
      {.transport = transport_, .clock = clock_});
  const FileClient file = by_sas.share("share1").file("f");
  file.create(1);
  file.put_range(0, "x");
  by_sas.share("share1").file("g").copy_from(file);
  EXPECT_EQ(by_sas.share("share1").root().list().to_vector().size(), 2U);
  EXPECT_THROW(file.sas_url({.expiry = clock_->now()}), InvalidArgument);
}

TEST_F(ClientTest, MovesFilesOfManyPiecesBothWays) {
  const std::string content = large_content();
  std::uint64_t last = 0;
  const batchai::files::TransferOptions options{.max_connections = 3, .on_progress = [&](const auto& progress) {
                                                  EXPECT_GE(progress.bytes, last);
                                                  EXPECT_EQ(progress.total_bytes, content.size());
                                                  last = progress.bytes;
                                                }};
  upload_file(local_file(content), share_.file("big"), options, {.content = {.type = "text/plain"}});
  EXPECT_EQ(last, content.size());
  EXPECT_TRUE(get("big") == content);
  last = 0;
  const auto target = folder_.path() / "downloaded";
  download_file(share_.file("big"), target, options);
  EXPECT_TRUE(content_of(target) == content);
}

TEST_F(ClientTest, MovesEmptyFiles) {
  upload_file(local_file(""), share_.file("empty"));
  EXPECT_EQ(share_.file("empty").get_properties().size, 0U);
  download_file(share_.file("empty"), folder_.path() / "downloaded");
  EXPECT_EQ(std::filesystem::file_size(folder_.path() / "downloaded"), 0U);
}

TEST_F(ClientTest, LeavesNoPartsBehindWhenADownloadFails) {
  const auto folder = folder_.path() / "target";
  std::filesystem::create_directory(folder);
  EXPECT_EQ(code([&] { download_file(share_.file("nosuch"), folder / "f"); }), "ResourceNotFound");
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(ClientTest, NoticesAFileThatChangesDuringADownload) {
  const std::string content = large_content();
  upload_file(local_file(content), share_.file("big"));
  const batchai::files::TransferOptions options{.max_connections = 1, .on_progress = [&](const auto&) {
                                                  std::ofstream(share_folder() / "big", std::ios::app) << "x";
                                                }};
  const auto folder = folder_.path() / "target";
  std::filesystem::create_directory(folder);
  EXPECT_THROW(download_file(share_.file("big"), folder / "f", options), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(ClientTest, StopsATransferThatIsCancelled) {
  CancellationSource source;
  const batchai::files::TransferOptions options{.max_connections = 1,
                                                .on_progress = [&](const auto&) { source.cancel(); }};
  EXPECT_THROW(
      upload_file(local_file(large_content()), share_.file("big"), options, {}, {.cancellation = source.token()}),
      Cancelled);
}

}  // namespace
}  // namespace batchai::server::files::test
