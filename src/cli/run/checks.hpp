#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace batchai::cli {

// What a service would refuse, or change, only when all is made and uploaded. Each throws UsageError.

/// What becomes a part of a JSON document has to be UTF-8. `what` begins the message, as `--env`; may be empty.
void check_text(std::string_view what, const std::string& text);

/// Ids of input and output directories: letters, digits and `_`, not `stdouterr` (JobCreateParameters of the service).
void check_directory_id(std::string_view option, const std::string& id);

/// The name of a variable of the job: letters, digits and `_`, not beginning with a digit.
void check_variable_name(std::string_view option, const std::string& name);

/// Whether the local folder is there, or can be made, and can be written to.
void check_local_folder(std::string_view option, const std::filesystem::path& folder);

}  // namespace batchai::cli
