#pragma once

#include "batchai/core/outage.hpp"
#include "batchai/models/job.hpp"
#include "batchai/version.hpp"

#include <exception>
#include <functional>
#include <optional>
#include <string>

BATCHAI_NAMESPACE_BEGIN

/// Which job is meant, by the names of what it lies in.
struct JobRef {
  std::string group;
  std::string workspace;
  std::string experiment;
  std::string job;

  /// The names in its id. Throws InvalidArgument for an id that is not a job's.
  static JobRef of(const Job& job);

  friend bool operator==(const JobRef&, const JobRef&) = default;
};

/// Whether the job has ended, well or not: its state does not change any more.
bool is_over(const Job& job);

/// How waits for the end of jobs go.
struct JobWaitOptions {
  /// Called on the waiting thread with each answer of the service, the last one included. What it throws ends the wait.
  std::function<void(const Job&)> on_look = {};
  /// Between two looks, where the service does not wait itself. Where it is absent: 25 ms at first, doubled up to 5 s.
  std::optional<Duration> interval = {};
  OutageOptions outage = {};
};

/// What became of one of many jobs.
struct JobResult {
  JobRef ref;
  /// Absent where there is an error.
  std::optional<Job> job = {};
  std::exception_ptr error = {};

  /// The job. Throws the error where there is one. Valid for as long as this object is.
  const Job& value() const&;
  const Job& value() const&& = delete;
};

/// One job of many that are submitted.
struct JobSubmission {
  JobRef ref;
  JobCreateParameters parameters;
};

/// How many jobs are submitted at a time.
struct SubmitOptions {
  /// Requests under way at the same time, at most; 1 to 64.
  unsigned max_connections = 8;
  /// Called when a job has been accepted or refused: from several threads, one at a time. It must not throw.
  std::function<void(const JobResult&)> on_submitted = {};
};

BATCHAI_NAMESPACE_END
