#include "files/transfer/transfer_fixture.hpp"

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A listing that tries to get out of the target folder.
class HostileListing : public TransferTest {
 protected:
  /// Puts `name`, percent-encoded, into the first listing.
  void list(const std::string& name, bool directory = false) {
    create_file_with("in", "harmless");
    auto once = std::make_shared<std::atomic<bool>>(false);
    network_->before = [=](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (request.url.query().find("comp=list") == std::string::npos || once->exchange(true)) {
        return std::nullopt;
      }
      const std::string kind = directory ? "Directory" : "File";
      return HttpResponse{.status = 200,
                          .body = "<EnumerationResults><Entries><" + kind + "><Name Encoded=\"true\">" + name +
                                  "</Name><Properties><Content-Length>8</Content-Length></Properties></" + kind +
                                  "></Entries><NextMarker/></EnumerationResults>"};
    };
  }
  const fs::path target_ = folder_.path() / "outer" / "target";
};

class BadName : public HostileListing, public ::testing::WithParamInterface<std::string> {};

TEST_P(BadName, WritesNothingAnywhere) {
  for (const bool directory : {false, true}) {
    list(GetParam(), directory);
    const TransferReport report = download_folder(target_, "");
    ASSERT_EQ(report.failures.size(), 1U);
    EXPECT_THAT(report.failures[0].event.reason, HasSubstr("cannot be a local file"));
    EXPECT_THAT(names_in(folder_.path() / "outer"), ElementsAre("target"));
  }
}

INSTANTIATE_TEST_SUITE_P(Names, BadName,
                         ::testing::Values("..", ".", "", "..%2Foutside", "%2Fetc%2Fpasswd", "a%2Fb", "a%00b",
                                           ".x.batchai-part"));

/// Directories that hold the same directories again, and tell no ids.
class EndlessListing : public HostileListing {
 protected:
  void list_for_ever(int directories) {
    std::string entries = "<File><Name>f</Name><Properties><Content-Length>0</Content-Length></Properties></File>";
    for (int i = 0; i < directories; ++i) {
      entries += "<Directory><Name>d" + std::to_string(i) + "</Name><Properties/></Directory>";
    }
    create_file_with("in", "harmless");
    network_->before = [=](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (request.url.query().find("comp=list") == std::string::npos) {
        return std::nullopt;
      }
      return HttpResponse{
          .status = 200,
          .body = "<EnumerationResults><Entries>" + entries + "</Entries><NextMarker/></EnumerationResults>"};
    };
  }
};

TEST_F(EndlessListing, EndsADownloadWithAnErrorWhereThereAreMoreWaysDownThanCanBeWalked) {
  list_for_ever(2);
  EXPECT_THAT([&] { download_folder(target_, ""); },
              ::testing::ThrowsMessage<ProtocolError>(HasSubstr("lists directories without end")));
  EXPECT_FALSE(fs::exists(target_));
}

TEST_F(EndlessListing, EndsACopyWithAnError) {
  list_for_ever(2);
  Transfer transfer(options_, context_);
  EXPECT_THAT(
      [&] {
        transfer.copy_folder(share_.directory("a"), share_.directory("b"));
        transfer.run();
      },
      ::testing::ThrowsMessage<ProtocolError>(HasSubstr("lists directories without end")));
}

TEST_F(HostileListing, ALinkInTheTargetIsNotFollowed) {
  write("d/f", "new");
  upload_folder();
  const fs::path elsewhere = folder_.path() / "elsewhere";
  fs::create_directory(elsewhere);
  fs::create_directories(target_);
  fs::create_directory_symlink(elsewhere, target_ / "d");
  const TransferReport report = download_folder(target_);
  EXPECT_THAT(reasons(report), ::testing::Each(HasSubstr("is a symbolic link: nothing is written through it")));
  EXPECT_FALSE(report.failures.empty());
  EXPECT_TRUE(fs::is_empty(elsewhere));
}

TEST_F(HostileListing, ALinkInPlaceOfAFileIsReplacedAndNotWrittenThrough) {
  write("f", "new");
  upload_folder();
  const fs::path elsewhere = folder_.path() / "elsewhere";
  std::ofstream(elsewhere) << "mine";
  fs::create_directories(target_);
  fs::create_symlink(elsewhere, target_ / "f");
  fs::create_symlink(elsewhere, target_ / ".f.batchai-part");
  download_folder(target_);
  EXPECT_EQ(read(elsewhere), "mine");
}

TEST_F(HostileListing, ALongNameGetsAShortPart) {
  const std::string name(250, 'n');
  write(name, "x");
  upload_folder();
  download_folder(target_);
  EXPECT_EQ(read(target_ / name), "x");
}

TEST_F(HostileListing, ANameTooLongForThisMachineIsTold) {
  std::string name;
  for (int i = 0; i < 100; ++i) {
    name += "%E6%96%87";  // 300 bytes, but 100 characters
  }
  list(name);
  const TransferReport report = download_folder(target_, "");
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_THAT(names_in(target_), ::testing::IsEmpty());
}

}  // namespace
}  // namespace batchai::files::test
