#pragma once

#include <string_view>

namespace batchai::inline v1::files {

/// Whether URLs on this host carry the account in their path: it is an IP address or localhost.
bool is_path_style_host(std::string_view host);

}  // namespace batchai::inline v1::files
