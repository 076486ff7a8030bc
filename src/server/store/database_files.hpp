#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace batchai::server::sqlite {

/// The files of an open database, by what they are and not by their names: SQLite goes on writing into files that have
/// been removed. Thread-safe.
class DatabaseFiles {
 public:
  /// Remembers `file` and its write-ahead log as they are now. Throws StoreError when they cannot be looked at.
  explicit DatabaseFiles(const std::filesystem::path& file);

  /// What has happened to one of them since, as `batchai.db has been removed`; nothing while all is well.
  std::optional<std::string> problem();
  /// The same, from a look that is at most 10 ms old while all was well.
  std::optional<std::string> recent_problem();

 private:
  struct Known {
    std::filesystem::path path;
    dev_t device = 0;
    ino_t number = 0;
    /// Whether it has to hold something: the log may be empty.
    bool is_database = false;
  };

  std::optional<std::string> find_problem() const;

  std::vector<Known> known_;
  /// When all was well; long ago if it was not.
  std::atomic<std::chrono::steady_clock::time_point> well_{};
};

}  // namespace batchai::server::sqlite
