#include "core/parse_number.hpp"
#include "server/files/disk/lease.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace batchai::server::files {
namespace {

using std::chrono::seconds;

constexpr seconds kShortest{15};
std::string read_id(const Headers& headers, const char* name) {
  std::string id = headers.get(name);
  if (!id.empty() && !is_lease_id(id)) {
    throw invalid_header(name, id);
  }
  return to_lower(id);
}

std::string require_id(const Headers& headers, const char* name) {
  std::string id = read_id(headers, name);
  if (id.empty()) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", name);
  }
  return id;
}

LeaseAction read_action(const Headers& headers) {
  constexpr std::array<std::pair<const char*, LeaseAction>, 5> kActions = {{{"acquire", LeaseAction::Acquire},
                                                                            {"renew", LeaseAction::Renew},
                                                                            {"change", LeaseAction::Change},
                                                                            {"release", LeaseAction::Release},
                                                                            {"break", LeaseAction::Break}}};
  const std::string text = headers.get("x-ms-lease-action");
  const auto* action =
      std::find_if(kActions.begin(), kActions.end(), [&](const auto& known) { return iequals(known.first, text); });
  if (action == kActions.end()) {
    throw text.empty() ? StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-lease-action")
                       : invalid_header("x-ms-lease-action", text);
  }
  return action->second;
}

/// -1 is a lease without end; the other lengths are for shares.
std::optional<seconds> read_length(const Headers& headers, LeaseKind kind) {
  const std::string text = headers.get("x-ms-lease-duration");
  if (text == "-1" || (text.empty() && kind == LeaseKind::File)) {
    return std::nullopt;
  }
  if (text.empty()) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-lease-duration");
  }
  const auto number = parse_number<std::uint64_t>(text);
  const seconds length(number && *number <= static_cast<std::uint64_t>(kLongestLease.count()) ? *number : 0);
  if (kind == LeaseKind::File || length < kShortest) {
    throw invalid_header("x-ms-lease-duration", text);
  }
  return length;
}

std::optional<seconds> read_break_period(const Headers& headers, LeaseKind kind) {
  const std::string text = headers.get("x-ms-lease-break-period");
  if (text.empty() || kind == LeaseKind::File) {
    return std::nullopt;
  }
  const auto number = parse_number<std::uint64_t>(text);
  if (!number || *number > static_cast<std::uint64_t>(kLongestLease.count())) {
    throw invalid_header("x-ms-lease-break-period", text);
  }
  return seconds(*number);
}

}  // namespace

LeaseRequest read_lease_request(const Headers& headers, LeaseKind kind) {
  LeaseRequest request{.action = read_action(headers), .proposed_id = read_id(headers, "x-ms-proposed-lease-id")};
  switch (request.action) {
    case LeaseAction::Acquire:
      request.length = read_length(headers, kind);
      break;
    case LeaseAction::Change:
      request.proposed_id = require_id(headers, "x-ms-proposed-lease-id");
      request.id = require_id(headers, "x-ms-lease-id");
      break;
    case LeaseAction::Break:
      request.break_period = read_break_period(headers, kind);
      break;
    default:
      request.id = require_id(headers, "x-ms-lease-id");
  }
  return request;
}

}  // namespace batchai::server::files
