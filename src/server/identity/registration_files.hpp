#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace batchai::server {

/// Takes a line for the service's log.
using WarningSink = std::function<void(const std::string& line)>;

/// Gives the text of every file in `folder` that ends in `extension` (as `.pem`) to `read`, in the order of their
/// names; hidden files are skipped. A missing folder has none. A file that cannot be read, or that `read`
/// refuses with InvalidArgument, is reported to `warn` by name, and the others are still used.
void read_registrations(const std::filesystem::path& folder, const std::string& extension, const WarningSink& warn,
                        const std::function<void(const std::string& text)>& read);

}  // namespace batchai::server
