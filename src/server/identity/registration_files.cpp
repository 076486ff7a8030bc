#include "server/identity/registration_files.hpp"

#include "batchai/core/error.hpp"
#include "core/private_file.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

namespace batchai::server {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> registration_files(const fs::path& folder, const std::string& extension,
                                         const WarningSink& warn) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    const fs::path& file = each->path();
    std::error_code gone;
    if (file.extension() == extension && file.filename().string().front() != '.' && !fs::is_directory(file, gone)) {
      files.push_back(file);
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    warn("registration folder " + folder.string() + " cannot be read: " + error.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Nothing for a file that has gone meanwhile. Throws InvalidArgument for what is not a regular file.
std::optional<std::string> registration_text(const fs::path& file) {
  if (fs::exists(file) && !fs::is_regular_file(file)) {
    throw InvalidArgument("it is no regular file");
  }
  return read_file(file);
}

}  // namespace

void read_registrations(const fs::path& folder, const std::string& extension, const WarningSink& warn,
                        const std::function<void(const std::string& text)>& read) {
  for (const fs::path& file : registration_files(folder, extension, warn)) {
    try {
      if (const auto text = registration_text(file)) {
        read(*text);
      }
    } catch (const std::exception& error) {
      warn("registration file " + file.string() + " is passed over: " + error.what());
    }
  }
}

}  // namespace batchai::server
