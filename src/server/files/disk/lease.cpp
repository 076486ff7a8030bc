#include "server/files/disk/lease.hpp"

#include "core/random.hpp"
#include "core/text_at.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <nlohmann/json.hpp>

namespace batchai::server::files {
namespace {

using std::chrono::seconds;

seconds until(Timestamp end, Timestamp now) { return std::max(seconds(0), std::chrono::ceil<seconds>(end - now)); }

[[noreturn]] void refuse(const char* code) { throw StorageError(code); }

/// The lease, if the id is its own.
const Lease& require_own(const std::optional<Lease>& lease, const std::string& id) {
  if (!lease) {
    refuse("LeaseNotPresentWithLeaseOperation");
  }
  if (lease->id != id) {
    refuse("LeaseIdMismatchWithLeaseOperation");
  }
  return *lease;
}

LeaseOutcome acquire(const std::optional<Lease>& lease, const LeaseRequest& request, Timestamp now) {
  const LeaseState state = lease_state(lease, now);
  if (state == LeaseState::Breaking && lease->id == request.proposed_id) {
    refuse("LeaseIsBreakingAndCannotBeAcquired");
  }
  if (is_held(state) && (state == LeaseState::Breaking || lease->id != request.proposed_id)) {
    refuse("LeaseAlreadyPresent");
  }
  const std::string id = request.proposed_id.empty() ? random_guid() : request.proposed_id;
  return {201, Lease{id, request.length, now, {}}, id, {}};
}

LeaseOutcome renew(const std::optional<Lease>& lease, const LeaseRequest& request, Timestamp now) {
  Lease renewed = require_own(lease, request.id);
  if (renewed.broken_at) {
    refuse("LeaseIsBrokenAndCannotBeRenewed");
  }
  renewed.since = now;
  return {200, renewed, renewed.id, {}};
}

LeaseOutcome change(const std::optional<Lease>& lease, const LeaseRequest& request, Timestamp now) {
  const LeaseState state = lease_state(lease, now);
  if (state == LeaseState::Breaking) {
    refuse("LeaseIsBreakingAndCannotBeChanged");
  }
  if (state != LeaseState::Leased) {
    refuse("LeaseNotPresentWithLeaseOperation");
  }
  Lease changed = lease->id == request.proposed_id ? *lease : require_own(lease, request.id);
  changed.id = request.proposed_id;
  return {200, changed, changed.id, {}};
}

LeaseOutcome break_lease(const std::optional<Lease>& lease, const LeaseRequest& request, Timestamp now) {
  if (!lease) {
    refuse("LeaseNotPresentWithLeaseOperation");
  }
  Lease broken = *lease;
  seconds left = request.break_period.value_or(broken.length ? kLongestLease : seconds(0));
  switch (broken.state(now)) {
    case LeaseState::Leased:
      left = std::min(left, broken.remaining(now).value_or(left));
      break;
    case LeaseState::Breaking:
      left = std::min(until(*broken.broken_at, now), request.break_period.value_or(kLongestLease));
      break;
    default:
      left = seconds(0);
  }
  broken.broken_at = now + left;
  return {202, broken, {}, left};
}

const char* mismatch(LeaseKind kind) {
  return kind == LeaseKind::File ? "LeaseIdMismatchWithFileOperation" : "LeaseIdMismatchWithContainerOperation";
}

}  // namespace

bool is_lease_id(std::string_view text) {
  constexpr std::string_view kPattern = "00000000-0000-0000-0000-000000000000";
  return text.size() == kPattern.size() && std::equal(text.begin(), text.end(), kPattern.begin(), [](char c, char p) {
           return p == '-' ? c == '-' : std::isxdigit(static_cast<unsigned char>(c)) != 0;
         });
}

LeaseState Lease::state(Timestamp now) const {
  if (broken_at) {
    return now < *broken_at ? LeaseState::Breaking : LeaseState::Broken;
  }
  return length && now >= since + *length ? LeaseState::Expired : LeaseState::Leased;
}

std::optional<seconds> Lease::remaining(Timestamp now) const {
  return length ? std::optional(until(since + *length, now)) : std::nullopt;
}

LeaseState lease_state(const std::optional<Lease>& lease, Timestamp now) {
  return lease ? lease->state(now) : LeaseState::Available;
}

bool is_held(LeaseState state) { return state == LeaseState::Leased || state == LeaseState::Breaking; }

const char* lease_state_name(LeaseState state) {
  constexpr std::array<const char*, 5> kNames = {"available", "leased", "expired", "breaking", "broken"};
  return kNames.at(static_cast<std::size_t>(state));
}

LeaseOutcome apply_lease(const std::optional<Lease>& lease, const LeaseRequest& request, Timestamp now) {
  switch (request.action) {
    case LeaseAction::Acquire:
      return acquire(lease, request, now);
    case LeaseAction::Renew:
      return renew(lease, request, now);
    case LeaseAction::Change:
      return change(lease, request, now);
    case LeaseAction::Break:
      return break_lease(lease, request, now);
    default:
      require_own(lease, request.id);
      return {};
  }
}

void require_lease(const std::optional<Lease>& lease, const std::string& id, LeaseKind kind, Timestamp now) {
  if (id.empty() && is_held(lease_state(lease, now))) {
    refuse("LeaseIdMissing");
  }
  require_right_lease(lease, id, kind, now);
}

void require_right_lease(const std::optional<Lease>& lease, const std::string& id, LeaseKind kind, Timestamp now) {
  if (id.empty()) {
    return;
  }
  if (is_held(lease_state(lease, now))) {
    if (!iequals(lease->id, id)) {
      refuse(mismatch(kind));
    }
    return;
  }
  if (lease && iequals(lease->id, id)) {
    refuse("LeaseLost");
  }
  refuse(kind == LeaseKind::File ? "LeaseNotPresentWithFileOperation" : "LeaseNotPresentWithContainerOperation");
}

nlohmann::json lease_to_json(const Lease& lease) {
  nlohmann::json object = {{"id", lease.id}, {"since", format_iso8601_ticks(lease.since)}};
  if (lease.length) {
    object["seconds"] = lease.length->count();
  }
  if (lease.broken_at) {
    object["brokenAt"] = format_iso8601_ticks(*lease.broken_at);
  }
  return object;
}

std::optional<Lease> lease_from_json(const nlohmann::json& object) {
  const std::string id = text_at(object, "id");
  if (!is_lease_id(id)) {
    return std::nullopt;
  }
  Lease lease{.id = id, .since = parse_iso8601(text_at(object, "since")).value_or(Timestamp())};
  if (const auto length = object.find("seconds"); length != object.end() && length->is_number_integer()) {
    lease.length = seconds(length->get<std::int64_t>());
  }
  lease.broken_at = parse_iso8601(text_at(object, "brokenAt"));
  return lease;
}

}  // namespace batchai::server::files
