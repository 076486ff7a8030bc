#pragma once

#include "batchai/core/clock.hpp"
#include "server/arm/storage_folders.hpp"

#include <memory>

namespace batchai::server {

namespace files {
class FilesApi;
}

enum class HostedKind { Share, Container };

/// The folders that an API serves, for the resource manager. `api` and `clock` must outlive it.
std::shared_ptr<const StorageFolders> hosted_folders(const files::FilesApi& api, const Clock& clock, HostedKind kind);

}  // namespace batchai::server
