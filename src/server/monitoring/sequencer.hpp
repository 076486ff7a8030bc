#pragma once

#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <utility>

namespace batchai::server {

/// Passes values on in the order in which their places were taken, although they come in any order and from any thread.
/// Nobody waits: a value that comes too early is passed on by the thread that brings what was missing. Thread-safe.
template <class Value>
class Sequencer {
  struct Slot {
    bool is_filled = false;
    Value value = {};
  };

 public:
  using Place = typename std::list<Slot>::iterator;

  /// `consume` is called by one thread at a time. What it throws goes to the thread that called fill(), and what is
  /// behind waits for the next fill().
  explicit Sequencer(std::function<void(Value&)> consume) : consume_(std::move(consume)) {}

  /// The last place. It has to be filled once.
  Place take_place() {
    const std::scoped_lock lock(mutex_);
    return slots_.emplace(slots_.end());
  }

  void fill(Place place, Value value) {
    std::unique_lock lock(mutex_);
    place->value = std::move(value);
    place->is_filled = true;
    if (std::exchange(is_consuming_, true)) {
      return;
    }
    std::exception_ptr failure;
    while (!failure && !slots_.empty() && slots_.front().is_filled) {
      failure = consume_first(lock);
    }
    is_consuming_ = false;
    if (failure) {
      std::rethrow_exception(failure);
    }
  }

 private:
  std::exception_ptr consume_first(std::unique_lock<std::mutex>& lock) {
    std::list<Slot> first;
    first.splice(first.begin(), slots_, slots_.begin());
    lock.unlock();
    std::exception_ptr failure;
    try {
      consume_(first.front().value);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    return failure;
  }

  std::function<void(Value&)> consume_;
  std::mutex mutex_;
  std::list<Slot> slots_;
  bool is_consuming_ = false;
};

}  // namespace batchai::server
