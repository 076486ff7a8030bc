#include "batchai/job_fixture.hpp"
#include "support/no_file_locks.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <sstream>

namespace batchai::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JobDownload : public JobWorkTest {
 protected:
  static std::string read(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  /// Of one state of a file.
  static HttpResponse piece_of(const std::string& etag, std::size_t first, const std::string& bytes,
                               std::size_t total) {
    HttpResponse response = piece(first, bytes, total);
    response.headers.set("ETag", etag);
    return response;
  }
  void on_outputs(const std::string& files) { on_list(files, "MODEL"); }
  DownloadOutputsReport download() {
    return client_.jobs().download_outputs(job_, folder_.path(), {.place = {"MODEL"}});
  }
  /// Why the only file has not come.
  std::string failure() {
    const DownloadOutputsReport report = download();
    EXPECT_TRUE(report.files.empty());
    return report.failures.size() == 1 ? report.failures[0].reason : "";
  }
  std::filesystem::path file() const { return folder_.path() / "model.bin"; }
  /// What an earlier download has left of a file of that size.
  void leave_part(const std::string& bytes, std::size_t size) const {
    std::ofstream(folder_.path() / (".model.bin." + std::to_string(size) + "-2018-06-07T21:16:21Z.part")) << bytes;
  }

  TemporaryFolder folder_;
};

TEST_F(JobDownload, DoesWithoutLocksWhereTheFileSystemHasNone) {
  for (const int error : {ENOSYS, ENOLCK, EOPNOTSUPP}) {
    const NoFileLocks none(error);
    on_outputs(listed("model.bin", "a", 3));
    on_read("model.bin", "a", piece(0, "abc", 3));
    EXPECT_TRUE(download().failures.empty()) << "errno " << error;
    EXPECT_EQ(read(file()), "abc");
    std::filesystem::remove(file());
  }
  const NoFileLocks locked(EWOULDBLOCK);
  on_outputs(listed("model.bin", "a", 3));
  EXPECT_THAT(failure(), HasSubstr("is being downloaded already"));
}

TEST_F(JobDownload, DownloadsADirectoryWithAllBelowIt) {
  on_list(listed("model.bin", "a", 3) + R"(,{"name":"deep","fileType":"directory"})" + "," + listed("..", "b", 1),
          "MODEL");
  on_read("model.bin", "a", piece(0, "abc", 3));
  on_list(listed("more.bin", "c", 2), "MODEL", "deep");
  on_read("more.bin", "c", piece(0, "de", 2));
  std::vector<std::string> told;
  const auto report = client_.jobs().download_outputs(
      job_, folder_.path() / "model",
      {.place = {"MODEL"},
       .on_progress = [&](const File& file,
                          std::uint64_t bytes) { told.push_back(file.name + " " + std::to_string(bytes)); },
       .on_file = [&](const DownloadedOutput& file) { told.push_back("got " + file.name); },
       .on_failure = [&](const OutputFailure& failure) { told.push_back("not " + failure.path); }});
  EXPECT_EQ(read(folder_.path() / "model" / "model.bin"), "abc");
  EXPECT_EQ(read(folder_.path() / "model" / "deep" / "more.bin"), "de");
  EXPECT_THAT(told, ElementsAre("model.bin 0", "model.bin 3", "got model.bin", "more.bin 0", "more.bin 2",
                                "got more.bin", "not .."));
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_THAT(report.failures[0].reason, HasSubstr("cannot be a local name"));
  ASSERT_EQ(report.files.size(), 2U);
  EXPECT_EQ(report.files[1].size, 2U);
}

TEST_F(JobDownload, DownloadsOneFileOnlyOnce) {
  for (const bool resumed : {false, true}) {
    on_list(listed("stdout.txt", "a", 3) + "," + listed("stderr.txt", "b", 3));
    if (!resumed) {
      on_read("stdout.txt", "a", piece(0, "abc", 3));
    }
    const auto report = client_.jobs().download_outputs(job_, folder_.path(), {.name = "stdout.txt"});
    ASSERT_EQ(report.files.size(), 1U);
    EXPECT_EQ(report.files[0].resumed, resumed);
  }
  on_list("");
  EXPECT_THROW(client_.jobs().download_outputs(job_, folder_.path(), {.name = "nope"}), OutputNotFound);
}

TEST_F(JobDownload, ADryRunMakesNothing) {
  on_list(listed("model.bin", "a", 3));
  const auto report = client_.jobs().download_outputs(job_, folder_.path() / "model", {.dry_run = true});
  ASSERT_EQ(report.files.size(), 1U);
  EXPECT_EQ(report.files[0].path, folder_.path() / "model" / "model.bin");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "model"));
}

TEST_F(JobDownload, ADirectoryThatIsNotThereIsAnError) {
  on_list("", "MODEL", "nope");
  on_list(listed("model.bin", "a"), "MODEL");
  EXPECT_THROW(client_.jobs().download_outputs(job_, folder_.path(), {.place = {"MODEL", "nope"}}), OutputNotFound);
  on_list("", "MODEL", "model.bin");
  on_list(listed("model.bin", "a"), "MODEL");
  try {
    client_.jobs().download_outputs(job_, folder_.path(), {.place = {"MODEL", "model.bin"}});
    FAIL() << "nothing was thrown";
  } catch (const OutputNotFound& error) {
    EXPECT_TRUE(error.is_file());
  }
}

TEST_F(JobDownload, TakesAFileThatGrowsMeanwhile) {
  on_outputs(listed("model.bin", "a", 6));
  on_read("model.bin", "a", piece_of("1", 0, "abc", 7));
  on_read("model.bin", "a", piece_of("2", 3, "defg", 9));
  on_read("model.bin", "a", piece_of("3", 7, "hi", 9));
  // Whether the beginning is the same as before.
  on_read("model.bin", "a", piece_of("3", 0, "abcdefghi", 9));
  const DownloadOutputsReport report = download();
  ASSERT_EQ(report.files.size(), 1U);
  EXPECT_EQ(report.files[0].size, 9U);
  EXPECT_EQ(read(file()), "abcdefghi");
}

TEST_F(JobDownload, MixesNoStatesOfAFile) {
  on_outputs(listed("model.bin", "a", 6));
  on_read("model.bin", "a", piece_of("1", 0, "abc", 6));
  on_read("model.bin", "a", piece_of("2", 3, "DEF", 6));
  on_read("model.bin", "a", piece_of("2", 0, "ABC", 6));
  EXPECT_THAT(failure(), HasSubstr("'model.bin' was written anew while it was read; try again"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << "a part of two states is of no use";
}

TEST_F(JobDownload, CutsNothingOffAFileThatIsLongerThanListed) {
  on_outputs(listed("model.bin", "a", 3));
  on_read("model.bin", "a", piece_of("2", 0, "longer", 6));
  EXPECT_EQ(download().files.at(0).size, 6U);
  EXPECT_EQ(read(file()), "longer");
}

TEST_F(JobDownload, GivesAFileUpThatGrowsFasterThanItIsRead) {
  on_outputs(listed("model.bin", "a", 3));
  on_read("model.bin", "a", piece_of("1", 0, "abc", 6));
  on_read("model.bin", "a", piece_of("2", 3, "def", 1'000'000'000));
  EXPECT_THAT(failure(), HasSubstr("grows faster than it is read"));
}

TEST_F(JobDownload, GoesOnWithThePartOfTheSameStateOnly) {
  leave_part("abc", 6);
  on_outputs(listed("model.bin", "a", 6));
  on_read("model.bin", "a", piece_of("1", 3, "def", 6));
  on_outputs(listed("model.bin", "a", 6));
  const DownloadOutputsReport report = download();
  ASSERT_EQ(report.files.size(), 1U);
  EXPECT_TRUE(report.files[0].resumed);
  EXPECT_EQ(read(file()), "abcdef");
}

TEST_F(JobDownload, NoticesThatTheFileWasWrittenAnewBeforeItGoesOn) {
  leave_part("abc", 6);
  on_outputs(listed("model.bin", "a", 6));
  on_read("model.bin", "a", piece_of("2", 3, "DEFG", 7));
  on_outputs(listed("model.bin", "a", 7));
  on_read("model.bin", "a", piece_of("2", 0, "ABCDEFG", 7));
  EXPECT_THAT(failure(), HasSubstr("was written anew"));
}

TEST_F(JobDownload, BeginsAgainWhereThePartIsLongerThanTheFile) {
  leave_part("abcabc", 3);
  on_outputs(listed("model.bin", "a", 3));
  on_read("model.bin", "a", piece(0, "abc", 3));
  EXPECT_EQ(download().files.size(), 1U);
  EXPECT_EQ(read(file()), "abc");
}

TEST_F(JobDownload, OnlyOneAtATimeWritesAFile) {
  on_outputs(listed("model.bin", "a", 3));
  on_outputs(listed("model.bin", "a", 3));
  on_read("model.bin", "a", piece(0, "abc", 3));
  std::string other;
  client_.jobs().download_outputs(job_, folder_.path(),
                                  {.place = {"MODEL"}, .on_progress = [&](const File&, std::uint64_t received) {
                                     if (received == 0) {
                                       other = failure();
                                     }
                                   }});
  EXPECT_THAT(other, HasSubstr("is being downloaded already"));
  EXPECT_EQ(read(file()), "abc");
}

TEST_F(JobDownload, DoesNotTakeAFileThatCannotBeReadForAnOutage) {
  on_outputs(listed("bad", "b", 3) + "," + listed("model.bin", "a", 3));
  on_read("bad", "b", empty_response(500));
  on_read("model.bin", "a", piece(0, "abc", 3));
  const DownloadOutputsReport report = download();
  EXPECT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.files.size(), 1U);
  EXPECT_TRUE(clock_->sleeps().empty());
}

TEST_F(JobDownload, DoesNotTakeADirectoryThatCannotBeReadForAnOutage) {
  on_outputs(R"({"name":"cache","fileType":"directory"},)" + listed("model.bin", "a", 3));
  network_->on("POST", job_url() + "/listOutputFiles" + kVersion + "&outputdirectoryid=MODEL&directory=cache",
               empty_response(500));
  on_read("model.bin", "a", piece(0, "abc", 3));
  const DownloadOutputsReport report = download();
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].path, "cache");
  EXPECT_EQ(report.files.size(), 1U);
  EXPECT_TRUE(clock_->sleeps().empty());
}

TEST_F(JobDownload, RefusesAFileThatChangesWhileItsOnlyPieceComes) {
  const std::string torn = std::string(40'000, 'o') + std::string(40'000, 'n');
  on_outputs(listed("model.bin", "a", torn.size()));
  on_read("model.bin", "a", piece_of("1", 0, torn, torn.size()));
  on_read("model.bin", "a", piece_of("2", torn.size() - 1, "n", torn.size()));
  on_read("model.bin", "a", piece_of("2", 0, std::string(80'000, 'n'), torn.size()));
  EXPECT_THAT(failure(), HasSubstr("written anew while it was read"));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(JobDownload, DoesNotTakeAnAddressThatHasNeverAnsweredForAnOutage) {
  on_outputs(listed("model.bin", "a", 3));
  on_outage("GET", file_url("model.bin", "a"));
  EXPECT_THROW(download(), TransportError);
  EXPECT_TRUE(clock_->sleeps().empty());
}

TEST_F(JobDownload, OutlivesAnOutage) {
  on_outputs(listed("model.bin", "a", 6) + R"(,{"name":"deep","fileType":"directory"})");
  on_read("model.bin", "a", piece_of("1", 0, "abc", 6));
  on_outage("GET", file_url("model.bin", "a"));
  on_read("model.bin", "a", piece_of("1", 3, "def", 6));
  on_outage("POST", job_url() + "/listOutputFiles" + kVersion + "&outputdirectoryid=MODEL&directory=deep");
  on_list(listed("more.bin", "b", 0), "MODEL", "deep");
  int outages = 0;
  const auto report = client_.jobs().download_outputs(
      job_, folder_.path(), {.place = {"MODEL"}, .outage = {.on_outage = [&](const Error&) { ++outages; }}});
  EXPECT_EQ(outages, 2);
  EXPECT_EQ(report.files.size(), 2U);
  EXPECT_EQ(read(file()), "abcdef");
}

}  // namespace
}  // namespace batchai::test
