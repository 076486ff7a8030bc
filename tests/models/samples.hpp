#pragma once

#include "models/member_order.hpp"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::test {

/// JSON pointers (RFC 6901) into a sample's document.
struct SamplePaths {
  std::vector<std::string> read_only = {};
  std::vector<std::string> required = {};
  std::vector<std::string> secret = {};
};

/// A document with every member of a model, and what can be done with it.
struct ModelSample {
  using Convert = std::function<nlohmann::json(const nlohmann::json&)>;

  std::string name;
  nlohmann::json document;
  SamplePaths paths;
  /// from_json, then to_json; fails the call if a copy does not compare equal.
  Convert round_trip;
  Convert request_body;
  Convert without_secrets;
  /// from_request, then to_json.
  Convert from_request;
  std::function<nlohmann::ordered_json(const nlohmann::json&)> in_order;

  friend std::ostream& operator<<(std::ostream& out, const ModelSample& sample) { return out << sample.name; }
};

template <Model T>
ModelSample make_sample(std::string name, const char* document, SamplePaths paths) {
  using nlohmann::json;
  return {.name = std::move(name),
          .document = json::parse(document),
          .paths = std::move(paths),
          .round_trip =
              [](const json& from) {
                const T value = from.get<T>();
                json to = value;
                if (!(to.get<T>() == value)) {
                  throw std::logic_error("reading what was written gives another value");
                }
                return to;
              },
          .request_body = [](const json& from) { return batchai::request_body(from.get<T>()); },
          .without_secrets = [](const json& from) { return batchai::without_secrets(from.get<T>()); },
          .from_request = [](const json& from) { return json(batchai::from_request<T>(from)); },
          .in_order = [](const json& from) { return batchai::in_order<T>(from); }};
}

std::vector<ModelSample> all_samples();

}  // namespace batchai::test
