#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::server {

/// Name and value pairs of a query or a form body (application/x-www-form-urlencoded), decoded, in order. `+` is a
/// blank; empty pairs are left out. Nothing if a percent escape is broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

}  // namespace batchai::server
