#include "batchai/job_fixture.hpp"

namespace batchai::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JobOutput : public JobWorkTest {
 protected:
  /// `0:text` for each piece, `0!` for a file that begins anew.
  static std::vector<std::string> pieces_of(OutputFollower follower) {
    std::vector<std::string> pieces;
    for (const OutputPiece& piece : follower) {
      pieces.push_back(std::to_string(piece.file) + (piece.restarted ? "!" : ":" + piece.bytes));
    }
    return pieces;
  }

  static HttpResponse of_state(const std::string& etag, HttpResponse response) {
    response.headers.set("ETag", etag);
    return response;
  }
};

TEST_F(JobOutput, FollowsWhatTheFirstProcessPrints) {
  on_job("running");
  on_list("");
  on_job("running");
  on_list(listed("stdout-0.txt", "a"));
  on_job("running");
  on_read("stdout-0.txt", "a", piece(0, "one\n", 4));
  on_job("succeeded");
  on_read("stdout-0.txt", "a", piece(4, "two\n", 8));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)), ElementsAre("0:one\n", "0:two\n"));
}

TEST_F(JobOutput, FollowsSeveralFilesInOneThread) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_list("", "MODEL", "logs");
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_list(listed("train.log", "t"), "MODEL", "logs");
  on_read("stdout.txt", "a", piece(0, "one\n", 4));
  on_job("succeeded");
  on_list(listed("stdout.txt", "a"));
  on_read("stdout.txt", "a", piece(4, "two\n", 8));
  on_read("train.log", "t", piece(0, "loss\n", 5));
  OutputFollower follower = client_.jobs().follow(
      job_,
      {.files = {{.name = "stdout.txt"}, {.name = "stderr.txt"}, {.name = "train.log", .place = {"MODEL", "logs"}}}});
  std::vector<std::string> pieces;
  while (const auto piece = follower.next()) {
    pieces.push_back(std::to_string(piece->file) + "@" + std::to_string(piece->offset) + ":" + piece->bytes);
  }
  EXPECT_THAT(pieces, ElementsAre("0@0:one\n", "0@4:two\n", "2@0:loss\n"));
  EXPECT_THAT(follower.missing(), ElementsAre(1U));
  EXPECT_FALSE(follower.next()) << "it stays over";
}

TEST_F(JobOutput, FollowsErrorsTooAndLeavesOutABeginning) {
  const std::string files = listed("stderr-wk-0.txt", "e") + "," + listed("stdout-wk-0.txt", "a");
  on_job("succeeded");
  on_list(files);
  on_read("stdout-wk-0.txt", "a", piece(4, "two\n", 8));
  on_read("stderr-wk-0.txt", "e", piece(0, "oops\n", 5));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_, {.files = {{.from = 4}, {.errors = true}}})),
              ElementsAre("0:two\n", "1:oops\n"));
  EXPECT_EQ(network_->requests().at(2).headers.get("Range").rfind("bytes=4-", 0), 0U);
}

TEST_F(JobOutput, ReadsAFileThatIsThereWhenTheJobIsOverAtOnce) {
  on_job("succeeded");
  on_list(listed("stdout.txt", "a"));
  on_read("stdout.txt", "a", piece(0, "x", 1));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)), ElementsAre("0:x"));
  EXPECT_THAT(clock_->sleeps(), IsEmpty());
}

TEST_F(JobOutput, LosesNothingOverARefusedUrlAndAnOutage) {
  on_job("running");
  on_list(listed("stdout.txt", "old"));
  on_job("running");
  on_read("stdout.txt", "old", piece(0, "one", 3));
  on_job("running");
  on_read("stdout.txt", "old", empty_response(403));
  on_list(listed("stdout.txt", "new"));
  on_outage("GET", file_url("stdout.txt", "new"));
  on_read("stdout.txt", "new", piece(3, "two", 6));
  on_job("succeeded");
  on_read("stdout.txt", "new", piece(6, "three", 11));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)), ElementsAre("0:one", "0:two", "0:three"));
}

TEST_F(JobOutput, TellsThatAFileBeginsAnew) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("stdout.txt", "a", piece(0, "first\n", 6));
  on_job("succeeded");
  on_read("stdout.txt", "a", empty_response(416, {{"Content-Range", "bytes */4"}}));
  on_read("stdout.txt", "a", piece(0, "new\n", 4));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)), ElementsAre("0:first\n", "0!", "0:new\n"));
}

TEST_F(JobOutput, TellsThatAJobThatWasInTheQueueOnceMoreWritesItsFilesAnew) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("stdout.txt", "a", piece(0, "first\n", 6));
  on_job("queued");  // what the run has written in the meantime
  on_read("stdout.txt", "a", piece(0, "first\nend\n", 10));
  on_job("running");  // the next run has not opened the file
  on_read("stdout.txt", "a", piece(0, "first\nend\n", 10));
  on_job("running");
  on_read("stdout.txt", "a", piece(0, "the second run\n", 15));
  on_read("stdout.txt", "a", piece(0, "the second run\n", 15));
  on_job("succeeded");
  on_read("stdout.txt", "a", piece(15, "done\n", 20));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)),
              ElementsAre("0:first\n", "0:end\n", "0!", "0:the second run\n", "0:done\n"));
}

TEST_F(JobOutput, GoesOnWithAFileThatTheNextRunAppendsTo) {
  const std::string before(5000, 'x');
  on_job("running");
  on_list(listed("execution.log", "e"));
  on_job("running");
  on_read("execution.log", "e", of_state("1", piece(0, before, 5000)));
  on_job("queued");
  on_read("execution.log", "e", of_state("1", piece(904, before.substr(904), 5000)));
  on_job("running");
  on_read("execution.log", "e", of_state("2", piece(904, before.substr(904) + "started\n", 5008)));
  on_job("succeeded");
  on_read("execution.log", "e", of_state("3", piece(912, before.substr(912) + "started\nended\n", 5014)));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_, {.files = {{.name = "execution.log"}}})),
              ElementsAre("0:" + before, "0:started\n", "0:ended\n"));
  EXPECT_EQ(network_->requests().at(5).headers.get("Range").rfind("bytes=904-", 0), 0U) << "the last 4 KiB are enough";
}

TEST_F(JobOutput, TellsThatTheNextRunHasWrittenAsMuchAsTheOneBefore) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("stdout.txt", "a", piece(0, "done 12:00\n", 11));
  on_job("queued");
  on_read("stdout.txt", "a", piece(0, "done 12:00\n", 11));
  on_job("succeeded");
  on_read("stdout.txt", "a", piece(0, "done 12:07\n", 11));
  on_read("stdout.txt", "a", piece(0, "done 12:07\n", 11));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)), ElementsAre("0:done 12:00\n", "0!", "0:done 12:07\n"));
}

TEST_F(JobOutput, TellsThatTheNextRunHasEmptiedAFileAndWaitsWhileItIsNotThere) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("stdout.txt", "a", piece(0, "first\n", 6));
  on_job("queued");
  on_read("stdout.txt", "a", empty_response(404));
  on_job("running");
  on_read("stdout.txt", "a", empty_response(416, {{"Content-Range", "bytes */0"}}));
  on_read("stdout.txt", "a", empty_response(416, {{"Content-Range", "bytes */0"}}));
  on_job("succeeded");
  on_read("stdout.txt", "a", piece(0, "second\n", 7));
  EXPECT_THAT(pieces_of(client_.jobs().follow(job_)), ElementsAre("0:first\n", "0!", "0:second\n"));
}

TEST_F(JobOutput, GoesOnAfterAFailureWhereItWas) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("stdout.txt", "a", piece(0, "one", 6));
  on_read("stdout.txt", "a", empty_response(409));
  on_read("stdout.txt", "a", piece(3, "two", 6));
  OutputFollower follower = client_.jobs().follow(job_);
  EXPECT_EQ(follower.next()->bytes, "one");
  EXPECT_THROW(follower.next(), ServiceError);
  EXPECT_EQ(follower.next()->bytes, "two");
}

TEST_F(JobOutput, FollowingEndsAtTheDeadline) {
  on_job("running");
  on_list("");
  on_job("running");
  on_list("");
  OutputFollower follower =
      client_.jobs().follow(job_, {}, {.deadline = clock_->steady_now() + std::chrono::seconds(1)});
  EXPECT_THROW(follower.next(), DeadlineExceeded);
}

}  // namespace
}  // namespace batchai::test
