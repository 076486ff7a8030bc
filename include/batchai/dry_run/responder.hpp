#pragma once

#include "batchai/core/http.hpp"
#include "batchai/version.hpp"

#include <map>
#include <optional>
#include <string>

BATCHAI_NAMESPACE_BEGIN

/// Answers requests that are not sent, from the requests alone, so that a client continues with its next
/// one: everything is allowed, is new and is done at once. Not thread-safe.
class DryRunResponder {
 public:
  /// The answer of success to a request that changes something.
  HttpResponse change(const HttpRequest& request);
  /// The answer to a read that need not be sent: the properties of a file that would have been made or replaced. Else
  /// nothing.
  std::optional<HttpResponse> known_answer(const HttpRequest& request) const;
  /// What a read that was sent, and got `answer`, would return if the changes had been made.
  HttpResponse after_changes(const HttpRequest& request, HttpResponse answer) const;

 private:
  HttpResponse change_resource(const HttpRequest& request);
  HttpResponse change_storage(const HttpRequest& request);
  HttpResponse make_file(const HttpRequest& request);
  std::optional<HttpResponse> read_resource(const HttpRequest& request) const;
  bool is_below_made(const std::string& path) const;

  /// Documents of resources, by path in lower case.
  std::map<std::string, std::string> made_;
  /// The headers that describe a file, by its URL without a query.
  std::map<std::string, Headers> files_;
};

BATCHAI_NAMESPACE_END
