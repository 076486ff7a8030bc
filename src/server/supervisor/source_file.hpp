#pragma once

#include "core/descriptor.hpp"
#include "server/run/engine.hpp"

#include <filesystem>

namespace batchai::server {

/// Opens a file that a job has named for this process to read. Only what the job could read itself is opened, whatever
/// links lead there. Throws std::exception, with the path.
Descriptor open_source_file(const RunSandbox& view, const std::filesystem::path& path);

}  // namespace batchai::server
