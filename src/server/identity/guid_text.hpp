#pragma once

#include <string_view>

namespace batchai::server {

/// Whether `text` is a GUID in its usual form, as `6f0e1c9a-3b5e-4c47-9d0b-0d7f3f1f6a52`, in any case.
bool is_guid(std::string_view text);

}  // namespace batchai::server
