#include "cli/app/dry_run/dry_run.hpp"

#include "cli/app/dry_run/request_kind.hpp"
#include "cli/app/services.hpp"
#include "core/redacted.hpp"

namespace batchai::cli {
namespace {

bool is_piece(const HttpRequest& request) {
  return request.method == "PUT" && !is_management(request) &&
         request.url.query().find("comp=range") != std::string::npos;
}

/// `plans`: changes on this machine that have been told.
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
  if (only_reads(request)) {
    return read(request, context);
  }
  const std::lock_guard lock(mutex_);
  ++shown_;
  show(request);
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
    if (auto made = responder_.read_file(request)) {
      return std::move(*made);
    }
  }
  HttpResponse response = next_->send(request, context);
  const std::lock_guard lock(mutex_);
  if (response.status == 404) {
    if (auto made_up = responder_.read(request)) {
      return std::move(*made_up);
    }
  }
  return response;
}

void DryRunTransport::show(const HttpRequest& request) {
  const std::string url = redacted_url(request.url);
  const std::string type = request.headers.get("Content-Type");
  if (!is_piece(request)) {
    show_pieces();
    out_ << request.method << ' ' << url << '\n' << redacted_body(request.body, type) << std::flush;
    return;
  }
  if (pieces_ && pieces_->url != url) {
    show_pieces();
  }
  if (!pieces_) {
    pieces_ = Pieces{.url = url, .content_type = type};
  }
  ++pieces_->count;
  pieces_->bytes += request.body.size();
}

void DryRunTransport::show_pieces() {
  if (!pieces_) {
    return;
  }
  const std::string requests = pieces_->count == 1 ? "" : " in " + std::to_string(pieces_->count) + " requests";
  out_ << "PUT " << pieces_->url << "\n(" << pieces_->bytes << " bytes of " << pieces_->content_type << requests
       << ")\n"
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
