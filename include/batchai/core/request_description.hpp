#pragma once

#include "batchai/core/http.hpp"
#include "batchai/version.hpp"

#include <string>

BATCHAI_NAMESPACE_BEGIN

/// What a request is about.
enum class RequestTarget {
  /// Azure Resource Manager and resource providers.
  Management,
  Storage
};

/// What a request does.
enum class RequestEffect {
  /// Leaves everything as it is. A POST does where the library marks it as repeatable.
  Read,
  /// Makes a resource, a share, a directory or a file, or replaces one.
  Create,
  /// Changes something that exists, such as its properties, its name or its lease.
  Update,
  Delete,
  /// Sends, copies or clears a range of a file: one of the pieces that a file is uploaded in.
  UploadPiece,
  /// Starts an action, such as terminating a job.
  Action
};

/// What a request of this library does, according to its method, URL and headers.
struct RequestDescription {
  RequestTarget target = RequestTarget::Management;
  RequestEffect effect = RequestEffect::Read;
  /// Of its body; empty where there is none.
  std::string content_type = {};

  friend bool operator==(const RequestDescription&, const RequestDescription&) = default;
};

/// One sentence about what a request is for: see RequestDescription.
[[nodiscard]] RequestDescription describe_request(const HttpRequest& request);

BATCHAI_NAMESPACE_END
