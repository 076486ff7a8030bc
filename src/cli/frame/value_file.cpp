#include "cli/frame/value_file.hpp"

#include "core/private_file.hpp"

#include <istream>
#include <iterator>
#include <optional>

namespace batchai::cli {
namespace {

bool names_a_file(const OptionSpec& option) {
  return option.value_name == "FILE" || option.value_name == "FOLDER" || option.value_name == "PATH";
}

std::optional<std::string> content_of(const std::string& file, std::istream& in, const Environment& environment) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  const std::filesystem::path path = environment.with_home(file);
  std::error_code none;
  return std::filesystem::is_directory(path, none) ? std::nullopt : read_file(path);
}

}  // namespace

std::string value_or_file(const OptionSpec& option, const std::string& given, std::istream& in,
                          const Environment& environment) {
  const bool text =
      option.kind != OptionKind::Flag && !option.positional && !option.reads_files && !names_a_file(option);
  if (!text || given.size() < 2 || given.front() != '@') {
    return given;
  }
  std::optional<std::string> content = content_of(given.substr(1), in, environment);
  if (!content) {
    return given;
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  content->erase(0, content->starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  content->erase(content->find_last_not_of("\r\n") + 1);
  return *content;
}

}  // namespace batchai::cli
