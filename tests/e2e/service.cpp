#include "e2e/service.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

namespace batchai::test {
namespace {

const std::vector<std::string> kInWorkspace = {"-g", "rg", "-w", "ws"};

bool is_alive(int pid) {
  if (::kill(pid, 0) != 0) {
    return false;
  }
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto behind_name = text.rfind(')');
  return behind_name != std::string::npos && text.size() > behind_name + 2 && text[behind_name + 2] != 'Z';
}

}  // namespace

void eventually(const std::string& what, const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(3);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) {
      FAIL() << "it did not come about within three minutes: " << what;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::vector<std::string> operator+(std::vector<std::string> left, const std::vector<std::string>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

ServiceTest::~ServiceTest() {
  if (std::filesystem::exists(data_folder())) {
    batchai({"local", "stop"});
  }
}

ProcessResult ServiceTest::batchai(const std::vector<std::string>& arguments, const std::string& input) const {
  return run_process(std::vector<std::string>{BATCHAI_PROGRAM} + arguments, environment_, input);
}

std::unique_ptr<Process> ServiceTest::batchai_in_background(const std::vector<std::string>& arguments) const {
  return std::make_unique<Process>(std::vector<std::string>{BATCHAI_PROGRAM} + arguments, environment_);
}

nlohmann::json ServiceTest::batchai_json(const std::vector<std::string>& arguments) const {
  const ProcessResult result = batchai(arguments);
  EXPECT_EQ(result.exit_code, 0) << ::testing::PrintToString(arguments) << "\n" << result.err;
  return result.out.empty() ? nlohmann::json() : nlohmann::json::parse(result.out, nullptr, false);
}

void ServiceTest::batchai_ok(const std::vector<std::string>& arguments) const { batchai_json(arguments); }

std::filesystem::path ServiceTest::data_folder() const { return folder_.path() / "config" / "local"; }

void ServiceTest::start_service(const std::vector<std::string>& options) {
  std::vector<std::string> command{"local", "start", "--management-port", "0", "--files-port", "0"};
  // Most tests need none, and trying whether there can be some takes the machine's time.
  if (std::ranges::find(options, "--containers") == options.end()) {
    command.insert(command.end(), {"--containers", "refuse"});
  }
  batchai_ok(command + options);
}

nlohmann::json ServiceTest::endpoints() const {
  return nlohmann::json::parse(std::ifstream(data_folder() / "endpoints.json"));
}

void ServiceTest::kill_service() {
  const int pid = endpoints().at("pid").get<int>();
  ASSERT_GT(pid, 1);
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  eventually("the service is gone", [pid] { return !is_alive(pid); });
}

std::filesystem::path ServiceTest::share_folder() const {
  return data_folder() / "files" / endpoints().at("storageAccount").get<std::string>() / "share";
}

void ServiceTest::prepare_cluster(int nodes) {
  batchai_ok({"group", "create", "-n", "rg", "-l", "eastus"});
  batchai_ok({"files", "share", "create", "-n", "share"});
  batchai_ok({"workspace", "create", "-g", "rg", "-n", "ws"});
  batchai_ok(std::vector<std::string>{"cluster", "create", "-n", "c", "--vm-size", "STANDARD_NC6", "--target",
                                      std::to_string(nodes), "-u", "demo", "-p", "not-a-real-password", "--afs-name",
                                      "share", "--afs-mount-path", "afs", "--storage-account-name",
                                      endpoints().at("storageAccount").get<std::string>()} +
             kInWorkspace);
  batchai_ok(std::vector<std::string>{"experiment", "create", "-n", "e"} + kInWorkspace);
}

std::filesystem::path ServiceTest::write_file(const std::string& name, const std::string& content) const {
  const std::filesystem::path file = folder_.path() / name;
  std::ofstream(file, std::ios::binary) << content;
  return file;
}

void ServiceTest::submit(const std::string& job, const std::string& command) {
  submit_job(job, {{"nodeCount", 1},
                   {"outputDirectories", {{{"id", "OUT"}, {"pathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs"}}}},
                   {"customToolkitSettings", {{"commandLine", command}}}});
}

void ServiceTest::submit_job(const std::string& job, nlohmann::json properties) {
  properties.emplace("stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs");
  const auto file = write_file(job + ".json", nlohmann::json{{"properties", std::move(properties)}}.dump());
  batchai_ok(std::vector<std::string>{"job", "create", "-n", job, "-e", "e", "-c", "c", "-f", file.string()} +
             kInWorkspace);
}

int ServiceTest::wait_for_job(const std::string& job) const {
  return batchai(std::vector<std::string>{"job", "wait"} + job_options(job)).exit_code;
}

std::filesystem::path ServiceTest::output_folder(const std::string& job) const {
  return share_folder() / job_properties(job).at("jobOutputDirectoryPathSegment").get<std::string>();
}

std::string ServiceTest::log_of(const std::string& job, const std::string& name) const {
  const auto path = output_folder(job) / "stdouterr" / name;
  std::ifstream file(path, std::ios::binary);
  return file ? std::string(std::istreambuf_iterator<char>(file), {}) : "there is no " + path.string();
}

std::vector<std::string> ServiceTest::log_names(const std::string& job) const {
  std::vector<std::string> names;
  for (const auto& file :
       batchai_json(std::vector<std::string>{"job", "file", "list", "-j", job, "-e", "e"} + kInWorkspace)) {
    names.push_back(file.at("name"));
  }
  return names;
}

std::vector<std::string> ServiceTest::job_options(const std::string& job) {
  return std::vector<std::string>{"-n", job, "-e", "e"} + kInWorkspace;
}

nlohmann::json ServiceTest::job_properties(const std::string& job) const {
  return batchai_json(std::vector<std::string>{"job", "show"} + job_options(job));
}

void ServiceTest::wait_for_state(const std::string& job, const std::string& state) const {
  eventually("job " + job + " is " + state, [&] { return job_properties(job).value("executionState", "") == state; });
}

}  // namespace batchai::test
