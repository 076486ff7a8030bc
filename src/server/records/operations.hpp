#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/error.hpp"
#include "server/records/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace batchai::server {

/// A long-running operation as the service remembers it. Its record outlives the resource, and ends once: ending it
/// again changes nothing.
struct OperationRecord {
  enum class State { Running, Succeeded, Failed, Canceled };

  /// GUID, chosen by the service.
  std::string id;
  std::string subscription;
  /// Location of the workspace or group that the operation works on.
  std::string location;
  /// Segments of the resource joined with `$`: `{sub}${group}${workspace}${cluster}`.
  std::string resource;
  State state = State::Running;
  Timestamp started{};
  std::optional<Timestamp> ended = {};
  /// Present for Failed and Canceled.
  std::optional<ErrorBody> error = {};

  bool done() const noexcept { return state != State::Running; }
};

/// Kind of the documents that hold such records, in the order of their start.
inline constexpr std::string_view kOperationKind = "operation";

OperationRecord operation_of(const Document& document);

/// Writes the record of an operation that begins `now`, and may have ended at once.
OperationRecord create_operation(Transaction& transaction, Timestamp now, std::string subscription,
                                 std::string location, std::string resource,
                                 OperationRecord::State state = OperationRecord::State::Running);

/// Of its document.
std::string operation_key(std::string_view id);
/// Nothing for an unknown id.
std::optional<OperationRecord> find_operation(Transaction& transaction, std::string_view id);

/// Ends an operation. Nothing happens if it is unknown or has ended already.
void succeed_operation(Transaction& transaction, Timestamp now, std::string_view id);
void fail_operation(Transaction& transaction, Timestamp now, std::string_view id, ErrorBody error);
void cancel_operation(Transaction& transaction, Timestamp now, std::string_view id, ErrorBody error);

/// Where clients ask for an operation, as Batch AI names it: `operationresults` returns the status (header
/// Azure-AsyncOperation), `operationstatuses` the result (header Location). Both without host and query.
std::string operation_status_path(const OperationRecord& record);
std::string operation_result_path(const OperationRecord& record);

/// The answer at the status URL: always 200 with this. `id` is that URL without its query.
nlohmann::ordered_json operation_status_document(const OperationRecord& record, const std::string& id);

/// `{"code", "message", "target"?, "details"?}`.
nlohmann::ordered_json error_document(const ErrorBody& error);

}  // namespace batchai::server
