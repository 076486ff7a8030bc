#pragma once

#include "server/store/sqlite.hpp"

#include <filesystem>

namespace batchai::server::sqlite {

/// Copies the database, what its log holds included, to `copy` (0600), replacing what was there, and flushes it.
/// Throws StoreError that names `copy`; then nothing is there but what was before.
void copy_database(Connection& connection, const std::filesystem::path& copy);

}  // namespace batchai::server::sqlite
