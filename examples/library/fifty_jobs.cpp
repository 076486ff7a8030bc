// Submits fifty jobs, waits for all of them, and tells how each ended.
#include <batchai/batchai.hpp>

#include <iostream>

using namespace batchai;

int main() try {
  const auto client = Client::from_environment();
  const Cluster cluster = client.clusters().get("demo", "ws", "c");
  std::vector<JobSubmission> submissions;
  for (int i = 0; i < 50; ++i) {
    const std::string number = std::to_string(i);
    submissions.push_back(
        {.ref = {"demo", "ws", "e", "fifty-" + number},
         .parameters = {.cluster = {.id = cluster.id},
                        .node_count = 1,
                        .custom_toolkit_settings = CustomToolkitSettings{.command_line = "test " + number + " != 13"},
                        .std_out_err_path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/afs"}});
  }
  std::vector<JobRef> jobs;
  for (const JobResult& result : client.jobs().submit_all(submissions)) {
    result.value();  // throws what the service had against it
    jobs.push_back(result.ref);
  }
  int succeeded = 0;
  client.jobs().wait_all(jobs, [&](const JobResult& result) {
    const ExecutionState state = result.value().execution_state;
    succeeded += state == ExecutionState::kSucceeded ? 1 : 0;
    std::cout << result.ref.job << ' ' << state.value() << '\n';
  });
  std::cout << succeeded << " of " << jobs.size() << " jobs succeeded\n";
} catch (const Error& error) {
  std::cerr << "fifty_jobs: " << error.what() << '\n';
  return 1;
}
