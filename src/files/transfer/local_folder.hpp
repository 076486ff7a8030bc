#pragma once

#include "core/descriptor.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace batchai::inline v1::files {

/// Opens `parts` below `root`, and makes what is missing, without following symbolic links below `root`. Throws Error.
Descriptor open_folder(const std::filesystem::path& root, const std::vector<std::string>& parts);

/// The same, making nothing; not open when it is not there.
Descriptor find_folder(const std::filesystem::path& root, const std::vector<std::string>& parts);

/// Why a name out of a listing cannot be that of a local file, as a clause; nothing for a good one.
std::optional<std::string> local_name_problem(const std::string& name);

/// `.NAME.batchai-part`, or a shorter one for long names.
std::string part_name(const std::string& name);
/// Whether it is the name of a part or of its journal.
bool is_part_name(const std::string& name);

}  // namespace batchai::inline v1::files
