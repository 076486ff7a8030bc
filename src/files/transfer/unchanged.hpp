#pragma once

#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"

#include <functional>
#include <optional>

namespace batchai::inline v1::files {

/// What a listing says about one name.
struct Listed {
  /// Whether there was a listing.
  bool known = false;
  /// Nothing when it is not there.
  std::optional<DirectoryEntry> entry = {};
};

/// Whether a file, of which everything but the content is known, may be a small upload that was interrupted: they are
/// made with all that they will have, their MD5 too, and with their time of the last write as that of the last change,
/// until their content is written. Those that jobs have written have no MD5.
bool may_lack_content(const FileProperties& file);

/// Whether a target may stay as it is by the options of the run: there is a file, `is_same` accepts it, and it lacks no
/// content. Asks the service only for what the listing does not say; `is_same` may be called twice.
bool is_unchanged(Engine& engine, const FileClient& target, const Listed& listed,
                  const std::function<bool(const FileProperties&)>& is_same);

}  // namespace batchai::inline v1::files
