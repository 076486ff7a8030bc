#include "batchai/models/error_document.hpp"

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

nlohmann::json error_object(const ErrorBody& body) {
  nlohmann::json object = {{"code", body.code}, {"message", body.message}};
  if (!body.target.empty()) {
    object["target"] = body.target;
  }
  for (const ErrorBody& detail : body.details) {
    object["details"].push_back(error_object(detail));
  }
  return object;
}

}  // namespace

nlohmann::json error_document(const ErrorBody& body) {
  nlohmann::json document = nlohmann::json::object();
  document["error"] = error_object(body);
  return document;
}

}  // namespace batchai::inline v1
