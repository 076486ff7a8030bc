#pragma once

#include "server/store/sqlite.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace batchai::server::sqlite {

/// Brings the database up to the schema that this program knows, one migration per transaction. An older database is
/// copied to `FILE.schemaN.backup` before, and `report` is called about it. Throws StoreError for a damaged file, a
/// file of another program, and a schema from the future.
void prepare_schema(Connection& connection, const std::filesystem::path& file,
                    const std::function<void(const std::string&)>& report);

/// Where prepare_schema puts its copy of a database of that schema.
std::filesystem::path backup_of_schema(const std::filesystem::path& file, std::int64_t schema);

}  // namespace batchai::server::sqlite
