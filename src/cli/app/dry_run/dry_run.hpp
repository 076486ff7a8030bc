#pragma once

#include "batchai/core/request_description.hpp"
#include "batchai/core/transport.hpp"
#include "batchai/dry_run/responder.hpp"
#include "cli/app/context.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>

namespace batchai::cli {

/// Sends what only reads; shows every other request instead of sending it, without its secrets, and answers it as a
/// service would where all goes well, so that the command continues. Pieces of one file are shown together.
/// Thread-safe.
class DryRunTransport final : public Transport {
 public:
  DryRunTransport(std::shared_ptr<Transport> next, std::ostream& out) : next_(std::move(next)), out_(out) {}
  HttpResponse send(const HttpRequest& request, const CallContext& context) override;
  /// Shows what is still held back; returns how many requests were not sent in total.
  std::size_t finish();

 private:
  /// Pieces of a file that are still to be shown.
  struct Pieces {
    /// `PUT URL` and a line end.
    std::string line;
    std::string content_type;
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  HttpResponse read(const HttpRequest& request, const CallContext& context);
  void show(const HttpRequest& request, const RequestDescription& description);
  void show_pieces();

  std::shared_ptr<Transport> next_;
  std::ostream& out_;
  std::mutex mutex_;
  DryRunResponder responder_;
  std::optional<Pieces> pieces_;
  std::size_t shown_ = 0;
};

/// Ends a dry run, also one that `failed`, with a line on stderr; returns whether it held anything back.
bool close_dry_run(const Context& context, bool failed);

}  // namespace batchai::cli
