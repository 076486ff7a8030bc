#pragma once

#include "server/records/store.hpp"

#include <optional>
#include <string>

namespace batchai::server {

/// Of a document by the time of its last change; different after every one: `W/"0x8D5CC…"`, as Azure writes them.
std::string etag_of(Timestamp changed);

/// Whether a list of ETags, or `*`, names that of a document with this time of its last change.
bool names_etag(const std::string& list, Timestamp changed);

/// What has to be true of the resource before it is changed: the headers If-Match and If-None-Match, each a
/// list of ETags or `*`. ETags are compared without their `W/`, so that a client may send the one it got.
struct Precondition {
  std::optional<std::string> if_match = {};
  std::optional<std::string> if_none_match = {};

  /// Throws ServiceFault 412 `PreconditionFailed`. To be called in the transaction of the change.
  void require(const std::optional<Document>& existing) const;
};

}  // namespace batchai::server
