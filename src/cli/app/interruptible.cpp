#include "cli/app/interruptible.hpp"

#include "cli/app/request_kind.hpp"
#include "cli/frame/errors.hpp"

namespace batchai::cli {

HttpResponse InterruptibleTransport::send(const HttpRequest& request, const CallContext& context) {
  try {
    return next_->send(request, context);
  } catch (const Cancelled&) {
    if (only_reads(request) || !is_management(request)) {
      throw;
    }
    throw Interrupted("interrupted while the service was asked to change something; it may have done so: " +
                      request.method + " " + request.url.path());
  }
}

}  // namespace batchai::cli
