#pragma once

#include "core/descriptor.hpp"

#include <string>
#include <string_view>

namespace batchai::server {

/// A file that is in no folder, with this content, to be read from its beginning: for what only a program that gets the
/// descriptor may know. Throws std::system_error.
Descriptor memory_file(std::string_view content);

/// All that is in such a file.
std::string text_of(const Descriptor& file);

}  // namespace batchai::server
