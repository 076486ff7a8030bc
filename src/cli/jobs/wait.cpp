#include "cli/jobs/wait.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/outage.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/jobs/logs.hpp"
#include "cli/jobs/waiting_reason.hpp"
#include "cli/output/shape.hpp"

namespace batchai::cli {
namespace {

std::string duration_of(const JobExecutionInfo& info) {
  const auto length = std::chrono::duration_cast<std::chrono::seconds>(*info.end_time - *info.start_time);
  return to_output_duration(format_iso8601_duration(length));
}

/// Reports every change once.
class Chronicle {
 public:
  explicit Chronicle(const Context& context) : context_(context) {}

  void add(const Job& job) {
    if (!submission_told_ && job.creation_time) {
      context_.notice("job submitted at " + moment_text(*job.creation_time));
      submission_told_ = true;
    }
    if (!start_told_ && job.execution_info && job.execution_info->start_time) {
      context_.notice("job started at " + moment_text(*job.execution_info->start_time));
      start_told_ = true;
    }
    if (auto state = state_text(job); state != state_) {
      state_ = std::move(state);
      context_.notice("job state: " + state_);
    }
    if (auto reason = waiting_text(job); reason != reason_) {
      reason_ = std::move(reason);
      if (!reason_.empty()) {
        context_.notice(reason_);
      }
    }
  }

 private:
  const Context& context_;
  bool submission_told_ = false;
  bool start_told_ = false;
  std::string state_;
  std::string reason_;
};

/// How a finished job ended, with its errors.
void tell_end(const Job& job, const Context& context) {
  const JobExecutionInfo info = job.execution_info.value_or(JobExecutionInfo{});
  const std::string times =
      info.start_time && info.end_time ? " at " + moment_text(*info.end_time) + " after " + duration_of(info) : "";
  if (job.execution_state == ExecutionState::kSucceeded) {
    context.notice("job '" + job.name + "' succeeded" + times);
    return;
  }
  const std::string code = info.exit_code ? " with exit code " + std::to_string(*info.exit_code) : "";
  context.notice("job '" + job.name + "' failed" + code + times);
  for (const BatchAiError& error : info.errors) {
    context.notice(error_text(error));
  }
}

}  // namespace

std::string moment_text(Timestamp time) {
  constexpr std::size_t kUpToMilliseconds = std::string_view("2018-06-21T17:15:18.288").size();
  return format_iso8601_ticks(time).substr(0, kUpToMilliseconds) + "Z";
}

std::string error_text(const BatchAiError& error) {
  std::string text = error.code + ": " + error.message;
  for (const NameValuePair& detail : error.details) {
    text += "\n  " + detail.name + ": " + detail.value;
  }
  return text;
}

int wait_for_job(const JobRef& ref, std::optional<Duration> interval, Report report, const Context& context) {
  int exit_code = kDone;
  follow_job(ref, context, [&](bool& reached) {
    Chronicle chronicle(context);
    Progress progress(context, "waiting for the job '" + ref.job + "'");
    const auto show = [&](const Job& job) {
      reached = true;
      if (report != Report::kEnd) {
        chronicle.add(job);
      }
      progress.show(state_text(job));
    };
    const Job job = context.services.batchai().jobs().wait(
        ref, {.on_look = show, .interval = interval, .outage = outage_options(context)}, context.call());
    tell_end(job, context);
    exit_code = exit_code_of(job);
    if (job.execution_state == ExecutionState::kFailed) {
      tell_failure(ref, job, report, context);
    }
  });
  return exit_code;
}

void follow_job(const JobRef& ref, const Context& context, const std::function<void(bool& reached)>& follow) {
  const std::string what = "the job '" + ref.job + "'";
  const std::string job = options_of(ref) + " -n " + ref.job;
  const std::string stop = "stop it with 'batchai job terminate " + job + "'";
  bool reached = false;
  try {
    follow(reached);
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; " + what + " goes on in the service",
                      "read on with 'batchai job logs " + job + " -f', or " + stop);
  } catch (const DeadlineExceeded&) {
    if (!reached) {
      throw;
    }
    throw CommandError(
        kFailed, "gave up waiting for " + what + " " + context.after_timeout() + "; the job goes on in the service",
        "wait longer with --timeout, or " + stop);
  }
}

}  // namespace batchai::cli
