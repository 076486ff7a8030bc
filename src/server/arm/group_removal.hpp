#pragma once

#include "server/arm/arm_options.hpp"
#include "server/records/operations.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace batchai::server {

/// Deletes resource groups with everything in them. A group stays in state `Deleting` while jobs in it are being
/// stopped; each call of advance() continues it, also after a restart of the service. Thread-safe.
class GroupRemoval {
 public:
  explicit GroupRemoval(ArmOptions options) : options_(std::move(options)) {}

  /// Marks the group and begins. Throws ServiceFault 404, and 409 for a group with a locked account. A second call
  /// returns the running operation.
  OperationRecord start(const std::string& subscription, const std::string& group) const;
  /// Continues the removal of every group that is being deleted. One that cannot be removed is reported, and does not
  /// stop the others.
  void advance() const;

 private:
  void advance_group(const Document& group) const;
  bool is_empty(const Document& group) const;
  void finish(const Document& group, const std::vector<Document>& accounts) const;

  ArmOptions options_;
  /// Held while removing: two removals at once could reach a group that was made again in between.
  mutable std::mutex mutex_;
};

}  // namespace batchai::server
