#pragma once

#include "server/store/sqlite.hpp"

#include <filesystem>

namespace batchai::server::sqlite {

/// Brings the database up to the schema that this program knows, one migration per transaction. Throws StoreError for
/// a damaged file, a file of another program, and a schema from the future.
void prepare_schema(Connection& connection, const std::filesystem::path& file);

}  // namespace batchai::server::sqlite
