#include "files/smb_attributes.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace batchai::inline v1::files {
namespace {

constexpr std::array<std::pair<SmbAttributes, std::string_view>, 9> kAttributeNames = {
    {{SmbAttributes::ReadOnly, "ReadOnly"},
     {SmbAttributes::Hidden, "Hidden"},
     {SmbAttributes::System, "System"},
     {SmbAttributes::Directory, "Directory"},
     {SmbAttributes::Archive, "Archive"},
     {SmbAttributes::Temporary, "Temporary"},
     {SmbAttributes::Offline, "Offline"},
     {SmbAttributes::NotContentIndexed, "NotContentIndexed"},
     {SmbAttributes::NoScrubData, "NoScrubData"}}};

}  // namespace

std::string format_smb_attributes(SmbAttributes attributes) {
  std::string text;
  for (const auto& [attribute, name] : kAttributeNames) {
    if (has(attributes, attribute)) {
      text += (text.empty() ? "" : " | ") + std::string(name);
    }
  }
  return text.empty() ? "None" : text;
}

std::optional<SmbAttributes> parse_smb_attributes(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  auto attributes = SmbAttributes::None;
  while (!text.empty()) {
    std::string word(text.substr(0, text.find('|')));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    std::erase(word, ' ');
    for (const auto& [attribute, name] : kAttributeNames) {
      attributes = iequals(name, word) ? attributes | attribute : attributes;
    }
  }
  return attributes;
}

}  // namespace batchai::inline v1::files
