#pragma once

#include "server/faults/fault.hpp"

#include <string>
#include <string_view>

namespace batchai::server {

/// 400 `InvalidRequestContent`; `target` is the path of the member, as `properties.nodeCount`.
ServiceFault invalid_content(const std::string& target, const std::string& message);

/// 400 `BadRequest` for a query parameter or a name in the path.
ServiceFault bad_parameter(const std::string& name, const std::string& message);

/// 404, as `ClusterNotFound`: "The specified cluster c is not found". `what` is `cluster`, `file server`, …
ServiceFault not_found(std::string_view what, const std::string& name);

/// 404 `ParentResourceNotFound`, for a create below something that is not there.
ServiceFault parent_not_found(std::string_view what, const std::string& name);

/// 404 `ResourceGroupNotFound`.
ServiceFault group_not_found(const std::string& name);

/// 409 `Conflict`.
ServiceFault conflict(const std::string& message);

}  // namespace batchai::server
