#pragma once

#include "batchai/files/file_client.hpp"
#include "cli/app/context.hpp"

namespace batchai::cli {

/// Writes the file's content to standard output. Throws CommandError in the end when it is not what the Content-MD5 in
/// `properties` says, or when the file changed meanwhile: what was written cannot be trusted then.
void print_file(const files::FileClient& file, const files::FileProperties& properties, const Context& context);

}  // namespace batchai::cli
