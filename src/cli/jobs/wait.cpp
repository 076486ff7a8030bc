#include "cli/jobs/wait.hpp"

#include "cli/app/patience.hpp"
#include "cli/app/progress.hpp"
#include "cli/output/shape.hpp"

namespace batchai::cli {
namespace {

std::string duration_of(const JobExecutionInfo& info) {
  const auto length = std::chrono::duration_cast<std::chrono::seconds>(*info.end_time - *info.start_time);
  return to_output_duration(format_iso8601_duration(length));
}

/// Tells every piece of news once.
class Chronicle {
 public:
  explicit Chronicle(const Context& context) : context_(context) {}

  void add(const Job& job) {
    if (!submission_told_ && job.creation_time) {
      context_.say("job submitted at " + format_iso8601(*job.creation_time));
      submission_told_ = true;
    }
    if (!start_told_ && job.execution_info && job.execution_info->start_time) {
      context_.say("job started at " + format_iso8601(*job.execution_info->start_time));
      start_told_ = true;
    }
    if (job.execution_state.value() != state_) {
      state_ = job.execution_state.value();
      context_.say("job state: " + state_);
    }
  }

 private:
  const Context& context_;
  bool submission_told_ = false;
  bool start_told_ = false;
  std::string state_;
};

std::string describe_error(const BatchAiError& error) {
  std::string text = error.code + ": " + error.message;
  for (const NameValuePair& detail : error.details) {
    text += "\n  " + detail.name + ": " + detail.value;
  }
  return text;
}

int follow(const JobPlace& place, Pauses pauses, const Context& context) {
  Chronicle chronicle(context);
  Progress progress(context, "waiting for the job '" + place.job + "'");
  Patience patience(context);
  for (;;) {
    const Job job = patience([&] { return get_job(place, context); });
    chronicle.add(job);
    progress.show(job.execution_state.value());
    if (is_finished(job)) {
      tell_end(job, context);
      return exit_code_of(job);
    }
    context.pause(pauses.next());
  }
}

}  // namespace

void tell_end(const Job& job, const Context& context) {
  const JobExecutionInfo info = job.execution_info.value_or(JobExecutionInfo{});
  const std::string times =
      info.start_time && info.end_time ? " at " + format_iso8601(*info.end_time) + " after " + duration_of(info) : "";
  if (job.execution_state == ExecutionState::kSucceeded) {
    context.say("job '" + job.name + "' succeeded" + times);
    return;
  }
  const std::string code = info.exit_code ? " with exit code " + std::to_string(*info.exit_code) : "";
  context.say("job '" + job.name + "' failed" + code + times);
  for (const BatchAiError& error : info.errors) {
    context.say(describe_error(error));
  }
}

int wait_for_job(const JobPlace& place, Pauses pauses, const Context& context) {
  try {
    return follow(place, pauses, context);
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; the job '" + place.job + "' goes on in the service",
                      "stop it with 'batchai job terminate " + place.options() + " -n " + place.job + "'");
  }
}

}  // namespace batchai::cli
