#pragma once

#include <string>

namespace batchai::server {

/// Throws std::system_error for `errno`: "`what`: No such file or directory".
[[noreturn]] void throw_errno(const std::string& what);

/// Text for an `errno` value.
std::string errno_text(int number);

}  // namespace batchai::server
