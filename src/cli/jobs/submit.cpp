#include "cli/jobs/submit.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/existing.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/waiting_reason.hpp"

namespace batchai::cli {
namespace {

/// Streams the output as long as somebody reads it.
void stream_output(const JobRef& ref, const Context& context) {
  try {
    stream_main_output(ref, context);
  } catch (const OutputError& error) {
    if (!error.closed()) {
      throw;
    }
    behind_filter(context.io.out).clear();  // what is still to come is the exit code
  } catch (const ServiceError& error) {
    constexpr int kBadRequest = 400;  // its directory is not in a mounted folder
    if (error.status() != kBadRequest) {
      throw;
    }
    context.warn("the output of the job '" + ref.job + "' cannot be streamed: " + error.what() +
                 "; waiting for the job's end");
  }
}

Result stream_to_the_end(const JobRef& ref, const Context& context) {
  stream_output(ref, context);
  return Result::nothing(wait_for_job(ref, std::nullopt, Report::kEnd, context));
}

Result wait_to_the_end(const JobRef& ref, Report report, const Context& context) {
  const int exit_code = wait_for_job(ref, std::nullopt, report, context);
  Result result = Result::model(get_job(ref, context), kJobType);
  result.exit_code = exit_code;
  return result;
}

}  // namespace

std::string show_job_hint(const JobRef& ref) {
  return "see 'batchai job show " + options_of(ref) + " -n " + ref.job + "'";
}

void refuse_existing_job(const JobRef& ref, const Context& context) {
  refuse_existing([&] { get_job(ref, context); }, "a job with the same name already exists in the experiment",
                  show_job_hint(ref));
}

std::vector<OptionSpec> submit_options() {
  return {
      {.name = "wait", .summary = "Wait for the job's end; the exit code is then the job's.", .kind = OptionKind::Flag},
      {.name = "stream", .summary = "The same, and print its output meanwhile.", .kind = OptionKind::Flag},
      log_failed_option("As --wait, with all errors of a failed job.")};
}

OptionSpec log_failed_option(std::string_view summary) {
  return {.name = "log-failed", .summary = summary, .kind = OptionKind::Flag};
}

Report wait_report(const Arguments& arguments) {
  return arguments.flag("log-failed") ? Report::kAllWithLog : Report::kAll;
}

Result submit_job(const JobRef& ref, const JobCreateParameters& parameters, const Arguments& arguments,
                  const Context& context) {
  auto operation = context.services.batchai().jobs().start_create(ref.group, ref.workspace, ref.experiment, ref.job,
                                                                  parameters, context.call());
  const Job job = wait_for(std::move(operation), context, "creating the job '" + ref.job + "'", show_job_hint(ref));
  if (context.options.dry_run) {
    return Result::model(job, kJobType);  // there is nothing to wait for
  }
  if (arguments.flag("stream")) {
    return stream_to_the_end(ref, context);
  }
  if (arguments.flag("wait") || arguments.flag("log-failed")) {
    return wait_to_the_end(ref, wait_report(arguments), context);
  }
  if (waits_in_vain(job)) {
    context.warn("the job '" + ref.job + "' is queued. " + waiting_text(job));
  }
  return Result::model(job, kJobType);
}

}  // namespace batchai::cli
