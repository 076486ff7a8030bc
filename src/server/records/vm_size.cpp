#include "server/records/vm_size.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>

namespace batchai::server {

namespace {

const std::map<std::string, int, std::less<>>& gpu_sizes() {
  static const std::map<std::string, int, std::less<>> sizes = {
      {"standard_nc6", 1},     {"standard_nc12", 2},     {"standard_nc24", 4},     {"standard_nc24r", 4},
      {"standard_nc6s_v2", 1}, {"standard_nc12s_v2", 2}, {"standard_nc24s_v2", 4}, {"standard_nc24rs_v2", 4},
      {"standard_nc6s_v3", 1}, {"standard_nc12s_v3", 2}, {"standard_nc24s_v3", 4}, {"standard_nc24rs_v3", 4},
      {"standard_nd6s", 1},    {"standard_nd12s", 2},    {"standard_nd24s", 4},    {"standard_nd24rs", 4},
      {"standard_nv6", 1},     {"standard_nv12", 2},     {"standard_nv24", 4},
  };
  return sizes;
}

/// The parts of a name as `Standard_DS13-2_v2`.
struct SizeName {
  /// Of the series, as `ds`.
  std::string letters;
  int number = 0;
  /// Between number and version, as `rs`.
  std::string features;
  /// As `v2`; empty for the first.
  std::string version;
};

std::optional<SizeName> parse_vm_size(std::string_view vm_size) {
  static const std::regex form("standard_([a-z]+)([0-9]{1,4})(?:-[0-9]+)?([a-z]*)(?:_(v[0-9]+))?(?:_promo)?");
  const std::string name = to_lower(vm_size);
  std::smatch parts;
  if (!std::regex_match(name, parts, form)) {
    return std::nullopt;
  }
  return SizeName{parts[1], std::stoi(parts[2]), parts[3], parts[4]};
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

/// The first series number their sizes; all later ones are named after their cores.
std::map<int, int> numbered_sizes(const SizeName& size) {
  const bool first = size.version.empty();
  if (size.letters == "a" && first) {
    return {{0, 1}, {1, 1}, {2, 2}, {3, 4}, {4, 8}, {5, 2}, {6, 4}, {7, 8}, {8, 8}, {9, 16}, {10, 8}, {11, 16}};
  }
  if (size.letters == "g" || size.letters == "gs") {
    return {{1, 2}, {2, 4}, {3, 8}, {4, 16}, {5, 32}};
  }
  if ((size.letters == "d" || size.letters == "ds") && (first || size.version == "v2")) {
    return {{1, 1}, {2, 2}, {3, 4}, {4, 8}, {5, 16}, {11, 2}, {12, 4}, {13, 8}, {14, 16}, {15, 20}};
  }
  return {};
}

}  // namespace

std::string shown_vm_size(std::string_view vm_size) { return upper_case(std::string(vm_size)); }

int gpus_of_vm_size(std::string_view vm_size) {
  const auto found = gpu_sizes().find(to_lower(vm_size));
  return found == gpu_sizes().end() ? 0 : found->second;
}

int cores_of_vm_size(std::string_view vm_size) {
  const auto size = parse_vm_size(vm_size);
  if (!size) {
    return 1;
  }
  const auto numbered = numbered_sizes(*size);
  const auto found = numbered.find(size->number);
  return std::max(found == numbered.end() ? size->number : found->second, 1);
}

std::string family_of_vm_size(std::string_view vm_size) {
  const auto size = parse_vm_size(vm_size);
  if (!size) {
    return {};
  }
  // Sizes with GPUs were counted by their series, whatever disks they take.
  const bool premium = size->features.find('s') != std::string::npos && !size->letters.starts_with('n');
  return upper_case(size->letters) + (premium ? "S" : "") + size->version;
}

bool vm_size_takes_premium_disks(std::string_view vm_size) {
  const auto size = parse_vm_size(vm_size);
  return size && (size->letters == "ds" || size->letters == "gs" || size->features.find('s') != std::string::npos);
}

bool vm_size_is_offered(std::string_view vm_size) {
  static const std::regex refused("standard_(a0|gs[0-9].*|ds[0-9]+(-[0-9]+)?(_v2.*)?)");
  return !std::regex_match(to_lower(vm_size), refused);
}

}  // namespace batchai::server
