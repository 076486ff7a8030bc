#include "e2e/server_test.hpp"

#include "batchai/core/url.hpp"
#include "e2e/service.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>

namespace batchai::test {

std::vector<std::string> ServerTest::command(const std::vector<std::string>& arguments) const {
  return std::vector<std::string>{BATCHAI_SERVER_PROGRAM,
                                  "--data-dir",
                                  data_.string(),
                                  "--management-port",
                                  "0",
                                  "--files-port",
                                  "0",
                                  "--tls",
                                  "off"} +
         arguments;
}

void ServerTest::start(const std::vector<std::string>& arguments, const std::vector<std::string>& before) {
  // Most tests need no containers, and trying whether there can be some takes the machine's time.
  const bool asked = std::ranges::find(arguments, "--containers") != arguments.end();
  server_ = std::make_unique<Process>(
      before +
      command(arguments + (asked ? std::vector<std::string>() : std::vector<std::string>{"--containers", "refuse"})));
  eventually("the service is ready", [this] { return server_->out().find("ready ") != std::string::npos; });
  endpoints_ = endpoints();
}

ProcessResult ServerTest::run(const std::vector<std::string>& arguments) const { return run_process(arguments); }

ProcessResult ServerTest::stop() {
  server_->signal(SIGTERM);
  return server_->wait();
}

void ServerTest::kill() {
  server_->signal(SIGKILL);
  EXPECT_EQ(server_->wait().exit_code, 128 + SIGKILL);
}

std::filesystem::path ServerTest::data() const {
  return std::filesystem::exists(data_ / "endpoints.json")
             ? data_
             : std::filesystem::path("/proc/" + std::to_string(server_->pid()) + "/root" + data_.string());
}

nlohmann::json ServerTest::endpoints() const { return nlohmann::json::parse(std::ifstream(data() / "endpoints.json")); }

std::uint16_t ServerTest::port() const {
  return Url::parse(endpoints_.at("managementEndpoint").get<std::string>()).port();
}

HttpResponse ServerTest::send(const std::string& method, const std::string& path, Headers headers,
                              std::string body) const {
  const std::string url = endpoints_.at("managementEndpoint").get<std::string>() + path;
  return transport_->send(
      {.method = method, .url = Url::parse(url), .headers = std::move(headers), .body = std::move(body)}, {});
}

std::string ServerTest::token() const {
  const std::string form = "grant_type=client_credentials&resource=https%3A%2F%2Fmanagement.azure.com&client_id=" +
                           endpoints_.at("clientId").get<std::string>() +
                           "&client_secret=" + percent_encode(endpoints_.at("clientSecret").get<std::string>());
  const auto answer = send("POST", "/" + endpoints_.at("tenantId").get<std::string>() + "/oauth2/token",
                           {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
  EXPECT_EQ(answer.status, 200) << answer.body;
  return nlohmann::json::parse(answer.body).at("access_token");
}

std::string ServerTest::group_path(const std::string& name) const {
  return "/subscriptions/" + endpoints_.at("subscriptionId").get<std::string>() + "/resourcegroups/" + name +
         "?api-version=2021-04-01";
}

HttpResponse ServerTest::put_group(const std::string& token, const std::string& name) const {
  return send("PUT", group_path(name), {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}},
              R"({"location":"eastus"})");
}

HttpResponse ServerTest::get_group(const std::string& token, const std::string& name) const {
  return get(group_path(name), {{"Authorization", "Bearer " + token}});
}

}  // namespace batchai::test
