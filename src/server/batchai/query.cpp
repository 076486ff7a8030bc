#include "server/batchai/query.hpp"

#include "core/parse_number.hpp"
#include "server/faults/refusal.hpp"

namespace batchai::server {

int number_parameter(const Request& request, std::string_view name, int lowest, int highest, int fallback) {
  const std::string* text = request.query_parameter(name);
  if (text == nullptr) {
    return fallback;
  }
  const auto number = parse_number<int>(*text);
  if (!number || *number < lowest || *number > highest) {
    throw bad_parameter(std::string(name), std::string(name) + ": expected a number from " + std::to_string(lowest) +
                                               " to " + std::to_string(highest));
  }
  return *number;
}

std::string text_parameter(const Request& request, std::string_view name, const std::string& fallback) {
  const std::string* text = request.query_parameter(name);
  return text == nullptr ? fallback : *text;
}

PageRequest page_request(const Request& request) {
  PageRequest page{.visible = visible_groups(request)};
  page.maximum = static_cast<std::size_t>(number_parameter(request, "maxresults", 1, 1000, 1000));
  if (const std::string* token = request.query_parameter("$skiptoken")) {
    const auto after = parse_number<std::int64_t>(*token);
    if (!after || *after < 0) {
      throw bad_parameter("$skiptoken", "$skiptoken: not a token of this service");
    }
    page.after = *after;
  }
  return page;
}

}  // namespace batchai::server
