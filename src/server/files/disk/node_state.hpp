#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace batchai::server::files {

/// What a file's own inode says, whether a request or a job wrote it.
struct NodeState {
  std::uint64_t id = 0;
  std::uint64_t size = 0;
  Timestamp created = {};
  Timestamp written = {};
  Timestamp changed = {};
  /// The latest of `written` and `changed`; ETag and Last-Modified are made from it. Where the kernel has set it, up
  /// to 3.3 ms are added, which distinguish changes by jobs within one step of its clock.
  Timestamp modified = {};

  /// `"0x8DA3DFC53FA40B7"`: `modified` as .NET ticks (100 ns since 0001-01-01).
  std::string etag() const;
  std::string last_modified() const { return format_http_date(modified); }
};

NodeState read_state(int descriptor);
/// Of a name in an open directory, without following links; nothing when it is gone.
std::optional<NodeState> read_state_at(int parent, const std::string& name);

/// A change of one file by a request: locks the file against other requests and gives it a later time than it ever had,
/// so that every change shows in the ETag.
class FileChange {
 public:
  explicit FileChange(int descriptor) : FileChange(descriptor, read_state(descriptor).id) {}
  /// For a file whose NodeState::id is known.
  FileChange(int descriptor, std::uint64_t id);
  /// As the change has found the file.
  const NodeState& before() const noexcept { return before_; }
  /// The write time that the file will have.
  Timestamp moment() const noexcept { return moment_; }
  /// Sets the write time, after the content has changed.
  void apply_write_time() const;
  /// To be called once, at the end, after apply_write_time().
  NodeState finish();

 private:
  int descriptor_;
  std::unique_lock<std::mutex> lock_;
  NodeState before_;
  Timestamp moment_;
};

/// Sets when an open file was last written.
void set_write_time(int descriptor, Timestamp time);

}  // namespace batchai::server::files
