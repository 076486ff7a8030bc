#pragma once

#include "server/http/message.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// Decoded values of the `{name}` segments of a pattern.
class PathParameters {
 public:
  /// Throws std::out_of_range for a name that the pattern does not have.
  const std::string& operator[](std::string_view name) const;
  /// Null for such a name.
  const std::string* find(std::string_view name) const;
  void set(std::string name, std::string value) { values_.insert_or_assign(std::move(name), std::move(value)); }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

using RouteHandler = std::function<Response(const Request&, const PathParameters&)>;

/// One line of an API's table.
struct Route {
  /// Upper case.
  std::string method;
  /// As `/subscriptions/{subscription}/resourceGroups/{group}`.
  std::string pattern;
  RouteHandler handler;
  /// What it does, in the words of the API that it belongs to. The router does not use it.
  std::string operation = {};
};

/// What a path led to.
struct RouteMatch {
  enum class Kind { Found, WrongMethod, Unknown };
  Kind kind = Kind::Unknown;
  /// The route found, and its handler. Valid as long as the router.
  const Route* route = nullptr;
  const RouteHandler* handler = nullptr;
  PathParameters parameters = {};
  /// Methods that the path has, for the Allow field of a 405.
  std::vector<std::string> allowed = {};
};

/// Finds the handler of a path. Fixed words compare without regard to case, repeated and trailing slashes do not
/// count, parameters are percent-decoded. Where several patterns fit, the one whose fixed words come first wins.
/// Immutable after the last add(), then thread-safe.
class Router {
 public:
  void add(Route route);
  void add(std::vector<Route> routes);
  /// `path` is encoded, as Request::path.
  RouteMatch find(std::string_view method, std::string_view path) const;

 private:
  struct Entry {
    std::vector<std::string> segments;
    Route route;
  };
  std::vector<Entry> entries_;
};

}  // namespace batchai::server
