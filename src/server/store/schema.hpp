#pragma once

#include "server/store/sqlite.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace batchai::server::sqlite {

/// Brings the database up to the schema that this program knows, one migration per transaction. An older database is
/// checked completely and copied to `FILE.schemaN.backup` before, and `report` is called about it. Throws StoreError
/// for damage that shows without reading all of the file, a file of another program, and a schema from the future.
void prepare_schema(Connection& connection, const std::filesystem::path& file,
                    const std::function<void(const std::string&)>& report);

/// Which schema the database has; 0 if it is empty. Throws StoreError for a file of another program and a schema from
/// the future.
std::int64_t refuse_unknown_schema(Connection& connection, const std::filesystem::path& file);

/// Where prepare_schema puts its copy of a database of that schema.
std::filesystem::path backup_of_schema(const std::filesystem::path& file, std::int64_t schema);

}  // namespace batchai::server::sqlite
