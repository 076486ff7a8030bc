#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// One line of `error.details`.
struct FaultDetail {
  std::string code;
  std::string message;
  std::string target = {};
};

/// A refusal with a message for the user. The API turns it into an answer of that status; an operation that ends with
/// it is stored as failed. The message is one sentence without secrets.
class ServiceFault : public std::runtime_error {
 public:
  /// `code` is PascalCase as in `ClusterNotFound`.
  ServiceFault(int status, std::string code, const std::string& message, std::string target = {},
               std::vector<FaultDetail> details = {})
      : std::runtime_error(message),
        status_(status),
        code_(std::move(code)),
        target_(std::move(target)),
        details_(std::move(details)) {}

  int status() const noexcept { return status_; }
  const std::string& code() const noexcept { return code_; }
  std::string message() const { return what(); }
  const std::string& target() const noexcept { return target_; }
  const std::vector<FaultDetail>& details() const noexcept { return details_; }

 private:
  int status_;
  std::string code_;
  std::string target_;
  std::vector<FaultDetail> details_;
};

/// `{"code", "message", "target"?, "details"?}`: the inside of ARM's error document, and the `error` of an operation.
nlohmann::json error_body(const ServiceFault& fault);

}  // namespace batchai::server
