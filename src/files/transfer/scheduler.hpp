#pragma once

#include "files/transfer/engine.hpp"
#include "files/transfer/file_job.hpp"

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>

namespace batchai::inline v1::files {

/// Runs jobs with a few threads: each takes a piece of a file that is under way, or begins another one.
class Scheduler {
 public:
  /// The result of each step is reported to the engine's counters if `reported` says so, failures always.
  Scheduler(Engine& engine, const std::vector<PlannedStep>& steps, bool reported);

  /// Throws Cancelled or DeadlineExceeded; failures of single jobs are reported to the counters.
  void run();

 private:
  struct Active {
    const PlannedStep* step;
    int begun = 1;
    std::unique_ptr<FileJob> job = nullptr;
    Beginning beginning = {};
    /// Pieces that nobody has taken yet.
    std::size_t left = 0;
    /// Threads that begin it or move a piece of it: it stays as long as there are any.
    std::size_t busy = 0;
    std::exception_ptr error = nullptr;
  };
  using Position = std::list<Active>::iterator;
  struct Task {
    Position active;
    bool begins;
  };

  void work();
  std::optional<Task> take();
  void begin(Active& active);
  void move_piece(Active& active);
  void close(Position active);
  /// After its last piece: whether it is to begin anew.
  bool conclude(Active& active);
  void report_success(const Active& active);
  void report_failure(const Active& active);
  void stop(std::exception_ptr error);

  Engine& engine_;
  const std::vector<PlannedStep>& steps_;
  const bool reported_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;
  /// Those whose source has changed.
  std::deque<Active> again_;
  std::list<Active> active_;
  std::exception_ptr stopped_;
};

}  // namespace batchai::inline v1::files
