#include "naming/file_names.hpp"

#include "batchai/core/http.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <array>

namespace batchai::naming {
namespace {

constexpr std::size_t kShortestShareName = 3;
constexpr std::size_t kLongestShareName = 63;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 2048;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_forbidden(char32_t c) {
  constexpr std::u32string_view kForbidden = U"\"\\/:|<>*?";
  return c < 0x20 || c == 0x7f || kForbidden.find(c) != kForbidden.npos;
}

bool is_device_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> kDevices = {"con", "prn", "aux", "nul", "clock$"};
  const std::string lower = to_lower(name);
  if (std::find(kDevices.begin(), kDevices.end(), lower) != kDevices.end()) {
    return true;
  }
  return lower.size() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")) && lower[3] >= '1' &&
         lower[3] <= '9';
}

}  // namespace

std::optional<std::string> share_name_problem(std::string_view name) {
  if (name.size() < kShortestShareName || name.size() > kLongestShareName) {
    return "a share's name has 3 to 63 characters";
  }
  if (!std::all_of(name.begin(), name.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; })) {
    return "a share's name holds lower-case letters, digits and hyphens only";
  }
  if (name.front() == '-' || name.back() == '-' || name.find("--") != std::string_view::npos) {
    return "in a share's name every hyphen stands between two letters or digits";
  }
  return std::nullopt;
}

std::optional<std::string> file_name_problem(std::string_view name) {
  if (name.empty() || name == "." || name == "..") {
    return "a name must not be empty, '.' or '..'";
  }
  if (is_device_name(name)) {
    return "the names of devices (CON, PRN, AUX, NUL, CLOCK$, COM1-9, LPT1-9) are reserved";
  }
  std::size_t utf16_units = 0;
  for (std::string_view rest = name; !rest.empty();) {
    const auto code_point = take_code_point(rest);
    if (!code_point) {
      return "a name has to be valid UTF-8";
    }
    if (is_forbidden(*code_point)) {
      return R"(a name must not hold control characters or any of " \ / : | < > * ?)";
    }
    utf16_units += *code_point > 0xffff ? 2 : 1;
  }
  if (utf16_units > kLongestName) {
    return "a name has at most 255 characters";
  }
  return std::nullopt;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (!part.empty()) {
      parts.emplace_back(part);
    }
  }
  return parts;
}

std::optional<std::string> path_problem(const std::vector<std::string>& parts) {
  std::size_t length = 0;
  for (const std::string& part : parts) {
    if (auto problem = file_name_problem(part)) {
      return problem;
    }
    length += part.size() + 1;
  }
  if (parts.size() > kDeepestPath) {
    return "a path has at most 250 parts";
  }
  if (length > kLongestPath + 1) {
    return "a path has at most 2048 characters";
  }
  return std::nullopt;
}

}  // namespace batchai::naming
