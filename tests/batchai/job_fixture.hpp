#pragma once

#include "batchai/batchai/client.hpp"
#include "support/client_call.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {

/// The job `j` of the experiment `e`, as a script tells.
class JobWorkTest : public ::testing::Test {
 protected:
  static std::string job_url(const std::string& name = "j") {
    return std::string(kEndpoint) + "/subscriptions/" + kSubscription +
           "/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w/experiments/e/jobs/" + name;
  }
  static std::string job(const std::string& state, const std::string& name = "j") {
    return R"({"name":")" + name + R"(","properties":{"executionState":")" + state + "\"}}";
  }
  void on_job(const std::string& state, const std::string& name = "j") {
    network_->on("GET", job_url(name) + kVersion, json_response(200, job(state, name)));
  }
  /// A listing of `directory`, which is stdouterr where it is empty.
  void on_list(const std::string& files, const std::string& id = "stdouterr", const std::string& path = "") {
    network_->on("POST",
                 job_url() + "/listOutputFiles" + kVersion + "&outputdirectoryid=" + id +
                     (path.empty() ? "" : "&directory=" + path),
                 json_response(200, R"({"value":[)" + files + "]}"));
  }
  static std::string listed(const std::string& name, const std::string& signature, std::size_t size = 0) {
    return R"({"name":")" + name + R"(","fileType":"file","downloadUrl":")" + file_url(name, signature) +
           R"(","properties":{"lastModified":"2018-06-07T21:16:21Z","contentLength":)" + std::to_string(size) + "}}";
  }
  static std::string file_url(const std::string& name, const std::string& signature) {
    return "https://acct.file.core.windows.net/s/" + name + "?sig=" + signature;
  }
  static HttpResponse piece(std::size_t first, const std::string& bytes, std::size_t total) {
    return {.status = 206,
            .headers = {{"Content-Range", "bytes " + std::to_string(first) + "-" +
                                              std::to_string(first + bytes.size() - 1) + "/" + std::to_string(total)}},
            .body = bytes};
  }
  void on_read(const std::string& name, const std::string& signature, HttpResponse response) {
    network_->on("GET", file_url(name, signature), std::move(response));
  }
  void on_outage(const std::string& method, const std::string& target) {
    network_->on_call(method, target, [](const HttpRequest&, const CallContext&) -> HttpResponse {
      throw TransportError("https://service", "connection refused");
    });
  }

  static constexpr const char* kVersion = "?api-version=2018-05-01";
  const JobRef job_{"g", "w", "e", "j"};
  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  const Client client_{
      std::make_shared<FakeCredential>(), kSubscription,
      ManagementOptions{.endpoint = kEndpoint,
                        .client = {.transport = network_, .clock = clock_, .retry = {.max_retries = 0}}}};
};

}  // namespace batchai::test
