#pragma once

#include "batchai/core/http.hpp"
#include "batchai/core/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// Leases of shares and files (learn.microsoft.com/rest/api/storageservices/lease-share and lease-file). They apply to
/// requests, not to jobs, which write directly into the folder.
namespace batchai::server::files {

enum class LeaseState { Available, Leased, Expired, Breaking, Broken };

/// Whether `text` is a GUID.
bool is_lease_id(std::string_view text);

struct Lease {
  /// A GUID.
  std::string id;
  /// Nothing: it does not end by itself.
  std::optional<std::chrono::seconds> length = {};
  /// When it was acquired or renewed.
  Timestamp since = {};
  /// When a break takes effect, once one was requested.
  std::optional<Timestamp> broken_at = {};

  LeaseState state(Timestamp now) const;
  /// How long it still lasts; nothing for one that does not end by itself.
  std::optional<std::chrono::seconds> remaining(Timestamp now) const;
};

/// Of what has no lease: Available.
LeaseState lease_state(const std::optional<Lease>& lease, Timestamp now);
/// Whether only the lease's holder may change what it is on.
bool is_held(LeaseState state);
/// As `x-ms-lease-state` has it.
const char* lease_state_name(LeaseState state);

/// What a lease can be on: it decides about lengths, break periods and the names of errors.
enum class LeaseKind { Share, File };

/// Of a lease that ends by itself, and of a break period.
inline constexpr std::chrono::seconds kLongestLease{60};

enum class LeaseAction { Acquire, Renew, Change, Release, Break };

struct LeaseRequest {
  LeaseAction action = LeaseAction::Acquire;
  std::string id = {};
  std::string proposed_id = {};
  std::optional<std::chrono::seconds> length = {};
  std::optional<std::chrono::seconds> break_period = {};
};

/// Reads the x-ms-lease- headers. Throws MissingRequiredHeader or InvalidHeaderValue.
LeaseRequest read_lease_request(const Headers& headers, LeaseKind kind);

struct LeaseOutcome {
  int status = 200;
  /// The lease afterwards; nothing after a release.
  std::optional<Lease> lease = {};
  /// For x-ms-lease-id; empty where the answer has none.
  std::string id = {};
  /// For x-ms-lease-time: seconds until a break takes effect.
  std::optional<std::chrono::seconds> break_time = {};
};

/// Carries out `request`. Throws the 409 of a state in which that is impossible.
LeaseOutcome apply_lease(const std::optional<Lease>& lease, const LeaseRequest& request, Timestamp now);

/// Throws 412 unless a change with this `x-ms-lease-id` (empty: without) is allowed.
void require_lease(const std::optional<Lease>& lease, const std::string& id, LeaseKind kind, Timestamp now);
/// The same for reads and other operations that need no id: an id that is given has to be right.
void require_right_lease(const std::optional<Lease>& lease, const std::string& id, LeaseKind kind, Timestamp now);

nlohmann::json lease_to_json(const Lease& lease);
/// Nothing for anything else.
std::optional<Lease> lease_from_json(const nlohmann::json& object);

}  // namespace batchai::server::files
