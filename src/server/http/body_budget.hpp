#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace batchai::server {

/// The memory that the bodies of a listener's requests may take together: some are read before their sender is
/// known. Thread-safe.
class BodyBudget {
 public:
  /// Short bodies are not counted: signing in works even when others have taken everything.
  static constexpr std::uint64_t kFree = 64 * 1024;

  explicit BodyBudget(std::uint64_t bytes) : left_(bytes) {}

 private:
  friend class BodyShare;

  bool take(std::uint64_t bytes) {
    std::uint64_t left = left_;
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes)) {
        return true;
      }
    }
    return false;
  }
  void give_back(std::uint64_t bytes) { left_ += bytes; }

  std::atomic<std::uint64_t> left_;
};

/// One body's part of the budget, given back at the end. Not thread-safe.
class BodyShare {
 public:
  /// The budget outlives it.
  explicit BodyShare(BodyBudget& budget) : budget_(budget) {}
  ~BodyShare() { reset(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  /// Makes it enough for a body that has grown to this size. False where the budget has too little left.
  bool grow_to(std::uint64_t bytes) {
    if (bytes <= BodyBudget::kFree || bytes <= taken_) {
      return true;
    }
    if (!budget_.take(bytes - taken_)) {
      return false;
    }
    taken_ = bytes;
    return true;
  }
  void reset() { budget_.give_back(std::exchange(taken_, 0)); }

 private:
  BodyBudget& budget_;
  std::uint64_t taken_ = 0;
};

}  // namespace batchai::server
