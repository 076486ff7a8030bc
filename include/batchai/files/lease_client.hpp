#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/url.hpp"
#include "batchai/files/models.hpp"
#include "batchai/version.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

BATCHAI_NAMESPACE_BEGIN
namespace files {

class Connection;

/// The lease of one file or share: while a client holds it, others can read but not change the target. Thread-safe,
/// cheap to copy. Facts: learn.microsoft.com/rest/api/storageservices/lease-file and lease-share.
class LeaseClient {
 public:
  /// `target` is the URL that `comp=lease` is added to.
  LeaseClient(std::shared_ptr<const Connection> connection, Url target);

  /// The lease's id, which with_lease() takes. Without a duration it lasts until it is released; shares also take 15 to
  /// 60 seconds. 409 LeaseAlreadyPresent while another client holds it.
  [[nodiscard]] std::string acquire(const std::optional<std::chrono::seconds>& duration = {},
                                    const std::string& proposed_id = {}, const CallContext& context = {}) const;
  /// For shares: restarts its duration.
  WriteResult renew(const std::string& id, const CallContext& context = {}) const;
  /// The new id.
  std::string change(const std::string& id, const std::string& new_id, const CallContext& context = {}) const;
  /// Ends it, by its id: others can take it at once.
  WriteResult release(const std::string& id, const CallContext& context = {}) const;
  /// Ends it without its id. How long it still lasts: 0 for files.
  std::chrono::seconds end(const CallContext& context = {}) const;

 private:
  std::shared_ptr<const Connection> connection_;
  Url target_;
};

}  // namespace files
BATCHAI_NAMESPACE_END
