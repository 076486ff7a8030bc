#pragma once

#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {

/// One job, `j` of the experiment `e`, as a script tells.
class JobTest : public CliTest {
 protected:
  const std::string job_ = workspace_path() + "/experiments/e/jobs/j";
  const std::vector<std::string> place_{"-g", "g", "-w", "w", "-e", "e"};

  std::vector<std::string> words(std::vector<std::string> command, const std::vector<std::string>& more) const {
    command.insert(command.end(), place_.begin(), place_.end());
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }

  static std::string job(const std::string& state, const std::string& info = "{}", const std::string& tool = "custom") {
    return R"({"name":"j","properties":{"executionState":")" + state +
           R"(","provisioningState":"succeeded","toolType":")" + tool +
           R"(","creationTime":"2018-06-07T21:16:00Z","executionInfo":)" + info + "}}";
  }
  void on_job(const std::string& state, const std::string& info = "{}") {
    transport_->on("GET", url(job_), batchai::test::json_response(200, job(state, info)));
  }
  /// A listing of stdouterr with one file behind a signed URL.
  void on_list(const std::string& files) {
    transport_->on("POST", listing_url(), batchai::test::json_response(200, R"({"value":[)" + files + "]}"));
  }
  std::string listing_url() const {
    return "https://management.azure.com/subscriptions/sub" + job_ +
           "/listOutputFiles?api-version=2018-05-01&outputdirectoryid=stdouterr";
  }
  /// `job create` of a small job.
  std::vector<std::string> creation(const std::vector<std::string>& more) const {
    const std::string file = write_file("job.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p",
        "customToolkitSettings":{"commandLine":"true"}}})");
    std::vector<std::string> all = words({"job", "create"}, {"-n", "j", "-c", "c", "-f", file});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  /// What creation() asks for.
  void on_creation(HttpResponse answer) {
    const std::string cluster = workspace_path() + "/clusters/c";
    transport_->on("GET", url(job_), not_found("j"));
    transport_->on("GET", url(cluster),
                   batchai::test::json_response(200, R"({"id":")" + id(cluster) + R"(","name":"c"})"));
    transport_->on("PUT", url(job_), std::move(answer));
  }
  static std::string listed(const std::string& name, const std::string& signature, std::size_t size = 0) {
    return R"({"name":")" + name + R"(","fileType":"file","downloadUrl":"https://acct.file.core.windows.net/s/)" +
           name + "?sig=" + signature + R"(","properties":{"lastModified":"2018-06-07T21:16:21Z","contentLength":)" +
           std::to_string(size) + "}}";
  }
  static HttpResponse piece(std::size_t first, const std::string& bytes, std::size_t total) {
    return {.status = 206,
            .headers = {{"Content-Range", "bytes " + std::to_string(first) + "-" +
                                              std::to_string(first + bytes.size() - 1) + "/" + std::to_string(total)}},
            .body = bytes};
  }
  void on_read(const std::string& signature, HttpResponse response) {
    transport_->on("GET", "https://acct.file.core.windows.net/s/stdout.txt?sig=" + signature, std::move(response));
  }
  void on_error_read(const std::string& signature, HttpResponse response) {
    transport_->on("GET", "https://acct.file.core.windows.net/s/stderr.txt?sig=" + signature, std::move(response));
  }
  /// The request and all its repetitions get no answer.
  void on_outage(const std::string& method, const std::string& target) {
    for (int tries = 0; tries < 4; ++tries) {
      transport_->on_call(method, target, [](const HttpRequest&, const CallContext&) -> HttpResponse {
        throw TransportError("https://service", "connection refused");
      });
    }
  }
  static std::string read_url(const std::string& signature) {
    return "https://acct.file.core.windows.net/s/stdout.txt?sig=" + signature;
  }
  Outcome stream() { return run(words({"job", "file", "stream"}, {"-j", "j", "-f", "stdout.txt"})); }
};

}  // namespace batchai::cli::test
