#pragma once

#include "server/faults/fault.hpp"
#include "server/http/router.hpp"
#include "server/identity/principals.hpp"
#include "server/records/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace batchai::server {

/// The namespace of the operations that give access to others: the service's own.
inline constexpr std::string_view kServiceNamespace = "Batchai.Service";

/// What a route does, as ARM's roles name it: `Microsoft.BatchAI/workspaces/clusters/write`, `…/read`, `…/delete`,
/// `…/listKeys/action`. It follows from method and pattern, so that no route can be without one. A parameter that
/// stands for a namespace stays in it: `{provider}/register/action`.
std::string operation_name(std::string_view method, std::string_view pattern);

/// What a request wants to do, and with what.
struct Wanted {
  /// As operation_name() has it, without parameters.
  std::string operation;
  /// The group of the resource; empty for what is in none.
  std::string group;
};

/// For a route whose operation is set. The group of what is asked about an operation by its id is not in the path.
Wanted wanted_by(const Route& route, const PathParameters& parameters);

/// The group that the operation with that id works in; empty for an unknown one.
std::string group_of_operation(Transaction& transaction, const std::string& id);

/// Whether a role allows it. Readers may do what ends in `/read`. To give access to others is for owners only. Where a
/// role is limited to groups, what is in no group may be read only: it says nothing of what others have.
bool permits(const Principal& principal, const Wanted& wanted);

/// Whether a principal may list the keys of the storage accounts of a group.
bool may_list_keys(const Principal& principal, const std::string& group);

/// The id of what a request is about, for refusals: without the type that is listed or the action that is called.
std::string scope_of(const Route& route, const PathParameters& parameters);

/// The ServiceFault 403 `AuthorizationFailed` for what is not permitted.
ServiceFault not_permitted(const Principal& principal, const Wanted& wanted, const std::string& scope);

/// Throws ServiceFault 403 `LinkedAuthorizationFailed` where the body of a request that changes something refers, by a
/// member `id`, to a resource in a group that the principal's role is not for. A body that is not JSON refers to
/// nothing.
void require_linked_permission(const Principal& principal, const Wanted& wanted, const std::string& scope,
                               std::string_view body);

/// Takes the resources out of a list that are in groups which the principal's role is not for. Anything else stays as
/// it is. `top`, unless absent, is how many may be left.
void keep_permitted(const Principal& principal, Response& list, std::optional<std::size_t> top);

/// Takes `$top` out of the request where it is a positive number: what is not permitted must not count.
std::optional<std::size_t> take_top(Request& request);

}  // namespace batchai::server
