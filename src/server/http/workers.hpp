#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace batchai::server {

/// Threads that run what is posted to them, in order. (asio's own pool never ends where one of its threads cannot be
/// made.) Thread-safe but for join().
class Workers {
 public:
  /// Throws std::system_error where the system gives no more threads.
  explicit Workers(std::size_t number) {
    try {
      threads_.reserve(number);
      for (std::size_t i = 0; i < number; ++i) {
        threads_.emplace_back([this] { context_.run(); });
      }
    } catch (...) {
      join();
      throw;
    }
  }
  ~Workers() { join(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  template <class Task>
  void post(Task&& task) {
    boost::asio::post(context_, std::forward<Task>(task));
  }
  /// Waits for what has been posted. Idempotent.
  void join() {
    work_.reset();
    for (std::thread& thread : threads_) {
      thread.join();
    }
    threads_.clear();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(context_);
  std::vector<std::thread> threads_;
};

}  // namespace batchai::server
