#include "batchai/batchai/jobs.hpp"

#include "batchai/core/error.hpp"
#include "batchai/paths.hpp"
#include "core/answer.hpp"
#include "core/long_poll.hpp"

#include <chrono>

namespace batchai::inline v1 {
namespace {

constexpr int kNotModified = 304;

/// A service that waits for a moment with a job that has not changed has waited; what answers sooner has nothing to
/// wait for, as where something on the way takes conditions or ETags off.
constexpr std::chrono::seconds kLeastWait{1};

}  // namespace

Job JobsClient::get(std::string_view group, std::string_view workspace, std::string_view experiment,
                    std::string_view job, const CallContext& context) const {
  return call<Job>(channel_, make_request("GET", job_url(channel_, group, workspace, experiment, job)), context);
}

JobSnapshot JobsClient::get_next(std::string_view group, std::string_view workspace, std::string_view experiment,
                                 std::string_view job, const JobSnapshot& last, const CallContext& context) const {
  HttpRequest request = make_request("GET", job_url(channel_, group, workspace, experiment, job));
  if (!last.etag.empty()) {
    request.headers.set("If-None-Match", last.etag);
  }
  const Clock& clock = *channel_->client().clock;
  const auto asked_at = clock.steady_now();
  const HttpResponse response = channel_->send_patiently(std::move(request), context);
  if (response.status == kNotModified && !last.etag.empty()) {
    return {last.job, last.etag, has_waited(response)};
  }
  require_success(response);
  const std::string etag = response.headers.get("ETag");
  const bool is_new = !etag.empty() && etag != last.etag;
  // A queued job comes once more after ten seconds with what it waits for, which is not in its ETag.
  const bool took_time = clock.steady_now() - asked_at >= kLeastWait;
  return {parse_json<Job>(response.body, kAnswer), etag, (is_new || took_time) && has_waited(response)};
}

Pageable<Job> JobsClient::list(std::string_view group, std::string_view workspace, std::string_view experiment,
                               const ListOptions& options, const CallContext& context) const {
  Url url = experiment_url(channel_, group, workspace, experiment).append_segment("jobs");
  add_page_size(url, options.page_size);
  return batchai::list<Job>(channel_, make_request("GET", std::move(url)), context);
}

Operation<Job> JobsClient::start_create(std::string_view group, std::string_view workspace, std::string_view experiment,
                                        std::string_view job, const JobCreateParameters& parameters,
                                        const CallContext& context) const {
  if (parameters.node_count.value_or(0) < 1) {
    throw InvalidArgument("a job needs at least 1 node, and its node_count is " +
                          (parameters.node_count ? std::to_string(*parameters.node_count) : "not set") + "; set it");
  }
  return start<Job>(channel_,
                    make_request("PUT", job_url(channel_, group, workspace, experiment, job), request_body(parameters)),
                    context);
}

Operation<std::monostate> JobsClient::start_remove(std::string_view group, std::string_view workspace,
                                                   std::string_view experiment, std::string_view job,
                                                   const CallContext& context) const {
  return start<std::monostate>(channel_, make_request("DELETE", job_url(channel_, group, workspace, experiment, job)),
                               context);
}

Operation<std::monostate> JobsClient::start_terminate(std::string_view group, std::string_view workspace,
                                                      std::string_view experiment, std::string_view job,
                                                      const CallContext& context) const {
  const Url url = job_url(channel_, group, workspace, experiment, job).append_segment("terminate");
  return start<std::monostate>(channel_, make_request("POST", url), context);
}

Pageable<File> JobsClient::list_output_files(std::string_view group, std::string_view workspace,
                                             std::string_view experiment, std::string_view job,
                                             const ListOutputFilesOptions& options, const CallContext& context) const {
  if (options.directory_id.empty()) {
    throw InvalidArgument("the id of the output directory is missing: name one of the job's, or stdouterr");
  }
  Url url = job_url(channel_, group, workspace, experiment, job).append_segment("listOutputFiles");
  url.add_query("outputdirectoryid", options.directory_id);
  if (options.directory) {
    url.add_query("directory", *options.directory);
  }
  add_bounded(url, "linkexpiryinminutes", options.link_expiry_in_minutes, 5, 600);
  add_page_size(url, options.page_size);
  return batchai::list<File>(channel_, make_reading_post(std::move(url)), context);
}

Pageable<RemoteLoginInformation> JobsClient::list_remote_login_information(std::string_view group,
                                                                           std::string_view workspace,
                                                                           std::string_view experiment,
                                                                           std::string_view job,
                                                                           const CallContext& context) const {
  const Url url = job_url(channel_, group, workspace, experiment, job).append_segment("listRemoteLoginInformation");
  return batchai::list<RemoteLoginInformation>(channel_, make_reading_post(url), context);
}

}  // namespace batchai::inline v1
