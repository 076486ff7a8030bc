#pragma once

#include "server/run/engine.hpp"

#include <filesystem>
#include <utility>
#include <vector>

namespace batchai::server {

/// Makes the folders, mounts and files of a plan, in the order that RunPlan documents. A mount is a symbolic link.
/// Throws std::runtime_error with one sentence about the first thing that could not be made.
void make_run_folders(const RunPlan& plan);

/// The folders that the processes of a run can change where they cannot change all; otherwise empty.
std::vector<std::filesystem::path> writable_of(const RunPlan& plan);

/// Removes those of the mounts that are there; what they showed stays. Where jobs could change these folders only, and
/// there are some, it looks for mounts in these only and follows no link out of them. Does not throw.
void remove_mounts(const std::vector<std::pair<std::filesystem::path, std::filesystem::path>>& mounts,
                   const std::vector<std::filesystem::path>& writable) noexcept;

}  // namespace batchai::server
