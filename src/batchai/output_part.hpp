#pragma once

#include "batchai/core/error.hpp"
#include "batchai/models/output_file.hpp"
#include "core/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::inline v1 {

/// Of one file only: the others can still be downloaded.
class LocalFailure : public Error {
 public:
  using Error::Error;
};

/// What has been received of a file, beside the name that it gets when it is complete. It stays when this object goes
/// away.
class OutputPart {
 public:
  /// Of this state of the file: a changed one has another part. Throws LocalFailure when it cannot be opened, or where
  /// another download has it.
  OutputPart(std::filesystem::path target, const File& file);

  /// Of what is there.
  std::uint64_t size() const;
  /// Throws LocalFailure when the disk is full or fails.
  void write(std::uint64_t offset, std::string_view bytes) const;
  /// Whether it has these bytes there.
  bool holds(std::uint64_t offset, std::string_view bytes) const;
  /// Gives it the file's name, and that time where there is one. Throws LocalFailure, also where it has not that size.
  void complete(std::uint64_t size, const std::optional<Timestamp>& modified) const;
  /// Makes it empty. Throws LocalFailure.
  void clear() const;
  void discard() const;

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace batchai::inline v1
