#pragma once

#include "core/descriptor.hpp"

#include <memory>

#include <dirent.h>

namespace batchai::inline v1 {

struct DirectoryCloser {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

/// A directory that is read, entry by entry, with readdir(3); or nothing.
using DirectoryStream = std::unique_ptr<DIR, DirectoryCloser>;

/// Takes over an open directory. Nothing if it is not open or cannot be read; errno says why.
inline DirectoryStream read_directory(Descriptor directory) {
  DirectoryStream stream(directory ? ::fdopendir(directory.get()) : nullptr);
  if (stream) {
    directory.release();
  }
  return stream;
}

}  // namespace batchai::inline v1
