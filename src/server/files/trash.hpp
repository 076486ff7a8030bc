#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

namespace batchai::server::files {

/// Removes folders in the background, so that nobody waits for a share of a million files to go. What is left when the
/// service ends is removed by the next one. Thread-safe.
class Trash {
 public:
  /// Below `root` are the accounts' folders.
  explicit Trash(std::filesystem::path root);
  /// Stops between two files.
  ~Trash();
  Trash(const Trash&) = delete;
  Trash& operator=(const Trash&) = delete;

  /// Takes `folder`, one of the account's, out of sight in one step. Throws ShareNotFound when it is not there.
  void take(const std::string& account, const std::filesystem::path& folder);

 private:
  void run();
  bool is_stopping();
  void empty(int folder);
  void remove(const std::filesystem::path& folder);

  std::filesystem::path root_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::filesystem::path> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchai::server::files
