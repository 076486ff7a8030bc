#pragma once

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {

/// The real programs in a temporary folder: the service on free ports, started and stopped by the command line.
class ServiceTest : public ::testing::Test {
 protected:
  ~ServiceTest() override;

  /// `batchai ARGUMENTS…`.
  ProcessResult batchai(const std::vector<std::string>& arguments, const std::string& input = {}) const;
  /// The same in the background.
  std::unique_ptr<Process> batchai_in_background(const std::vector<std::string>& arguments) const;
  /// The same, and the test fails unless it ends with 0; gives what it printed, as JSON.
  nlohmann::json batchai_json(const std::vector<std::string>& arguments) const;
  /// The same; what it prints is of no interest.
  void batchai_ok(const std::vector<std::string>& arguments) const;

  void start_service();
  /// `kill -9` of the service, and waits until it is gone.
  void kill_service();
  nlohmann::json endpoints() const;
  std::filesystem::path data_folder() const;
  /// The folder that the share of `prepare_cluster` is.
  std::filesystem::path share_folder() const;

  /// Resource group, share, workspace, a cluster of one node with the share at `afs`, and an experiment.
  void prepare_cluster();
  /// Submits a job that runs `command` by bash.
  void submit(const std::string& job, const std::string& command);
  /// Options that name a job of prepare_cluster's experiment.
  static std::vector<std::string> job_options(const std::string& job);
  nlohmann::json job_properties(const std::string& job) const;
  void wait_for_state(const std::string& job, const std::string& state) const;
  std::filesystem::path write_file(const std::string& name, const std::string& content) const;

  TemporaryFolder folder_;
  std::map<std::string, std::string> environment_ = {{"BATCHAI_CONFIG_DIR", (folder_.path() / "config").string()},
                                                     {"HOME", (folder_.path() / "home").string()}};
};

/// Polls until `condition` holds; fails the test when it has not after a minute.
void eventually(const std::string& what, const std::function<bool()>& condition);

std::vector<std::string> operator+(std::vector<std::string> left, const std::vector<std::string>& right);

}  // namespace batchai::test
