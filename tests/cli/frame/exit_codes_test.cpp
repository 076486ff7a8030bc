#include "cli/cli_fixture.hpp"
#include "cli/frame/failure.hpp"
#include "cli/jobs/job_ref.hpp"
#include "cli/small_world.hpp"

#include <filesystem>

// The README's table of exit codes, from both sides: what errors become, and what commands end with.
namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Failure failure_of(const std::exception& error) { return describe_failure(error); }

ServiceError service_error(int status, const std::string& code = "Code") {
  return ServiceError(status, ErrorBody{.code = code, .message = "text"}, "id-1");
}

TEST(ExitCode, OfAnAnswerIsThatOfItsStatus) {
  EXPECT_EQ(failure_of(service_error(400)).exit_code, 1);
  EXPECT_EQ(failure_of(service_error(401)).exit_code, 4);
  EXPECT_EQ(failure_of(service_error(403, "AuthorizationFailed")).exit_code, 1);
  EXPECT_EQ(failure_of(service_error(403, "AuthenticationFailed")).exit_code, 4);
  EXPECT_EQ(failure_of(service_error(400, "AuthenticationFailed")).exit_code, 1);
  EXPECT_EQ(failure_of(service_error(404)).exit_code, 3);
  EXPECT_EQ(failure_of(service_error(405)).exit_code, 1);
  EXPECT_EQ(failure_of(service_error(409)).exit_code, 1);
  EXPECT_EQ(failure_of(service_error(500)).exit_code, 1);
}

TEST(ExitCode, OfAServersFailureComesWithTheIdForItsLog) {
  EXPECT_EQ(failure_of(service_error(499)).hint, "");
  EXPECT_EQ(failure_of(service_error(500)).hint, "request id for the service's log: id-1");
  EXPECT_EQ(failure_of(ServiceError(500, {}, "")).hint, "");
}

TEST(ExitCode, OfOtherErrorsIsThatOfTheirKind) {
  EXPECT_EQ(failure_of(Cancelled()).exit_code, 130);
  EXPECT_EQ(failure_of(AuthenticationError("no")).exit_code, 4);
  EXPECT_EQ(failure_of(InvalidArgument("no")).exit_code, 2);
  EXPECT_EQ(failure_of(UsageError("no")).exit_code, 2);
  EXPECT_EQ(failure_of(TransportError("https://h", "no")).exit_code, 1);
  EXPECT_EQ(failure_of(DeadlineExceeded("no")).exit_code, 1);
  EXPECT_EQ(failure_of(OutputError(EPIPE)).exit_code, 0);
  EXPECT_EQ(failure_of(OutputError(ENOSPC)).exit_code, 1);
  EXPECT_EQ(failure_of(std::runtime_error("no")).exit_code, 1);
  const Failure local =
      failure_of(std::filesystem::filesystem_error("x", "/a", std::make_error_code(std::errc::io_error)));
  EXPECT_EQ(local.exit_code, 1);
  EXPECT_EQ(local.message, "'/a': Input/output error");
}

Job ended(const char* state, std::optional<int> exit_code) {
  return {.name = "j",
          .execution_state = ExecutionState(state),
          .execution_info = JobExecutionInfo{.exit_code = exit_code}};
}

TEST(ExitCode, OfAJobIsItsOwnAndNeverThatOfSuccessWhereItFailed) {
  EXPECT_EQ(exit_code_of(ended("succeeded", 0)), 0);
  EXPECT_EQ(exit_code_of(ended("succeeded", std::nullopt)), 0);
  EXPECT_EQ(exit_code_of(ended("failed", 1)), 1);
  EXPECT_EQ(exit_code_of(ended("failed", 137)), 137);
  EXPECT_EQ(exit_code_of(ended("failed", 255)), 255);
  EXPECT_EQ(exit_code_of(ended("failed", 257)), 1);
  EXPECT_EQ(exit_code_of(ended("failed", -1)), 255);
  EXPECT_EQ(exit_code_of(ended("failed", -2)), 254);
  for (const std::optional<int> none : {std::optional<int>(0), std::optional<int>(256), std::optional<int>(-256),
                                        std::optional<int>(65'536), std::optional<int>()}) {
    EXPECT_EQ(exit_code_of(ended("failed", none)), 255);
  }
  Job without_info = ended("failed", 1);
  without_info.execution_info.reset();
  EXPECT_EQ(exit_code_of(without_info), 255);
}

/// What exists in a create is not the command line's mistake; names that nothing has end with 3.
class ExitCodes : public CliTest {
 protected:
  int code(const std::vector<std::string>& words) { return run(words).exit_code; }
  const std::string cluster_ = id(workspace_path() + "/clusters/");
};

TEST_F(ExitCodes, OfCreatesThatMeetWhatIsThereAreOne) {
  network_ = std::make_shared<SmallWorld>();
  const std::string job = write_file("job.json", "{}");
  EXPECT_EQ(code({"cluster", "create", "-g", "g", "-w", "w", "-n", "c", "-s", "S", "-t", "1", "-p", "pw"}), 1);
  EXPECT_EQ(code({"file-server", "create", "-g", "g", "-w", "w", "-n", "f", "-s", "S"}), 1);
  EXPECT_EQ(code({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-c", "c", "-f", job}), 1);
  EXPECT_EQ(code({"job", "resubmit", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "--new-name", "k"}), 1);
}

TEST_F(ExitCodes, OfSeveralIdsAreThoseOfTheFirstFailureAndASignInEndsAll) {
  transport_->on("DELETE", url(workspace_path() + "/clusters/a"),
                 json_response(409, R"({"error":{"code":"Conflict"}})"));
  transport_->on("DELETE", url(workspace_path() + "/clusters/b"), not_found("b"));
  EXPECT_EQ(code({"cluster", "delete", "-y", "--ids", cluster_ + "a", cluster_ + "b"}), 1);
  for (int tries = 0; tries < 2; ++tries) {  // the second one with a new token
    transport_->on("DELETE", url(workspace_path() + "/clusters/a"),
                   json_response(401, R"({"error":{"code":"Expired"}})"));
  }
  EXPECT_EQ(code({"cluster", "delete", "-y", "--ids", cluster_ + "a", cluster_ + "b"}), 4);
  EXPECT_THAT(transport_->requests(), SizeIs(4)) << "the second one was not asked for";
}

TEST_F(ExitCodes, OfATagThatIsNotThereIsThree) {
  transport_->on("GET", url(workspace_path()), json_response(200, R"({"name":"w","location":"l","tags":{"a":"b"}})"));
  expect_error({"workspace", "update", "-g", "g", "-n", "w", "--remove", "tags.c"}, 3,
               "batchai: error: --remove: there is no tag 'c'");
}

}  // namespace
}  // namespace batchai::cli::test
