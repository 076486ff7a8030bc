#include "server/http/workers.hpp"

#include <utility>

namespace batchai::server {

Workers::Workers(std::size_t number) {
  try {
    idle_.reserve(number);  // so that a worker never fails to become idle
    for (std::size_t i = 0; i < number; ++i) {
      workers_.push_back(std::make_unique<Worker>());
      Worker& worker = *workers_.back();
      worker.thread = std::thread([this, &worker] { run(worker); });
    }
  } catch (...) {
    join();
    throw;
  }
}

void Workers::post(Task task) {
  Worker* woken = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
      waiting_.push_back(std::move(task));
      return;
    }
    woken = idle_.back();
    idle_.pop_back();
    woken->task = std::move(task);
  }
  ::sem_post(&woken->woken);
}

void Workers::join() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (Worker* worker : idle_) {
      ::sem_post(&worker->woken);
    }
    idle_.clear();
  }
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) {
      worker->thread.join();
    }
  }
}

void Workers::run(Worker& worker) {
  while (next(worker)) {
    worker.task();
    worker.task = nullptr;
  }
}

/// Waits for the worker's next task; false at the end.
bool Workers::next(Worker& worker) {
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) {
      worker.task = std::move(waiting_.front());
      waiting_.pop_front();
      return true;
    }
    if (ending_) {
      return false;
    }
    idle_.push_back(&worker);
  }
  while (::sem_wait(&worker.woken) != 0) {  // EINTR
  }
  return static_cast<bool>(worker.task);
}

}  // namespace batchai::server
