#pragma once

#include "server/files/operations/open_node.hpp"

#include <string>

namespace batchai::server::files {

/// The file that x-ms-copy-source names, open for reading: one of this service, under any of its names. The account key
/// opens the sources of its own account; every other one needs a SAS in its URL. Throws InvalidHeaderValue for what is
/// no URL and CannotVerifyCopySource for what may not, or cannot, be read.
struct CopySource {
  OpenFile file;
  /// Its URL without the query, which may hold a SAS.
  std::string url;
};

CopySource open_copy_source(const Call& call);

/// CannotVerifyCopySource with the status and message that reading the source would have got.
StorageError unreadable_source(const StorageError& cause);

}  // namespace batchai::server::files
