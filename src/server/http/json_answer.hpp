#pragma once

#include "server/http/message.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// An answer with a JSON body. Texts in it may hold any bytes, such as what a peer sent or a file is named: those that
/// are not UTF-8 become U+FFFD.
Response json_answer(int status, const nlohmann::json& body);
Response json_answer(int status, const nlohmann::ordered_json& body);
/// The same with JSON that is text already.
Response json_text_answer(int status, std::string body);

}  // namespace batchai::server
