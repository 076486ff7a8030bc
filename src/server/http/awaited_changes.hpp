#pragma once

#include "server/http/message.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace batchai::server {

/// Requests that await a change of something, which has a key. Thread-safe.
class AwaitedChanges {
 public:
  explicit AwaitedChanges(std::size_t most) : most_(most) {}
  AwaitedChanges(const AwaitedChanges&) = delete;
  AwaitedChanges& operator=(const AwaitedChanges&) = delete;

  /// The next change of `key` from now on; null where as many as allowed are awaited already. What it returns must not
  /// outlive this.
  std::shared_ptr<AwaitedChange> next(const std::string& key);
  /// Wakes those that await `key`.
  void note(const std::string& key);
  /// How many are awaited.
  std::size_t size() const;

 private:
  class Awaited;

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::multimap<std::string, Awaited*> awaited_;
};

}  // namespace batchai::server
