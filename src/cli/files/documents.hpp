#pragma once

#include "batchai/files/models.hpp"
#include "cli/frame/command.hpp"

#include <span>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

// How results of the files commands are printed.

nlohmann::json share_document(const files::ShareItem& share);
nlohmann::json entry_document(const files::DirectoryEntry& entry);
nlohmann::json file_document(const std::string& name, const files::FileProperties& properties);
/// A moment in the notation of all output, or null.
nlohmann::json date_document(const std::optional<Timestamp>& time);

/// Name, Type, Size, Modified.
std::span<const Column> entry_columns();
std::span<const Column> share_columns();

}  // namespace batchai::cli
