#include "server/http/router.hpp"

#include "batchai/core/url.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace batchai::server {
namespace {

using Segments = std::vector<std::string>;

bool is_parameter(const std::string& segment) { return segment.size() > 2 && segment.front() == '{'; }

Segments split(std::string_view path) {
  Segments result;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) {
      result.emplace_back(path.substr(0, slash));
    }
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return result;
}

std::optional<Segments> split_decoded(std::string_view path) {
  Segments result = split(path);
  for (std::string& segment : result) {
    auto decoded = percent_decode(segment);
    if (!decoded) {
      return std::nullopt;
    }
    segment = std::move(*decoded);
  }
  return result;
}

bool fits(const Segments& pattern, const Segments& path) {
  return std::equal(
      pattern.begin(), pattern.end(), path.begin(), path.end(),
      [](const std::string& fixed, const std::string& given) { return is_parameter(fixed) || iequals(fixed, given); });
}

/// Fixed words before parameters, from the left.
bool stronger(const Segments& a, const Segments& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const std::string& x, const std::string& y) { return !is_parameter(x) && is_parameter(y); });
}

PathParameters parameters_of(const Segments& pattern, const Segments& path) {
  PathParameters result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i])) {
      result.set(pattern[i].substr(1, pattern[i].size() - 2), path[i]);
    }
  }
  return result;
}

}  // namespace

const std::string& PathParameters::operator[](std::string_view name) const {
  const std::string* found = find(name);
  if (found == nullptr) {
    throw std::out_of_range("no path parameter '" + std::string(name) + "'");
  }
  return *found;
}

const std::string* PathParameters::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

void Router::add(Route route) {
  Segments segments = split(route.pattern);
  entries_.push_back({std::move(segments), std::move(route)});
}

void Router::add(std::vector<Route> routes) {
  for (Route& route : routes) {
    add(std::move(route));
  }
}

RouteMatch Router::find(std::string_view method, std::string_view path) const {
  RouteMatch match;
  const auto segments = split_decoded(path);
  const Entry* best = nullptr;
  for (const Entry& entry : entries_) {
    if (!segments || !fits(entry.segments, *segments)) {
      continue;
    }
    match.allowed.push_back(entry.route.method);
    if (entry.route.method == method && (best == nullptr || stronger(entry.segments, best->segments))) {
      best = &entry;
    }
  }
  if (best != nullptr) {
    match.kind = RouteMatch::Kind::Found;
    match.route = &best->route;
    match.handler = &best->route.handler;
    match.parameters = parameters_of(best->segments, *segments);
  } else if (!match.allowed.empty()) {
    match.kind = RouteMatch::Kind::WrongMethod;
  }
  return match;
}

}  // namespace batchai::server
