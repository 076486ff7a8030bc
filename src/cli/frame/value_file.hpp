#pragma once

#include "cli/frame/command.hpp"
#include "cli/frame/environment.hpp"

#include <iosfwd>
#include <string>

namespace batchai::cli {

/// As in az, `@FILE` means the file's content and `@-` that of `in`, without the line ends at the end; where
/// there is no such file, the value stays as it is. Flags, positional arguments, and options that name a file or say
/// themselves what
/// `@` means are left alone. Throws std::system_error for a file that cannot be read.
std::string value_or_file(const OptionSpec& option, const std::string& given, std::istream& in,
                          const Environment& environment);

}  // namespace batchai::cli
