#pragma once

#include <map>
#include <string>
#include <string_view>

namespace batchai::server {

using Variables = std::map<std::string, std::string>;

/// Replaces `$NAME` and `${NAME}`; a name that is not among the variables gives nothing. A dollar sign that begins no
/// name stays.
std::string expand_variables(std::string_view text, const Variables& variables);

/// The same for names that begin with `AZ_BATCHAI_`; all others stay as they are written.
std::string expand_service_variables(std::string_view text, const Variables& variables);

/// Whether it can be the name of a variable: a letter or `_`, then letters, digits, `_`.
bool is_variable_name(std::string_view text);

}  // namespace batchai::server
