#include "server/arm/resource_path.hpp"

#include "batchai/core/http.hpp"
#include "batchai/core/url.hpp"

#include <vector>

namespace batchai::server {
namespace {

using Segments = std::vector<std::string>;

Segments segments_of(std::string_view path) {
  Segments result;
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    if (!segment.empty()) {
      result.push_back(percent_decode(segment).value_or(std::string(segment)));
    }
    path.remove_prefix(segment.size() == path.size() ? path.size() : segment.size() + 1);
  }
  return result;
}

bool is_registration(const Segments& segments, std::size_t provider) {
  const std::size_t rest = segments.size() - provider - 1;
  return rest == 0 || (rest == 1 && (iequals(segments.back(), "register") || iequals(segments.back(), "unregister")));
}

/// Types and names alternate after the namespace.
std::string type_behind(const Segments& segments, std::size_t provider) {
  std::string type;
  for (std::size_t i = provider + 1; i < segments.size(); i += 2) {
    type += (type.empty() ? "" : "/") + segments[i];
  }
  return type;
}

}  // namespace

ResourcePath read_resource_path(std::string_view path) {
  const Segments segments = segments_of(path);
  ResourcePath result;
  std::size_t at = 0;
  const auto word = [&](std::string_view name) { return at + 1 < segments.size() && iequals(segments[at], name); };
  result.below_subscriptions = word("subscriptions");
  if (result.below_subscriptions) {
    result.subscription = segments[at + 1];
    at += 2;
  }
  if (result.below_subscriptions && word("resourceGroups")) {
    result.group = segments[at + 1];
    at += 2;
  }
  if (word("providers") && !is_registration(segments, at + 1)) {
    result.provider = segments[at + 1];
    result.type = type_behind(segments, at + 1);
  }
  return result;
}

}  // namespace batchai::server
