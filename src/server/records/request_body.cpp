#include "server/records/request_body.hpp"

namespace batchai::server {

ServiceFault unreadable_body(const ProtocolError& error) {
  const std::string message = error.what();
  const auto colon = message.find(": ");
  const std::string place = colon == std::string::npos ? std::string() : message.substr(0, colon);
  const bool is_member = !place.empty() && place.find(' ') == std::string::npos;
  return invalid_content(is_member ? place : "", message);
}

}  // namespace batchai::server
