#pragma once

#include "batchai/core/time.hpp"
#include "batchai/files/models.hpp"
#include "core/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::signing {
class RunningMd5;
}

namespace batchai::inline v1::files {

/// A local file that appears under its name when commit() is called, complete; before, it is its part (see part_name),
/// which stays when this object goes away. Reads and writes at positions are thread-safe.
class PartFile {
 public:
  /// `folder` is an open folder, `shown` the path of the file as messages name it. Throws Error when the part cannot be
  /// opened, another process writes it, or the name is that of a folder.
  PartFile(Descriptor folder, const std::string& name, std::filesystem::path shown);

  int folder() const noexcept { return folder_.get(); }
  /// Of the part as it is.
  std::uint64_t size() const;
  /// Makes it `size` bytes of hole. Throws Error.
  void reset(std::uint64_t size);
  /// Throws Error when the disk is full or fails.
  void write(std::uint64_t offset, std::string_view bytes) const;
  /// Lets the disk begin with a range, so that commit() has little left to wait for.
  void flush_soon(const FileRange& range) const;
  /// Adds a range of it to an MD5. Throws Error.
  void hash(signing::RunningMd5& md5, const FileRange& range) const;

  /// Sets the time of the last write, flushes to disk if `durable`, and gives it its name. Throws Error.
  void commit(std::optional<Timestamp> modified, bool durable);
  /// Removes the part.
  void discard();

 private:
  void read(std::uint64_t offset, std::string& bytes) const;

  Descriptor folder_;
  std::string name_;
  std::string part_;
  std::filesystem::path shown_;
  Descriptor file_;
};

}  // namespace batchai::inline v1::files
