#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::signing {

/// Parameters of an encoded query in order, names and values decoded once. Broken escapes stay as they are.
std::vector<std::pair<std::string, std::string>> split_query(std::string_view query, bool plus_is_blank);

}  // namespace batchai::signing
