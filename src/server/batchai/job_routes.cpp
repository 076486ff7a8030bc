#include "batchai/models/job.hpp"
#include "batchai/models/output_file.hpp"
#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"
#include "server/batchai/waiting.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/request_body.hpp"

namespace batchai::server {

namespace {

OutputFilesRequest output_files_request(const Request& request) {
  OutputFilesRequest wanted;
  wanted.directory_id = text_parameter(request, "outputdirectoryid", "");
  if (wanted.directory_id.empty()) {
    throw bad_parameter("outputdirectoryid", "outputdirectoryid: the query parameter is required");
  }
  wanted.directory = text_parameter(request, "directory", ".");
  wanted.link_expiry_minutes = number_parameter(request, "linkexpiryinminutes", 5, 600, 60);
  wanted.maximum = static_cast<std::size_t>(number_parameter(request, "maxresults", 1, 1000, 1000));
  wanted.after = text_parameter(request, "$skiptoken", "");
  return wanted;
}

Response output_files_response(const Request& request, const OutputFilesPage& page) {
  auto value = nlohmann::ordered_json::array();
  for (const auto& file : page.files) {
    value.push_back(in_order<File>(model_json(file)));
  }
  return list_response(request, std::move(value), page.next);
}

}  // namespace

std::vector<Route> job_routes(const BatchAiRules& rules) {
  auto& jobs = rules.jobs;
  auto& output_files = rules.output_files;
  const std::string one = kExperimentPath + "/jobs/{job}";
  const RouteHandler remote_login = [&](const Request& request, const PathParameters& path) {
    return login_list_response(request, jobs.remote_login(job_name(path), visible_groups(request)));
  };
  const RouteHandler list_output_files = [&](const Request& request, const PathParameters& path) {
    const auto wanted = output_files_request(request);
    return output_files_response(request, output_files.list(jobs.get(job_name(path)), wanted));
  };
  return {
      {"GET", kExperimentPath + "/jobs",
       [&](const Request& request, const PathParameters& path) {
         return list_response(request, jobs.list(experiment_name(path), page_request(request)));
       }},
      {"PUT", one,
       [&](const Request& request, const PathParameters& path) {
         return change_response(
             request, jobs.create(job_name(path), read_body<JobCreateParameters>(request.body), precondition(request)));
       }},
      {"GET", one,
       [&, await = rules.await](const Request& request, const PathParameters& path) {
         const JobName name = job_name(path);
         return read_or_wait(request, await, name.key(), [&] { return jobs.text(name, visible_groups(request)); });
       }},
      {"DELETE", one,
       [&](const Request& request, const PathParameters& path) {
         return removed_response(request, jobs.remove(job_name(path), precondition(request)));
       }},
      {"POST", one + "/terminate",
       [&](const Request& request, const PathParameters& path) {
         const auto operation = jobs.terminate(job_name(path));
         return operation ? accepted_response(request, *operation) : Response{};
       }},
      // Pagers of some clients follow a nextLink with GET.
      {"POST", one + "/listOutputFiles", list_output_files},
      {"GET", one + "/listOutputFiles", list_output_files},
      {"POST", one + "/listRemoteLoginInformation", remote_login},
      {"GET", one + "/listRemoteLoginInformation", remote_login},
  };
}

}  // namespace batchai::server
