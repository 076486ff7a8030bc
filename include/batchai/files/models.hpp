#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace batchai::files {

/// User-defined name-value pairs. Names are C# identifiers, values ASCII.
using Metadata = std::map<std::string, std::string>;

struct ShareItem {
  std::string name;
  /// In GiB.
  std::int64_t quota = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
};

struct ShareProperties {
  /// In GiB.
  std::int64_t quota = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  Metadata metadata = {};
};

/// One line of a directory listing.
struct DirectoryEntry {
  std::string name;
  bool is_directory = false;
  /// In bytes; 0 for directories.
  std::uint64_t size = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  std::optional<Timestamp> created = {};
};

struct DirectoryProperties {
  std::string etag;
  std::optional<Timestamp> last_modified = {};
  Metadata metadata = {};
};

struct FileProperties {
  /// In bytes.
  std::uint64_t size = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
  std::string content_type = {};
  std::string content_encoding = {};
  std::string content_disposition = {};
  std::string cache_control = {};
  /// Base64, as the user stored it; the service does not compute it.
  std::string content_md5 = {};
  /// `success`, `pending`, `aborted` or `failed` of the last copy into this file; empty when there was none.
  std::string copy_status = {};
  std::string copy_id = {};
  Metadata metadata = {};
};

/// What a file is created with.
struct CreateFileOptions {
  std::string content_type = {};
  std::string content_encoding = {};
  std::string content_disposition = {};
  std::string cache_control = {};
  /// Base64 of the MD5 of the whole content, kept for readers to check.
  std::string content_md5 = {};
  Metadata metadata = {};
};

/// Bytes `first` to `last`, both included.
struct FileRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  std::uint64_t length() const noexcept { return last - first + 1; }
  friend bool operator==(const FileRange&, const FileRange&) = default;
};

/// A piece of a file and what the answer said about the file it is from.
struct FilePiece {
  std::string bytes;
  std::uint64_t file_size = 0;
  std::string etag = {};
  std::optional<Timestamp> last_modified = {};
};

struct CopyStatus {
  std::string id;
  /// `success` or `pending`.
  std::string status;
};

/// What a shared access signature allows.
struct SasOptions {
  /// Out of `rcwd` for a file, `rcwdl` for a share.
  std::string permissions = "r";
  Timestamp expiry = {};
  std::optional<Timestamp> start = {};
  /// `https` or `https,http`; empty: both.
  std::string protocols = {};
  /// Address or range `a.b.c.d-e.f.g.h`; empty: any.
  std::string ip_range = {};
};

}  // namespace batchai::files
