#include "cli/requests/subnet.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/frame/errors.hpp"

namespace batchai::cli {

ResourceId read_subnet(const std::string& text) {
  try {
    if (iequals(parse_resource_id(text).type(), "Microsoft.Network/virtualNetworks/subnets")) {
      return {.id = text};
    }
  } catch (const InvalidArgument&) {
    // Reported below, as the id of something else is.
  }
  throw UsageError("--subnet: ill-formed subnet resource id '" + text + "'");
}

}  // namespace batchai::cli
