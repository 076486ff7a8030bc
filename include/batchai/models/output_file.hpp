#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// What an entry of a list of output files is.
struct FileType : OpenEnum<FileType> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kFile{"file"};
  static constexpr Constant kDirectory{"directory"};
};

/// An entry of a job's output directory. Folders have neither URL, time nor length.
struct File {
  /// As it is listed: see `encoded`.
  std::string name;
  /// Whether `name` is percent-encoded: the real one is not UTF-8, which JSON cannot carry. Only services of our own
  /// say so.
  std::optional<bool> encoded = {};
  FileType file_type = {};
  /// Contains a signature: anyone who has the URL can read the file until it expires.
  std::optional<std::string> download_url = {};
  std::optional<Timestamp> last_modified = {};
  /// In bytes.
  std::optional<std::int64_t> content_length = {};
  UnknownMembers unknown = {};

  /// The name on disk, in bytes.
  [[nodiscard]] std::string real_name() const;

  friend bool operator==(const File&, const File&) = default;
};

BATCHAI_NAMESPACE_END
