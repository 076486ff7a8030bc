#include "server/resources/precondition.hpp"

#include "server/faults/fault.hpp"

#include <array>
#include <cstdio>
#include <sstream>
#include <string_view>

namespace batchai::server {

namespace {

std::string without_blanks_and_weakness(std::string text) {
  constexpr std::string_view kBlanks = " \t";
  const auto begin = text.find_first_not_of(kBlanks);
  const auto end = text.find_last_not_of(kBlanks);
  text = begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
  return text.starts_with("W/") ? text.substr(2) : text;
}

bool matches(const std::string& list, const std::optional<Document>& existing) {
  return existing && names_etag(list, existing->changed);
}

}  // namespace

std::string etag_of(Timestamp changed) {
  std::array<char, 32> text{};
  const auto ticks = static_cast<unsigned long long>(changed.time_since_epoch().count());
  std::snprintf(text.data(), text.size(), "W/\"0x%llX\"", ticks);
  return text.data();
}

bool names_etag(const std::string& list, Timestamp changed) {
  const std::string present = without_blanks_and_weakness(etag_of(changed));
  std::istringstream tags(list);
  for (std::string tag; std::getline(tags, tag, ',');) {
    const std::string wanted = without_blanks_and_weakness(tag);
    if (wanted == "*" || wanted == present) {
      return true;
    }
  }
  return false;
}

void Precondition::require(const std::optional<Document>& existing) const {
  if (if_match && !matches(*if_match, existing)) {
    throw ServiceFault(412, "PreconditionFailed",
                       existing ? "The resource has been changed: its ETag is not the one in If-Match"
                                : "If-Match asks for a resource that is there, and there is none");
  }
  if (if_none_match && matches(*if_none_match, existing)) {
    throw ServiceFault(412, "PreconditionFailed", "If-None-Match asks for a resource that is not there or another one");
  }
}

}  // namespace batchai::server
