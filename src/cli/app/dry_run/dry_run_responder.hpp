#pragma once

#include "batchai/core/http.hpp"

#include <map>
#include <optional>
#include <string>

namespace batchai::cli {

/// Answers requests that a dry run keeps back, out of nothing but the requests themselves: everything is allowed, is
/// new and is done at once. Not thread-safe.
class DryRunResponder {
 public:
  /// The answer of success to a request that changes something.
  HttpResponse change(const HttpRequest& request);
  /// What there would be to read if the changes had been made; nothing where they have no part in it.
  std::optional<HttpResponse> read(const HttpRequest& request) const;
  /// The properties of a file that would have been made, also in place of one that is there.
  std::optional<HttpResponse> read_file(const HttpRequest& request) const;

 private:
  HttpResponse change_resource(const HttpRequest& request);
  HttpResponse change_storage(const HttpRequest& request);
  bool is_below_made(const std::string& path) const;

  /// Documents of resources, by path in lower case.
  std::map<std::string, std::string> made_;
  /// What a look at a file would tell, by its URL without a query.
  std::map<std::string, Headers> files_;
};

}  // namespace batchai::cli
