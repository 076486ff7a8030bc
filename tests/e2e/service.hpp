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

  /// `options` are added to those of `batchai local start`.
  void start_service(const std::vector<std::string>& options = {});
  /// `kill -9` of the service, and waits until it is gone.
  void kill_service();
  nlohmann::json endpoints() const;
  virtual std::filesystem::path data_folder() const;
  /// The folder that the share of `prepare_cluster` is.
  std::filesystem::path share_folder() const;

  /// Resource group, share, workspace, a cluster with the share at `afs`, and an experiment.
  void prepare_cluster(int nodes = 1);
  /// Submits a job that runs `command` by bash.
  void submit(const std::string& job, const std::string& command);
  /// Submits a job with these `properties`, which may leave out `stdOutErrPathPrefix` (the share).
  void submit_job(const std::string& job, nlohmann::json properties);
  /// Exit code of `batchai job wait`.
  int wait_for_job(const std::string& job) const;
  /// The folder of a job that holds `stdouterr` and `outputs`, on the share.
  std::filesystem::path output_folder(const std::string& job) const;
  /// A file of the job's stdouterr directory; a text that says so if there is none.
  std::string log_of(const std::string& job, const std::string& name) const;
  /// Names in the job's stdouterr directory as the service lists them.
  std::vector<std::string> log_names(const std::string& job) const;
  /// Options that name a job of prepare_cluster's experiment.
  static std::vector<std::string> job_options(const std::string& job);
  nlohmann::json job_properties(const std::string& job) const;
  void wait_for_state(const std::string& job, const std::string& state) const;
  std::filesystem::path write_file(const std::string& name, const std::string& content) const;

  TemporaryFolder folder_;
  std::map<std::string, std::string> environment_ = {{"BATCHAI_CONFIG_DIR", (folder_.path() / "config").string()},
                                                     {"HOME", (folder_.path() / "home").string()}};
};

/// Polls until `condition` holds; fails the test when it has not after three minutes, far longer than it takes: on a
/// busy machine Slurm takes nodes for down that do not answer at once, and finds them again only a minute later.
void eventually(const std::string& what, const std::function<bool()>& condition);

std::vector<std::string> operator+(std::vector<std::string> left, const std::vector<std::string>& right);

}  // namespace batchai::test
