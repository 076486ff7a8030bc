#pragma once

#include "server/planning/job_plan.hpp"
#include "server/records/store.hpp"

#include <filesystem>

namespace batchai::server {

/// Finds storage accounts in the store. Their shares are the folders of `DIR/files/<account>`, their blob containers
/// those of `DIR/blobs/<account>`. `store` must outlive it.
AccountResolver hosted_accounts(Store& store, const std::filesystem::path& data_folder);

}  // namespace batchai::server
