#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/batchai/job_output.hpp"
#include "batchai/batchai/job_waiting.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/core/time.hpp"
#include "batchai/models/job.hpp"
#include "batchai/models/output_file.hpp"
#include "batchai/version.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// Which files of a job are listed.
struct ListOutputFilesOptions {
  /// `id` of one of the job's output directories, or `stdouterr`. Needed.
  std::string directory_id;
  /// Path below that directory; the directory itself where it is absent.
  std::optional<std::string> directory = {};
  /// How long the download URLs last, 5 to 600; an hour where it is absent.
  std::optional<int> link_expiry_in_minutes = {};
  /// Entries of one page, 1 to 1000.
  std::optional<int> page_size = {};
};

/// Which jobs of all experiments a list has.
struct ListAllJobsOptions {
  /// Those of one workspace: both. Those of all: neither.
  std::string group = {};
  std::string workspace = {};
  /// Resource id of the cluster that they were made for; empty: of any.
  std::string cluster = {};
  /// Values of ExecutionState, or `deleting`; empty: in any.
  std::vector<std::string> states = {};
  /// Created then or later.
  std::optional<Timestamp> created_since = {};
  /// Ended then or later: no others.
  std::optional<Timestamp> ended_since = {};
  /// Entries of one page, 1 to 1000.
  std::optional<int> page_size = {};
};

/// A job as it was in an answer of the service.
struct JobSnapshot {
  Job job;
  /// Which version of the job it is; empty where the service does not say, and before the first answer.
  std::string etag;
  /// The service answered when it had something new, or had waited for that: there is no need to pause before the next
  /// question.
  bool has_waited = false;
};

/// The jobs of experiments. Calls throw as Client says. Thread-safe, cheap to copy.
class JobsClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit JobsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// The job as it is now. 404 ResourceNotFound when it is not there.
  [[nodiscard]] Job get(std::string_view group, std::string_view workspace, std::string_view experiment,
                        std::string_view job, const CallContext& context = {}) const;
  /// The job after `last`. A service that understands `Prefer: wait` (RFC 7240), such as batchai-server, answers when
  /// the job is another one than `last`, or after 20 seconds; any other one answers at once.
  [[nodiscard]] JobSnapshot get_next(std::string_view group, std::string_view workspace, std::string_view experiment,
                                     std::string_view job, const JobSnapshot& last,
                                     const CallContext& context = {}) const;
  /// All jobs of an experiment, page by page.
  [[nodiscard]] Pageable<Job> list(std::string_view group, std::string_view workspace, std::string_view experiment,
                                   const ListOptions& options = {}, const CallContext& context = {}) const;
  /// Jobs of all experiments, the newest first. batchai-server has a list of them, which is no part of Batch AI
  /// 2018-05-01. From a service without it (404 `InvalidResourceType`) the lists of all experiments are fetched one
  /// after the other before the first job is there. Throws InvalidArgument where one of group and workspace is missing.
  [[nodiscard]] Pageable<Job> list_all(const ListAllJobsOptions& options = {}, const CallContext& context = {}) const;
  /// Waits for the end of a job and returns it as it is then: a job that has failed is no error. The service goes on
  /// when the wait does not: where the deadline comes first, DeadlineExceeded is thrown.
  [[nodiscard]] Job wait(const JobRef& job, const JobWaitOptions& options = {}, const CallContext& context = {}) const;
  /// The same for many jobs, in one thread; `on_end` is called on it as each of them ends. The results are in the order
  /// of `jobs`. A job that cannot be read, as a deleted one, is a result with an error and does not end the wait. Of
  /// many jobs of a workspace batchai-server is asked for those that are not over, a thousand at a time; any other
  /// service is asked for each.
  std::vector<JobResult> wait_all(std::span<const JobRef> jobs,
                                  const std::function<void(const JobResult&)>& on_end = {},
                                  const JobWaitOptions& options = {}, const CallContext& context = {}) const;
  /// Submits many jobs over a few connections and waits until each is accepted. The results are in the order of `jobs`;
  /// one that is refused does not stop the others. Throws InvalidArgument for a number of connections out of bounds,
  /// and Cancelled and DeadlineExceeded, after which some may have been submitted.
  [[nodiscard]] std::vector<JobResult> submit_all(std::span<const JobSubmission> jobs,
                                                  const SubmitOptions& options = {},
                                                  const CallContext& context = {}) const;
  /// What the job writes to files, while it writes them: by default what its first process prints.
  ///
  ///     for (const OutputPiece& piece : jobs.follow(job)) std::cout << piece.bytes << std::flush;
  ///
  /// Files that are not there yet are waited for; those that the job does not make are no error. `context` bounds all
  /// of it.
  [[nodiscard]] OutputFollower follow(const JobRef& job, FollowOptions options = {},
                                      const CallContext& context = {}) const;
  /// Downloads a directory of the job's output with all below it, or one file of it, into a local folder, which is
  /// made. A file is under its name when it is complete; until then it is `.NAME.STATE.part` beside it, where the next
  /// download goes on unless the file has changed. A file that grows meanwhile comes as it is at the end; one that is
  /// written anew, and one that another download writes, is a failure. One file's failure does not stop the others.
  /// Throws OutputNotFound, Error for a folder that cannot be made, EndlessList for directories that contain
  /// themselves, and what ends it: Cancelled, DeadlineExceeded, TransportError, AuthenticationError.
  [[nodiscard]] DownloadOutputsReport download_outputs(const JobRef& job, const std::string& folder,
                                                       const DownloadOutputsOptions& options = {},
                                                       const CallContext& context = {}) const;
  /// Ends when the job is accepted: it runs later. Throws InvalidArgument where `node_count` has not been set.
  Operation<Job> start_create(std::string_view group, std::string_view workspace, std::string_view experiment,
                              std::string_view job, const JobCreateParameters& parameters,
                              const CallContext& context = {}) const;
  /// Kills a running job first. What it wrote stays.
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         std::string_view experiment, std::string_view job,
                                         const CallContext& context = {}) const;
  /// A job that is over stays as it is.
  Operation<std::monostate> start_terminate(std::string_view group, std::string_view workspace,
                                            std::string_view experiment, std::string_view job,
                                            const CallContext& context = {}) const;
  /// The files of one of its output directories, each with a URL that opens it for a while, page by page. 404 where the
  /// job or the directory is not there.
  [[nodiscard]] Pageable<File> list_output_files(std::string_view group, std::string_view workspace,
                                                 std::string_view experiment, std::string_view job,
                                                 const ListOutputFilesOptions& options,
                                                 const CallContext& context = {}) const;
  /// How to sign in to the nodes that it runs on by SSH.
  [[nodiscard]] Pageable<RemoteLoginInformation> list_remote_login_information(std::string_view group,
                                                                               std::string_view workspace,
                                                                               std::string_view experiment,
                                                                               std::string_view job,
                                                                               const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
