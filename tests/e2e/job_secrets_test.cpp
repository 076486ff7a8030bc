#include "e2e/service.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

std::string read_whole(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Command lines of all processes that contain one of the texts.
std::vector<std::string> command_lines_with(const std::vector<std::string>& texts) {
  std::vector<std::string> found;
  for (const auto& process : fs::directory_iterator("/proc")) {
    const auto line = read_whole(process.path() / "cmdline");
    for (const auto& text : texts) {
      if (line.find(text) != std::string::npos) {
        found.push_back(line);
      }
    }
  }
  return found;
}

/// Files below the folder that contain one of the texts and can be read by others than their owner.
std::vector<std::string> open_files_with(const std::vector<std::string>& texts, const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::error_code error;
    if (!entry.is_regular_file(error) || entry.is_symlink()) {
      continue;
    }
    const bool is_private =
        (entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none;
    const auto content = read_whole(entry.path());
    for (const auto& text : texts) {
      if (!is_private && content.find(text) != std::string::npos) {
        found.push_back(entry.path().string());
      }
    }
  }
  return found;
}

class JobSecrets : public ServiceTest {};

TEST_F(JobSecrets, AreInTheEnvironmentAndNowhereElse) {
  start_service();
  prepare_cluster(2);
  // Two halves, so that this test's own command lines do not hold what it looks for.
  const std::string secret = std::string("very-secret-") + "value-" + folder_.path().filename().string();
  const std::string key = endpoints().at("storageKey");
  const bool has_mpi = run_process({"/bin/sh", "-c", "command -v mpirun"}).exit_code == 0;
  const std::string command =
      "echo ${#TOKEN} > $AZ_BATCHAI_STDOUTERR_DIR/length-${OMPI_COMM_WORLD_RANK:-0}; "
      "until [ -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.05; done; exit 3";
  submit_job("secrets", {{"nodeCount", has_mpi ? 2 : 1},
                         {"secrets", {{{"name", "TOKEN"}, {"value", secret}}}},
                         {"jobPreparation", {{"commandLine", "test -n \"$TOKEN\""}}},
                         {"customMpiSettings", {{"commandLine", command}}}});
  const std::string length = std::to_string(secret.size()) + "\n";
  eventually("all processes of the job run", [&] {
    return log_of("secrets", "length-0") == length && (!has_mpi || log_of("secrets", "length-1") == length);
  });
  EXPECT_THAT(command_lines_with({secret, key}), IsEmpty());
  EXPECT_THAT(open_files_with({secret, key}, data_folder()), IsEmpty());
  std::ofstream(share_folder() / "go") << "";
  EXPECT_EQ(wait_for_job("secrets"), 3);
  EXPECT_EQ(job_properties("secrets").dump().find(secret), std::string::npos);
  EXPECT_THAT(open_files_with({secret, key}, data_folder()), IsEmpty());
}

TEST_F(JobSecrets, AWrongAccountKeyIsNotShown) {
  start_service();
  prepare_cluster();
  const std::string account = endpoints().at("storageAccount");
  submit_job("wrong", {{"nodeCount", 1},
                       {"mountVolumes",
                        {{"azureFileShares",
                          {{{"accountName", account},
                            {"azureFileUrl", "https://" + account + ".file.core.windows.net/share"},
                            {"relativeMountPath", "mine"},
                            {"credentials", {{"accountKey", "bm90LXRoZS1rZXk="}}}}}}}},
                       {"customToolkitSettings", {{"commandLine", "true"}}}});
  EXPECT_EQ(wait_for_job("wrong"), 1);
  const auto job = job_properties("wrong");
  EXPECT_EQ(job.at("executionInfo").at("errors").at(0).at("code"), "AZFMountError");
  EXPECT_EQ(job.dump().find("bm90LXRoZS1rZXk="), std::string::npos);
}

}  // namespace
}  // namespace batchai::test
