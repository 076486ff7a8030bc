#pragma once

#include "core/descriptor.hpp"

#include <sys/types.h>

namespace batchai::server {

/// A handle to a process: readable when it has ended; it never refers to another process. Empty if there is no such
/// process. Throws std::system_error if this process can have no more descriptors.
Descriptor open_process(pid_t pid);

/// Sends the signal; a process that has ended is left alone.
void signal_process(const Descriptor& process, int number);

}  // namespace batchai::server
