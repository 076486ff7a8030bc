#include "batchai/batchai/operations.hpp"

#include "batchai/paths.hpp"

namespace batchai::inline v1 {

Pageable<OperationInfo> OperationsClient::list(const CallContext& context) const {
  const Url url = channel_->url({"providers", kBatchAiProvider, "operations"}, kBatchAiVersion);
  return batchai::list<OperationInfo>(channel_, make_request("GET", url), context);
}

}  // namespace batchai::inline v1
