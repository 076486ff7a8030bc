// Tests a function that uses the library, without a network: a policy answers in place of the service.
#include <batchai/batchai.hpp>

#include <algorithm>
#include <iostream>

using namespace batchai;

/// What is tested: how many jobs of an experiment have failed.
long failed_jobs(const Client& client) {
  const auto jobs = client.jobs().list("demo", "ws", "e").to_vector();
  return std::ranges::count_if(jobs, [](const Job& job) { return job.execution_state == ExecutionState::kFailed; });
}

HttpResponse answer(HttpRequest& request, const NextPolicy&, const CallContext&) {
  if (!request.url.path().ends_with("/workspaces/ws/experiments/e/jobs")) return {.status = 404};
  return {.status = 200, .body = R"({"value": [{"name": "a", "properties": {"executionState": "failed"}},
                                {"name": "b", "properties": {"executionState": "succeeded"}}]})"};
}

int main() {
  const auto credential = std::make_shared<StaticTokenCredential>(Secret("none"));
  const Client client{credential, "subscription", {.client = {.per_call_policies = {make_policy(answer)}}}};
  const long failed = failed_jobs(client);
  std::cout << (failed == 1 ? "passed" : "FAILED") << '\n';
  return failed == 1 ? 0 : 1;
}
