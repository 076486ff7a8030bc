#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace batchai::server::files {

/// What a file's own inode tells: whoever wrote it, a request or a job, it is described alike.
struct NodeState {
  std::uint64_t id = 0;
  std::uint64_t size = 0;
  Timestamp created = {};
  Timestamp written = {};
  Timestamp changed = {};
  /// The latest of `written` and `changed`; ETag and Last-Modified stand for this moment.
  Timestamp modified = {};

  /// `"0x…"`: the moment as .NET ticks, then a hash of size and inode that tells apart what jobs do within one tick of
  /// the kernel's clock.
  std::string etag() const;
  std::string last_modified() const { return format_http_date(modified); }
};

NodeState read_state(int descriptor);
/// Of a name in an open directory, without following links; nothing when it is gone.
std::optional<NodeState> read_state_at(int parent, const std::string& name);

/// A change of one file by a request: keeps other requests off the same file and gives it a later moment than it ever
/// had, so that every change shows in the ETag.
class FileChange {
 public:
  explicit FileChange(int descriptor);
  /// To be called once, after the change.
  NodeState finish();

 private:
  int descriptor_;
  std::unique_lock<std::mutex> lock_;
  Timestamp before_;
};

}  // namespace batchai::server::files
