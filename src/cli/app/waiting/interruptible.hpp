#pragma once

#include "batchai/core/transport.hpp"

#include <memory>

namespace batchai::cli {

/// Turns Ctrl-C and the end of --timeout during a request that changes a resource into errors that say that it may have
/// been carried out. Thread-safe.
class InterruptibleTransport final : public Transport {
 public:
  explicit InterruptibleTransport(std::shared_ptr<Transport> next) : next_(std::move(next)) {}
  HttpResponse send(const HttpRequest& request, const CallContext& context) override;

 private:
  std::shared_ptr<Transport> next_;
};

}  // namespace batchai::cli
