#include "server/faults/fault.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

nlohmann::json line(const std::string& code, const std::string& message, const std::string& target) {
  nlohmann::json result = {{"code", code}, {"message", message}};
  if (!target.empty()) {
    result["target"] = target;
  }
  return result;
}

}  // namespace

nlohmann::json error_body(const ServiceFault& fault) {
  nlohmann::json result = line(fault.code(), fault.message(), fault.target());
  for (const FaultDetail& detail : fault.details()) {
    result["details"].push_back(line(detail.code, detail.message, detail.target));
  }
  return result;
}

}  // namespace batchai::server
