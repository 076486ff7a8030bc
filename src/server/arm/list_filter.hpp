#pragma once

#include "server/http/message.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// `$filter` of ARM's lists: comparisons `name eq 'value'`, joined by `and`. Values compare without regard to case.
class ListFilter {
 public:
  /// Reads the request's `$filter`; one that is absent or empty lets everything pass. Throws ServiceFault 400
  /// `InvalidFilterInQueryString` for another form, or for a name that is not in `names`. Names that can be asked for:
  /// `resourceType`, `resourceGroup`, `name`, `location`, `tagName`, `tagValue`.
  ListFilter(const Request& request, const std::vector<std::string_view>& names);

  /// Whether a resource, as it is shown, is to be listed.
  bool lets_through(const nlohmann::json& resource) const;

 private:
  std::vector<std::pair<std::string, std::string>> conditions_;
};

/// Throws ServiceFault 400 unless `$top` is absent or a positive number. Shortens `entries` to that many.
void shorten_to_top(const Request& request, std::vector<nlohmann::json>& entries);

}  // namespace batchai::server
