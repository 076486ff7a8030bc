#pragma once

#include "batchai/core/transport.hpp"

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace batchai::test {

/// The operations of the API description of Microsoft.BatchAI 2018-05-01.
std::set<std::string> all_operation_ids();

/// Passes requests on and notes which of these operations they are, by method and path. Where the environment variable
/// RECORD_ANSWERS names a folder, every answer of one is kept there as `<operation>-<number>.json`.
class RecordingTransport final : public Transport {
 public:
  explicit RecordingTransport(std::shared_ptr<Transport> inner) : inner_(std::move(inner)) {}

  HttpResponse send(const HttpRequest& request, const CallContext& context) override;

  /// Those that were answered with success.
  std::set<std::string> operation_ids() const;

 private:
  void keep_answer(const std::string& operation, const HttpResponse& response);

  std::shared_ptr<Transport> inner_;
  mutable std::mutex mutex_;
  std::set<std::string> seen_;
  int answers_ = 0;
};

}  // namespace batchai::test
