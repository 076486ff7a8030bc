#pragma once

#include "batchai/core/error.hpp"
#include "batchai/models/model.hpp"
#include "server/faults/refusal.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace batchai::server {

/// The 400 for a body that a model cannot be read from: the text before the colon of the error is the target.
ServiceFault unreadable_body(const ProtocolError& error);

/// Reads a request's body; throws ServiceFault 400 `InvalidRequestContent` naming the member that is wrong or missing.
template <Model T>
T read_body(std::string_view text) {
  try {
    return from_request<T>(parse_json_text(text, "request body"));
  } catch (const ProtocolError& error) {
    throw unreadable_body(error);
  }
}

/// A part of a stored document as a model.
template <class T>
T stored_model(const nlohmann::json& json) {
  T value;
  from_json(json, value);
  return value;
}

/// The same way back, secrets included.
template <class T>
nlohmann::json model_json(const T& value) {
  nlohmann::json json;
  to_json(json, value);
  return json;
}

}  // namespace batchai::server
