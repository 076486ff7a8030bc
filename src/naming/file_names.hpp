#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Names of Azure Files (learn.microsoft.com/rest/api/storageservices/
/// naming-and-referencing-shares--directories--files--and-metadata).
namespace batchai::naming {

/// How many parts a path within a share may have.
inline constexpr std::size_t kDeepestPath = 250;

/// What is wrong with the name of a share, as a clause to append to it; nothing for a good one.
std::optional<std::string> share_name_problem(std::string_view name);

/// The same for the decoded name of one file or directory.
std::optional<std::string> file_name_problem(std::string_view name);

/// Parts of a path between slashes; empty ones are left out.
std::vector<std::string> split_path(std::string_view path);

/// The same for a whole path within a share: its parts, its depth (250) and its length (2048).
std::optional<std::string> path_problem(const std::vector<std::string>& parts);

}  // namespace batchai::naming
