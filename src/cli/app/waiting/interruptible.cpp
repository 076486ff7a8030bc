#include "cli/app/waiting/interruptible.hpp"

#include "batchai/core/request_description.hpp"
#include "cli/frame/errors.hpp"

namespace batchai::cli {
namespace {

bool changes_a_resource(const HttpRequest& request) {
  const RequestDescription description = describe_request(request);
  return description.target == RequestTarget::Management && description.effect != RequestEffect::Read;
}

std::string name_of(const HttpRequest& request) { return request.method + " " + request.url.path(); }

}  // namespace

HttpResponse InterruptibleTransport::send(const HttpRequest& request, const CallContext& context) {
  try {
    return next_->send(request, context);
  } catch (const Cancelled&) {
    if (!changes_a_resource(request)) {
      throw;
    }
    throw Interrupted("interrupted while the service was asked to change something; it may have done so: " +
                      name_of(request));
  } catch (const DeadlineExceeded& error) {
    if (!changes_a_resource(request)) {
      throw;
    }
    throw CommandError(kFailed,
                       std::string(error.what()) +
                           "; the service was asked to change something and may have done so: " + name_of(request));
  }
}

}  // namespace batchai::cli
