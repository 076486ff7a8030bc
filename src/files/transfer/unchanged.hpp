#pragma once

#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"

#include <optional>

namespace batchai::files {

/// What a listing says about one name.
struct Listed {
  /// Whether there was a listing.
  bool known = false;
  /// Nothing when it is not there.
  std::optional<DirectoryEntry> entry = {};
};

/// Whether a file may be a small upload that was interrupted: they are made with all that they will have, their MD5
/// too, and with their time of the last write as that of the last change, until their content is written.
bool may_lack_content(const FileProperties& file);

/// What is at a remote path: from the listing where that is enough, else asked for. Nothing when there is no file.
std::optional<FileProperties> look_at(Engine& engine, const FileClient& file, const Listed& listed, SkipUnchanged mode);

}  // namespace batchai::files
