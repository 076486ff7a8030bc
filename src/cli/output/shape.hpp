#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// A document of the service as `az` prints it: `properties` flattened, absent members of `type` as null,
/// `resourceGroup` beside ARM ids, Python's notation for dates and durations. Members are in alphabetical order; those
/// unknown to `type` are left out. A document of a type that is not known stays as it is.
nlohmann::ordered_json to_output_shape(const nlohmann::json& wire, std::string_view type);

/// `2018-06-21T17:15:18.288000+00:00` for `2018-06-21T17:15:18.288Z`; other text stays.
std::string to_output_date(const std::string& text);

/// `7 days, 0:00:00` for `P7D`; other text stays.
std::string to_output_duration(const std::string& text);

}  // namespace batchai::cli
