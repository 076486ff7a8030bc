// Submits a job in one process and waits for it in another.
//
//   resume submit FILE     submits the job and leaves a token in FILE; there is no secret in it
//   resume wait FILE       goes on from there
#include <batchai/batchai.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

using namespace batchai;

void submit(const Client& client, const std::string& file) {
  const auto operation = client.jobs().start_create(
      "demo", "ws", "e", "resumed",
      {.cluster = {.id = client.clusters().get("demo", "ws", "c").id},
       .node_count = 1,
       .custom_toolkit_settings = CustomToolkitSettings{.command_line = "echo done in another process"},
       .std_out_err_path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/afs"});
  std::ofstream(file) << operation.resume_token();
}

void wait(const Client& client, const std::string& file) {
  std::ifstream stream(file);
  const std::string token(std::istreambuf_iterator<char>(stream), {});
  const Job accepted = client.resume<Job>(token).wait();
  const Job ended = client.jobs().wait(JobRef::of(accepted));
  std::cout << ended.name << ' ' << ended.execution_state.value() << '\n';
}

int main(int argc, char** argv) try {
  const std::string what = argc == 3 ? argv[1] : "";
  if (what != "submit" && what != "wait") throw InvalidArgument("say submit or wait, and a file");
  (what == "submit" ? submit : wait)(Client::from_environment(), argv[2]);
} catch (const Error& error) {
  std::cerr << "resume: " << error.what() << '\n';
  return 1;
}
