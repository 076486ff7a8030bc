#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace batchai::test {

/// Waits for what other threads bring about. False after three minutes, which is far longer than it takes.
inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(3);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

}  // namespace batchai::test
