#include "signing/query.hpp"

#include "batchai/core/url.hpp"

#include <algorithm>

namespace batchai::signing {
namespace {

std::string decode(std::string_view text, bool plus_is_blank) {
  std::string raw(text);
  if (plus_is_blank) {
    std::replace(raw.begin(), raw.end(), '+', ' ');
  }
  return percent_decode(raw).value_or(raw);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> split_query(std::string_view query, bool plus_is_blank) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (part.empty()) {
      continue;
    }
    const auto equals = part.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    parameters.emplace_back(decode(part.substr(0, equals), plus_is_blank), decode(value, plus_is_blank));
  }
  return parameters;
}

}  // namespace batchai::signing
