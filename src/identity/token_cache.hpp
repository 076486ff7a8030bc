#pragma once

#include "batchai/core/credential.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace batchai::inline v1 {

/// Tokens by key, in memory and, if a file is given, between processes. A damaged or unreadable file counts as empty
/// and is replaced; a file that cannot be written is no error, the next process then signs in again. Thread-safe.
class TokenCache {
 public:
  explicit TokenCache(std::filesystem::path file) : file_(std::move(file)) {}

  std::optional<AccessToken> find(const std::string& key);
  /// Drops what expired before `now` on the way.
  void store(const std::string& key, const AccessToken& token, Timestamp now);

 private:
  std::filesystem::path file_;
  std::mutex mutex_;
  std::map<std::string, AccessToken> memory_;
};

}  // namespace batchai::inline v1
