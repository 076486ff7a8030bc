#include "batchai/batchai/usages.hpp"

#include "batchai/models/names.hpp"
#include "batchai/paths.hpp"

namespace batchai::inline v1 {

Pageable<Usage> UsagesClient::list(std::string_view location, const CallContext& context) const {
  check_location(location);
  const Url url =
      channel_->subscription_url({"providers", kBatchAiProvider, "locations", location, "usages"}, kBatchAiVersion);
  return batchai::list<Usage>(channel_, make_request("GET", url), context);
}

}  // namespace batchai::inline v1
