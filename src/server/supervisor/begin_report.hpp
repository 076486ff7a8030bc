#pragma once

#include "core/descriptor.hpp"

#include <string>
#include <utility>

namespace batchai::server {

/// A pipe, closed in programs that are started: its end to read from, and the one to write to. Throws
/// std::system_error.
std::pair<Descriptor, Descriptor> make_report();

enum class Begin { Yes, No, Late };

/// What is written to the pipe before the byte 1, and whether that came; not if all writers have closed it. A program
/// that has said neither after 20 seconds is late.
std::pair<std::string, Begin> await_begin(const Descriptor& report);

}  // namespace batchai::server
