#pragma once

#include "server/faults/fault.hpp"
#include "server/http/message.hpp"

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// An answer with a JSON body, its members in ARM's order.
Response arm_answer(int status, const nlohmann::json& body);

/// `{"value": […]}`.
Response list_answer(std::vector<nlohmann::json> entries);

/// ARM's error document; the reason phrase is the message.
Response fault_answer(const ServiceFault& fault);

/// The request's body as a JSON object. Throws ServiceFault 400 `InvalidRequestContent`.
nlohmann::json read_json_object(const Request& request);

/// `tags` of a body: an object of strings, empty if absent. Throws ServiceFault 400 `InvalidTags`.
nlohmann::json read_tags(const nlohmann::json& body);

/// Text member of an object, empty if absent. Throws ServiceFault 400 for another type.
std::string read_text(const nlohmann::json& object, const std::string& name);

}  // namespace batchai::server
