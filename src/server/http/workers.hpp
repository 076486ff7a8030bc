#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <semaphore.h>

namespace batchai::server {

/// Threads that run what is posted to them, in order. Of the idle threads the one that was busy last is woken, so that
/// few are where few are enough. Thread-safe but for join().
class Workers {
 public:
  using Task = std::function<void()>;

  /// Throws std::system_error where the system gives no more threads.
  explicit Workers(std::size_t number);
  ~Workers() { join(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// What the task throws ends the program.
  void post(Task task);
  /// Waits for what has been posted; nothing may be posted any more. Idempotent.
  void join();

 private:
  struct Worker {
    Worker() { ::sem_init(&woken, 0, 0); }
    ~Worker() { ::sem_destroy(&woken); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    std::thread thread;
    /// Raised for an idle worker that has got a task, or no task because this is the end.
    ::sem_t woken{};
    Task task;
  };

  void run(Worker& worker);
  bool next(Worker& worker);

  std::vector<std::unique_ptr<Worker>> workers_;
  std::mutex mutex_;
  /// Of both at most one has something.
  std::deque<Task> waiting_;
  std::vector<Worker*> idle_;
  bool ending_ = false;
};

}  // namespace batchai::server
