#include "cli/app/dry_run/dry_run.hpp"

#include "cli/app/services.hpp"
#include "core/redacted.hpp"

namespace batchai::cli {
namespace {

/// `plans`: changes of this machine that have been printed.
std::string closing(std::size_t requests, std::size_t plans, bool failed) {
  if (requests + plans == 0) {
    return failed ? "nothing was sent or changed before the error" : "the command would change nothing";
  }
  const std::string kept = requests == 0 ? "changed" : plans == 0 ? "sent" : "sent or changed";
  std::string text = "nothing was " + kept;
  if (requests > 0) {
    text += std::string("; ") + (failed ? "up to its error, " : "") + "the command would change something with " +
            std::to_string(requests) + (requests == 1 ? " request" : " requests");
  }
  return text;
}

}  // namespace

HttpResponse DryRunTransport::send(const HttpRequest& request, const CallContext& context) {
  const RequestDescription description = describe_request(request);
  if (description.effect == RequestEffect::Read) {
    return read(request, context);
  }
  const std::lock_guard lock(mutex_);
  ++shown_;
  show(request, description);
  return responder_.change(request);
}

std::size_t DryRunTransport::finish() {
  const std::lock_guard lock(mutex_);
  show_pieces();
  return shown_;
}

HttpResponse DryRunTransport::read(const HttpRequest& request, const CallContext& context) {
  {
    const std::lock_guard lock(mutex_);
    if (auto answer = responder_.known_answer(request)) {
      return std::move(*answer);
    }
  }
  HttpResponse response = next_->send(request, context);
  const std::lock_guard lock(mutex_);
  return responder_.after_changes(request, std::move(response));
}

void DryRunTransport::show(const HttpRequest& request, const RequestDescription& description) {
  const std::string line = request.method + ' ' + redacted_url(request.url) + '\n';
  if (description.effect != RequestEffect::UploadPiece) {
    show_pieces();
    out_ << line << redacted_body(request.body, description.content_type) << std::flush;
    return;
  }
  if (pieces_ && pieces_->line != line) {
    show_pieces();
  }
  if (!pieces_) {
    pieces_ = Pieces{.line = line, .content_type = description.content_type};
  }
  ++pieces_->count;
  pieces_->bytes += request.body_size();
}

void DryRunTransport::show_pieces() {
  if (!pieces_) {
    return;
  }
  const std::string requests = pieces_->count == 1 ? "" : " in " + std::to_string(pieces_->count) + " requests";
  out_ << pieces_->line << "(" << pieces_->bytes << " bytes of " << pieces_->content_type << requests << ")\n"
       << std::flush;
  pieces_.reset();
}

bool close_dry_run(const Context& context, bool failed) {
  DryRunTransport* transport = context.services.dry_run();
  const std::size_t requests = transport == nullptr ? 0 : transport->finish();
  context.notice("batchai: dry run: " + closing(requests, context.plans, failed));
  return requests + context.plans > 0;
}

}  // namespace batchai::cli
