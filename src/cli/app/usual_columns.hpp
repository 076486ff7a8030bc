#pragma once

#include "cli/app/cells.hpp"
#include "cli/frame/columns.hpp"

#include <nlohmann/json.hpp>

/// Columns that the lists of several kinds of resources have.
namespace batchai::cli {

inline constexpr Column kGroupColumn{.heading = "Resource Group",
                                     .cell = [](const nlohmann::json& item) { return cell_at(item, "/resourceGroup"); },
                                     .repeats = "resource-group"};
inline constexpr Column kWorkspaceColumn{
    .heading = "Workspace",
    .cell = [](const nlohmann::json& item) { return cell_from_id(item, "/id", "workspaces"); },
    .repeats = "workspace"};
inline constexpr Column kProvisioningColumn{
    .heading = "State",
    .cell = [](const nlohmann::json& item) { return cell_at(item, "/provisioningState"); },
    .kind = ColumnKind::State};
inline constexpr Column kCreatedColumn{
    .heading = "Created",
    .cell = [](const nlohmann::json& item) { return cell_at(item, "/creationTime"); },
    .kind = ColumnKind::Moment};

}  // namespace batchai::cli
