#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/transport.hpp"

#include <memory>
#include <ostream>

namespace batchai::cli {

/// Thrown in place of the answer to a request that was shown instead of sent.
class DryRunEnd : public Error {
 public:
  DryRunEnd() : Error("dry run") {}
};

/// Sends what only reads (and what fetches tokens, keys or lists), shows the first request that changes something, and
/// stops there. Secrets in its body are replaced.
class DryRunTransport final : public Transport {
 public:
  DryRunTransport(std::shared_ptr<Transport> next, std::ostream& out) : next_(std::move(next)), out_(out) {}
  HttpResponse send(const HttpRequest& request, const CallContext& context) override;

 private:
  std::shared_ptr<Transport> next_;
  std::ostream& out_;
};

/// A JSON body, indented, with the values of secrets as `***`; other bodies by their length.
std::string presentable_body(const std::string& body);

}  // namespace batchai::cli
