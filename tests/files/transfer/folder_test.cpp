#include "files/transfer/transfer_fixture.hpp"
#include "support/unprivileged.hpp"

#include <array>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Folders : public TransferTest {
 protected:
  /// The trees are the same: names, and content of files.
  void expect_same(const fs::path& a, const fs::path& b) const {
    const auto names = names_in(a);
    EXPECT_EQ(names, names_in(b));
    for (const std::string& name : names) {
      if (fs::is_regular_file(a / name)) {
        EXPECT_EQ(read(a / name), read(b / name)) << name;
      }
    }
  }
  const fs::path back_ = folder_.path() / "back";
};

TEST_F(Folders, GoBothWaysWithOddNamesAndEmptyOnes) {
  for (const char* name : {"a b/x+1%#&=?.txt", "Кириллица/文件", "emoji 😀/🎉", "empty file", "dots..", "UPPER/lower"}) {
    if (std::string(name).find('?') == std::string::npos) {
      write(name, std::string(name) == "empty file" ? "" : name);
    }
  }
  write("a b/x+1%#&=;,'~!@$^()[]{}.txt", "odd");
  fs::create_directories(local_ / "nothing in it" / "nor here");
  EXPECT_THAT(reasons(upload_folder()), IsEmpty());
  expect_same(local_, share_folder() / "in");
  EXPECT_THAT(reasons(download_folder(back_)), IsEmpty());
  expect_same(local_, back_);
}

TEST_F(Folders, GoToTheRootOfAShareAndBack) {
  write("a", "1");
  write("b/c", "2");
  upload_folder("");
  EXPECT_THAT(reasons(download_folder(back_, "")), IsEmpty());
  expect_same(local_, back_);
}

TEST_F(Folders, AreCounted) {
  write("a", "12345");
  write("b/c", "678");
  const TransferReport report = upload_folder();
  EXPECT_EQ(report.files, 2U);
  EXPECT_EQ(report.bytes, 8U);
  EXPECT_EQ(report.moved_bytes, 8U);
  ASSERT_EQ(events_.size(), 2U);
}

TEST_F(Folders, AreFiltered) {
  write("a.txt", "1");
  write("a.bin", "2");
  write("deep/b.txt", "3");
  write("old/c.txt", "4");
  options_.patterns = {"*.txt"};
  options_.excludes = {"old"};
  upload_folder();
  EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("a.txt", "deep", "deep/b.txt"));
  options_.patterns = {"b*"};
  options_.excludes = {};
  download_folder(back_);
  EXPECT_THAT(names_in(back_), ElementsAre("deep", "deep/b.txt"));
}

TEST_F(Folders, AreUploadedWithoutWhatTheCallerLeavesOut) {
  write("a.txt", "1");
  write("data", "2");
  write("deep/data/b.txt", "3");
  write("deep/c.txt", "4");
  options_.leaves_out = [](const std::string& path, bool is_folder) {
    return path == "a.txt" || (is_folder && path.ends_with("data"));
  };
  upload_folder();
  EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("data", "deep", "deep/c.txt"));
}

TEST_F(Folders, OneFailureDoesNotStopTheOthers) {
  write("good", "1");
  write("CON", "2");
  write(
      "b\xff"
      "d",
      "3");
  write("x*y", "4");
  write("also good", "5");
  const TransferReport report = upload_folder();
  EXPECT_EQ(report.files, 2U);
  EXPECT_THAT(reasons(report), ::testing::UnorderedElementsAre(HasSubstr("names of devices"), HasSubstr("valid UTF-8"),
                                                               HasSubstr("control characters")));
  EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("also good", "good"));
}

TEST_F(Folders, WithWhateverNamesJobsGaveComeHome) {
  fs::create_directories(share_folder() / "in" / "d.");
  fs::create_directories(share_folder() / "in" / "d");
  for (const std::string& name :
       {std::string("ckpt."), std::string("ckpt"), std::string("..."), std::string("a:b"), std::string("a\\b?*"),
        std::string("\xff"), std::string("\n\x01"), std::string(" "), std::string("AUX"), std::string("d./x"),
        std::string("d/x"), std::string(251, 'n'), std::string(255, 'm')}) {
    write_as_job("in/" + name, "of " + name);
  }
  const TransferReport report = download_folder(back_);
  EXPECT_THAT(reasons(report), IsEmpty());
  expect_same(share_folder() / "in", back_);
}

TEST_F(Folders, ADirectoryThatCannotBeListedDoesNotStopTheOthers) {
  write("bad/f", "1");
  write("good/f", "2");
  upload_folder();
  network_->before = [](const HttpRequest& request) -> std::optional<HttpResponse> {
    const bool bad = request.url.path().ends_with("/bad") && request.url.query().find("comp=list") != std::string::npos;
    return bad ? std::optional(HttpResponse{.status = 400, .headers = {{"x-ms-error-code", "InvalidInput"}}})
               : std::nullopt;
  };
  const TransferReport report = download_folder(back_);
  EXPECT_EQ(report.files, 1U);
  EXPECT_THAT(reasons(report), ElementsAre(HasSubstr("in/bad: ")));
  EXPECT_EQ(read(back_ / "good" / "f"), "2");
}

TEST_F(Folders, KeepTimesBeyondTheYear2262) {
  const fs::path file = write("f", "1");
  const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, timespec{10'413'792'000, 0}};  // 2300-01-01
  ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times.data(), 0), 0);
  const auto time_of = [](const fs::path& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mtim.tv_sec;
  };
  const time_t kept = time_of(file);  // file systems have limits of their own
  upload_folder();
  EXPECT_EQ(share_.file("in/f").get_properties().last_write, Timestamp(std::chrono::seconds(kept)));
  download_folder(back_);
  EXPECT_EQ(time_of(back_ / "f"), kept);
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  EXPECT_EQ(upload_folder().skipped, 1U);
  EXPECT_EQ(download_folder(back_).skipped, 1U);
}

TEST_F(Folders, ThatMayNotBeMadeAreToldSo) {
  write("f", "1");
  upload_folder();
  const fs::path closed = folder_.path() / "closed";
  fs::create_directory(closed);
  const batchai::test::Unprivileged nobody(folder_.path());
  ASSERT_EQ(::chmod(closed.c_str(), 0500), 0);
  EXPECT_THAT(reasons(download_folder(closed / "in")),
              ElementsAre(HasSubstr("cannot use the folder '" + (closed / "in").string() + "': Permission denied")));
}

TEST_F(Folders, NamesThatDifferInCaseOnlyAreToldApartByNobody) {
  write("Data", "1");
  write("data", "2");
  const TransferReport report = upload_folder();
  EXPECT_EQ(report.files, 1U);
  EXPECT_THAT(reasons(report), ElementsAre(HasSubstr("differs from another one's in case only")));
}

TEST_F(Folders, LinksAreLeftOutUnlessAskedFor) {
  write("target/f", "1");
  fs::create_symlink("target", local_ / "folder link");
  fs::create_symlink("target/f", local_ / "file link");
  fs::create_symlink("..", local_ / "target" / "loop");
  EXPECT_EQ(upload_folder().skipped, 3U);
  EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("target", "target/f"));
  options_.follow_links = true;
  const TransferReport report = upload_folder("followed");
  EXPECT_THAT(reasons(report), IsEmpty());
  EXPECT_THAT(names_in(share_folder() / "followed"),
              ElementsAre("file link", "folder link", "folder link/f", "target", "target/f"));
}

TEST_F(Folders, PipesAreLeftOut) {
  ASSERT_EQ(::mkfifo((local_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(upload_folder().skipped, 1U);
}

TEST_F(Folders, WhatIsUnchangedIsSkipped) {
  write("a", "1");
  write("b", "22");
  upload_folder();
  download_folder(back_);
  options_.skip_unchanged = SkipUnchanged::ByChecksum;
  EXPECT_EQ(upload_folder().skipped, 2U);
  EXPECT_EQ(download_folder(back_).skipped, 2U);
  write("b", "33");
  const TransferReport report = upload_folder();
  EXPECT_EQ(report.files, 1U);
  EXPECT_EQ(report.skipped, 1U);
  EXPECT_EQ(get("in/b"), "33");
}

TEST_F(Folders, SizeAndTimeTellWhatIsUnchangedWithoutReading) {
  write("a", "1");
  upload_folder();
  download_folder(back_);
  network_->forget();
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  EXPECT_EQ(download_folder(back_).skipped, 1U);
  EXPECT_EQ(network_->requests.size(), 1U);
  fs::last_write_time(back_ / "a", fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(download_folder(back_).files, 1U);
}

TEST_F(Folders, AreMirroredUpwards) {
  write("keep", "1");
  write("Deep/keep", "1");
  upload_folder();
  write_as_job("in/extra", "x");
  fs::create_directories(share_folder() / "in" / "gone" / "deep");
  write_as_job("in/gone/deep/extra", "x");
  write_as_job("in/protected.log", "x");
  options_.delete_extra = true;
  options_.excludes = {"*.log"};
  const TransferReport report = upload_folder();
  EXPECT_THAT(reasons(report), IsEmpty());
  EXPECT_EQ(report.deleted, 2U);  // with filters, folders stay
  options_.excludes = {};
  EXPECT_EQ(upload_folder().deleted, 3U);
  EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("Deep", "Deep/keep", "keep"));
}

TEST_F(Folders, MirroringUpwardsDoesNotSeeCase) {
  write_as_job("keep", "x");
  write("KEEP", "1");
  options_.delete_extra = true;
  EXPECT_EQ(upload_folder("").deleted, 0U);
  EXPECT_THAT(names_in(share_folder()), ElementsAre("keep"));
}

TEST_F(Folders, AreMirroredDownwards) {
  write("keep", "1");
  upload_folder();
  fs::create_directories(back_ / "gone" / "deep");
  std::ofstream(back_ / "gone" / "deep" / "f") << "x";
  std::ofstream(back_ / "extra") << "x";
  std::ofstream(back_ / ".part.batchai-part") << "x";
  fs::create_directory(folder_.path() / "elsewhere");
  std::ofstream(folder_.path() / "elsewhere" / "f") << "x";
  fs::create_directory_symlink(folder_.path() / "elsewhere", back_ / "link");
  options_.delete_extra = true;
  const TransferReport report = download_folder(back_);
  EXPECT_THAT(reasons(report), IsEmpty());
  EXPECT_EQ(report.deleted, 5U);
  EXPECT_THAT(names_in(back_), ElementsAre(".part.batchai-part", "keep"));
  EXPECT_TRUE(fs::exists(folder_.path() / "elsewhere" / "f"));
}

TEST_F(Folders, PartsOfADirectoryThatIsGoneGoWithIt) {
  write("keep", "1");
  upload_folder();
  fs::create_directories(back_ / "gone");
  std::ofstream(back_ / "gone" / ".f.batchai-part") << "x";
  std::ofstream(back_ / "gone" / ".f.batchai-part.journal") << "x";
  options_.delete_extra = true;
  EXPECT_THAT(reasons(download_folder(back_)), IsEmpty());
  EXPECT_THAT(names_in(back_), ElementsAre("keep"));
}

TEST_F(Folders, OfSeveralSourcesNoneRemovesWhatAnotherBrings) {
  write("a/one", "1");
  write("b/two", "2");
  write("c/Sub/three", "3");
  const fs::path four = write("four", "4");
  options_.delete_extra = true;
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  for (int run = 0; run < 2; ++run) {
    fs::create_directories(share_folder() / "in");
    write_as_job("in/extra", "x");
    Transfer transfer(options_);
    transfer.upload_folder(local_ / "a", share_.directory("in"));
    transfer.upload_folder(local_ / "b", share_.directory("in"));
    transfer.upload_folder(local_ / "c" / "Sub", share_.directory("in/sub"));
    transfer.upload(four, share_.file("in/FOUR"));
    EXPECT_THAT(reasons(transfer.run()), IsEmpty());
    EXPECT_THAT(names_in(share_folder() / "in"), ElementsAre("FOUR", "one", "sub", "sub/three", "two"));
  }
  for (const char* name : {"x", "y"}) {
    fs::create_directory(share_folder() / name);
    write_as_job(std::string(name) + "/" + name, "1");
  }
  for (int run = 0; run < 2; ++run) {
    std::ofstream(back_ / "extra") << "x";
    Transfer transfer(options_);
    transfer.download_folder(share_.directory("x"), back_);
    transfer.download_folder(share_.directory("y"), back_);
    transfer.download(share_.file("in/one"), back_ / "one");
    EXPECT_THAT(reasons(transfer.run()), IsEmpty());
    EXPECT_THAT(names_in(back_), ElementsAre("one", "x", "y"));
  }
}

TEST_F(Folders, TwoSourcesOfOneFileAreRefused) {
  write("a/same", "first");
  write("b/SAME", "second");
  Transfer transfer(options_);
  transfer.upload_folder(local_ / "a", share_.directory("in"));
  transfer.upload_folder(local_ / "b", share_.directory("in"));
  const TransferReport report = transfer.run();
  EXPECT_EQ(report.files, 1U);
  EXPECT_THAT(reasons(report), ElementsAre(HasSubstr("goes to share1/in/SAME already")));
  EXPECT_EQ(get("in/same"), "first");
}

TEST_F(Folders, NothingIsDeletedWhenSomethingFailed) {
  write("CON", "1");
  fs::create_directory(share_folder() / "in");
  write_as_job("in/extra", "x");
  options_.delete_extra = true;
  EXPECT_EQ(upload_folder().deleted, 0U);
  EXPECT_TRUE(fs::exists(share_folder() / "in" / "extra"));
}

TEST_F(Folders, ADryRunDoesNothing) {
  write("a", "1");
  upload_folder();
  events_.clear();
  std::filesystem::create_directory(back_);
  std::ofstream(back_ / "extra") << "x";
  options_.dry_run = true;
  options_.delete_extra = true;
  download_folder(back_);
  EXPECT_THAT(names_in(back_), ElementsAre("extra"));
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[0].source, "share1/in/a");
  EXPECT_EQ(events_[1].action, TransferAction::Deleted);
}

TEST_F(Folders, ADryRunLeavesOutWhatIsUnchanged) {
  write("same", "1");
  write("large", content(kPiece + 3));
  write("changed", "2");
  upload_folder();
  download_folder(back_);
  std::ofstream(back_ / "changed") << "longer";
  options_.dry_run = true;
  options_.max_connections = 1;
  for (const SkipUnchanged mode : {SkipUnchanged::BySizeAndTime, SkipUnchanged::ByChecksum}) {
    options_.skip_unchanged = mode;
    const TransferReport report = download_folder(back_);
    EXPECT_EQ(report.skipped, 2U);
    EXPECT_EQ(report.files, 1U);
  }
  EXPECT_EQ(read(back_ / "changed"), "longer");
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  write("new", "3");
  write("changed", "longer");
  const TransferReport report = upload_folder();
  EXPECT_EQ(report.skipped, 2U);
  EXPECT_EQ(report.files, 2U);
  EXPECT_FALSE(fs::exists(share_folder() / "in" / "new"));
}

TEST_F(Folders, ThatCannotBeMadeStandForAllThatGoesIntoThem) {
  for (int i = 0; i < 5; ++i) {
    write("inner/deep/" + std::to_string(i), "1");
  }
  write("other/a", "2");
  fs::create_directory(share_folder() / "in");
  write_as_job("in/inner", "a file in the way");
  TransferReport report = upload_folder();
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures.front().event.target, "share1/in/inner");
  EXPECT_EQ(report.not_tried, 5U);
  EXPECT_EQ(report.files, 1U);

  fs::remove(share_folder() / "in" / "inner");
  upload_folder();
  report = download_folder(local_ / "other" / "a" / "");
  EXPECT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.not_tried, 6U);
  EXPECT_EQ(report.files, 0U);
}

TEST_F(Folders, ForAShareThatIsNotThereAreToldOnce) {
  write("a", "1");
  write("inner/b", "2");
  share_ = ShareServiceClient({.name = "acct1", .key = server::files::test::kKey, .endpoint = endpoint()},
                              {.transport = network_, .clock = clock_})
               .share("nowhere");
  const TransferReport report = upload_folder("");
  EXPECT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.not_tried, 2U);
}

TEST_F(Folders, SmallFilesOfJobsAreNotTakenForIncomplete) {
  write("a", "abc");
  write("b", "abc");
  share_.directory("in").create();
  for (const char* name :
       {"a", "b"}) {  // as a job does: its times of the last write and of the last change are the same
    write_as_job(std::string("in/") + name, "abc");
    fs::last_write_time(local_ / name, fs::last_write_time(share_folder() / "in" / name));
  }
  ASSERT_EQ(share_.file("in/a").get_properties().changed, share_.file("in/a").get_properties().last_write);
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  network_->forget();
  EXPECT_EQ(upload_folder().skipped, 2U);
  EXPECT_EQ(network_->count("HEAD /acct1/share1/in/"), 2U);
}

TEST_F(Folders, SmallFilesAreLeftOutWhereTheServiceTellsNoTimeOfTheLastChange) {
  network_->after = [](const HttpRequest&, HttpResponse& response) {
    response.headers.set("x-ms-file-change-time", "");
    for (std::size_t at = 0; (at = response.body.find("<ChangeTime>", at)) != std::string::npos;) {
      response.body.erase(at, response.body.find("</ChangeTime>", at) + std::strlen("</ChangeTime>") - at);
    }
  };
  write("a", "abc");
  write("b", "abcdef");
  upload_folder();
  for (const SkipUnchanged mode : {SkipUnchanged::BySizeAndTime, SkipUnchanged::ByChecksum}) {
    options_.skip_unchanged = mode;
    EXPECT_EQ(upload_folder().skipped, 2U);
  }
}

TEST_F(Folders, AreCopiedWithinTheService) {
  write("a b/x%", "1");
  write("big", content(kPiece + 3));
  fs::create_directory(local_ / "empty");
  upload_folder();
  Transfer transfer(options_);
  transfer.copy_folder(share_.directory("in"), share_.directory("copy/of it"));
  const TransferReport report = transfer.run();
  EXPECT_THAT(reasons(report), IsEmpty());
  EXPECT_EQ(report.files, 2U);
  expect_same(local_, share_folder() / "copy" / "of it");
  EXPECT_EQ(network_->count("comp=range"), 3U) << "bytes went through this machine";
}

TEST_F(Folders, CopiesOfSmallFilesOfJobsAreNotMadeAgain) {
  share_.directory("in").create();
  write_as_job("in/a", "abc");
  options_.skip_unchanged = SkipUnchanged::BySizeAndTime;
  for (const std::uint64_t copied : {1, 0}) {
    Transfer transfer(options_);
    transfer.copy_folder(share_.directory("in"), share_.directory("out"));
    EXPECT_EQ(transfer.run().files, copied);
  }
}

TEST_F(Folders, AFullDiskIsTold) {
  write("small", "1");
  write("big", content(1U << 20U));
  upload_folder();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const TransferReport report = download_folder(back_);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, ignored);
  EXPECT_THAT(reasons(report),
              ElementsAre(::testing::AllOf(HasSubstr("share1/in/big: cannot write"), HasSubstr("File too large"))));
  EXPECT_THAT(names_in(back_), ElementsAre("small"));
}

TEST_F(Folders, AShareThatIsDeletedMeanwhileIsTold) {
  write("a", "1");
  network_->before = [](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url.path().ends_with("/a")) {
      return HttpResponse{.status = 409,
                          .body =
                              "<Error><Code>ShareBeingDeleted</Code><Message>The share is being deleted. Try later."
                              "</Message></Error>"};
    }
    return std::nullopt;
  };
  EXPECT_THAT(reasons(upload_folder()), ElementsAre(HasSubstr("The share is being deleted")));
}

}  // namespace
}  // namespace batchai::files::test
