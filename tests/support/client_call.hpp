#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/error.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_credential.hpp"
#include "support/fake_transport.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {

inline constexpr const char* kEndpoint = "https://management.azure.com";
inline constexpr const char* kSubscription = "11111111-2222-3333-4444-555555555555";
inline constexpr const char* kOperationUrl = "https://management.azure.com/operations/1?api-version=2018-05-01";

/// What a call to one operation of a service has to look like.
template <class Client>
struct ClientCall {
  std::string name;
  std::string method;
  /// Path and query.
  std::string target;
  std::optional<nlohmann::json> body;
  int status = 200;
  /// Body of the answer; of the final one where the operation is a long-running one.
  std::string answer;
  /// Whether it is answered with 202 and an operation to poll.
  bool long_running = false;
  /// For a POST: it changes nothing.
  bool only_reads = false;
  /// Makes the call and tells what came back.
  std::function<nlohmann::json(const Client&)> run;
  nlohmann::json result;

  std::string url() const { return kEndpoint + target; }
  friend std::ostream& operator<<(std::ostream& out, const ClientCall& call) { return out << call.name; }
};

/// A client on a scripted network.
template <class Client>
class ScriptedClient {
 public:
  ScriptedClient() : ScriptedClient(kSubscription, kEndpoint) {}
  explicit ScriptedClient(int retries) : ScriptedClient(kSubscription, kEndpoint, retries) {}
  ScriptedClient(const std::string& subscription, const std::string& endpoint, int retries = 0)
      : client(std::make_shared<FakeCredential>(), subscription,
               ManagementOptions{.endpoint = endpoint,
                                 .client = {.transport = transport,
                                            .clock = std::make_shared<FakeClock>(),
                                            .retry = {.max_retries = retries}}}) {}

  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  Client client;
};

template <class Client>
void script(FakeTransport& network, const ClientCall<Client>& call) {
  if (!call.long_running) {
    network.on(call.method, call.url(), json_response(call.status, call.answer));
    return;
  }
  network.on(call.method, call.url(), empty_response(202, {{"Azure-AsyncOperation", kOperationUrl}}));
  network.on("GET", kOperationUrl, json_response(200, R"({"status": "InProgress"})"));
  network.on("GET", kOperationUrl, json_response(200, R"({"status": "Succeeded"})"));
  if (call.method == "PUT") {
    network.on("GET", call.url(), json_response(200, call.answer));
  }
}

/// Sends the request as described and decodes the answer.
template <class Client>
void expect_request_and_result(const ClientCall<Client>& call) {
  ScriptedClient<Client> scripted;
  script(*scripted.transport, call);
  EXPECT_EQ(call.run(scripted.client), call.result);
  const HttpRequest sent = scripted.transport->requests().at(0);
  EXPECT_EQ(sent.headers.get("Authorization"), "Bearer token-1");
  EXPECT_EQ(sent.headers.get("Accept"), "application/json");
  if (call.body) {
    EXPECT_EQ(nlohmann::json::parse(sent.body), *call.body);
    EXPECT_EQ(sent.headers.get("Content-Type"), "application/json");
  } else {
    EXPECT_EQ(sent.body, "");
  }
}

/// Repeats the request after a 500 and a 504, unless it may have changed something the first time.
template <class Client>
void expect_repeated_where_harmless(const ClientCall<Client>& call) {
  ScriptedClient<Client> scripted(2);
  scripted.transport->on(call.method, call.url(), empty_response(500));
  if (!call.only_reads && !is_idempotent(call.method)) {
    EXPECT_THROW(call.run(scripted.client), ServiceError);
    return;
  }
  scripted.transport->on(call.method, call.url(), empty_response(504));
  script(*scripted.transport, call);
  EXPECT_EQ(call.run(scripted.client), call.result);
}

/// Turns an error document into a ServiceError with all that is in it.
template <class Client>
void expect_service_error(const ClientCall<Client>& call) {
  ScriptedClient<Client> scripted;
  scripted.transport->on(call.method, call.url(),
                         json_response(409,
                                       R"({"error": {"code": "Conflict", "message": "It is busy.", "target": "name",
                                           "details": [{"code": "Inner", "message": "Still running."}]}})",
                                       {{"x-ms-request-id", "request-1"}}));
  try {
    call.run(scripted.client);
    FAIL() << "nothing was thrown";
  } catch (const Conflict& error) {
    EXPECT_EQ(error.status(), 409);
    EXPECT_EQ(error.method(), call.method);
    EXPECT_EQ(error.url(), call.url());
    EXPECT_EQ(error.client_request_id(), scripted.transport->last_request().headers.get("x-ms-client-request-id"));
    EXPECT_EQ(error.code(), "Conflict");
    EXPECT_EQ(error.body().message, "It is busy.");
    EXPECT_EQ(error.body().target, "name");
    ASSERT_EQ(error.body().details.size(), 1U);
    EXPECT_EQ(error.body().details[0].code, "Inner");
    EXPECT_EQ(error.request_id(), "request-1");
  }
}

/// Keeps an error body that is not JSON, as proxies send it.
template <class Client>
void expect_foreign_error(const ClientCall<Client>& call) {
  ScriptedClient<Client> scripted;
  scripted.transport->on(call.method, call.url(), {.status = 403, .body = "Blocked by the proxy."});
  try {
    call.run(scripted.client);
    FAIL() << "nothing was thrown";
  } catch (const ServiceError& error) {
    EXPECT_EQ(error.status(), 403);
    EXPECT_EQ(error.body().message, "Blocked by the proxy.");
  }
}

/// Names of what a list holds.
template <class List>
nlohmann::json names_of(List list) {
  nlohmann::json names = nlohmann::json::array();
  for (const auto& item : list) {
    names.push_back(item.name);
  }
  return names;
}

/// Waits for a removal or termination.
template <class Operation>
nlohmann::json wait_for(Operation operation) {
  operation.wait();
  return "done";
}

}  // namespace batchai::test
