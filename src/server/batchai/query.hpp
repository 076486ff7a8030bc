#pragma once

#include "server/http/message.hpp"
#include "server/resources/rules_context.hpp"

#include <string>
#include <string_view>

/// Query parameters of Batch AI requests. All throw ServiceFault 400 naming the parameter.
namespace batchai::server {

/// A whole number within the bounds; `fallback` if the parameter is absent.
int number_parameter(const Request& request, std::string_view name, int lowest, int highest, int fallback);

std::string text_parameter(const Request& request, std::string_view name, const std::string& fallback);

/// What whoever asks may see.
inline VisibleGroups visible_groups(const Request& request) { return VisibleGroups(request.visible_groups); }

/// `maxresults` and, as a sequence, `$skiptoken`; and what whoever asks may see.
PageRequest page_request(const Request& request);

}  // namespace batchai::server
