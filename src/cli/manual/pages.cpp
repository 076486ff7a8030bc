#include "cli/manual/pages.hpp"

#include "batchai/core/error.hpp"

#include <fstream>
#include <system_error>

namespace batchai::cli {

std::string full_name(const CommandGroup& group, const CommandSpec& command) {
  const std::string name = "batchai " + std::string(group.name);
  return command.name.empty() ? name : name + " " + std::string(command.name);
}

void write_pages(const Pages& pages, const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  for (const auto& [name, text] : pages) {
    std::ofstream stream(folder / name, std::ios::binary);
    stream << text << std::flush;
    if (!stream) {
      throw Error("cannot write " + (folder / name).string());
    }
  }
}

}  // namespace batchai::cli
