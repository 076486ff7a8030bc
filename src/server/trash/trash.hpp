#pragma once

#include "core/remove_tree.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

namespace batchai::server {

struct TrashOptions {
  /// Where folders wait for their removal: nothing else is in there. Made when first needed; its parent is not.
  std::filesystem::path folder;
  /// As RemoveTreeOptions::before. Called in the trash's thread.
  std::function<void(int directory, const std::string& name)> before = {};
  /// Called with what could not be removed; one sentence each, from the trash's thread.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

/// Removes folders in the background, so that nobody waits for a million files to go. What is left when the service
/// ends is removed by the next one; what could not be removed is tried again with the next that is taken. Thread-safe.
class Trash {
 public:
  /// Continues with what an earlier one has left.
  explicit Trash(TrashOptions options);
  /// Stops between two files.
  ~Trash();
  Trash(const Trash&) = delete;
  Trash& operator=(const Trash&) = delete;

  /// Moves a folder away in one step, whatever the permissions in it; a folder on another file system than the trash's
  /// is removed where it is. Returns why not: `no_such_file_or_directory` when it is not there.
  std::error_code take(const std::filesystem::path& path);

 private:
  void run();
  bool is_stopping();
  /// Why not; empty when it is gone.
  std::string remove(const std::filesystem::path& path);

  TrashOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::filesystem::path> waiting_;
  /// Could not be removed.
  std::deque<std::filesystem::path> left_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchai::server
