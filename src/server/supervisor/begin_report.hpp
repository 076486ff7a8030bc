#pragma once

#include "core/descriptor.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace batchai::server {

/// A pipe, closed in programs that are started: its end to read from, and the one to write to. Throws
/// std::system_error.
std::pair<Descriptor, Descriptor> make_report();

/// How long a program may take for a step of its beginning.
inline constexpr std::chrono::seconds kLongestSetUp{20};

/// Waits for one of the events of poll(2), or the loss of the other end; false if nothing has happened by then.
bool await_event(const Descriptor& descriptor, short events, std::chrono::steady_clock::time_point deadline);

enum class Begin { Yes, No, Late };

/// What is written to the pipe before the byte 1, and whether that came; not if all writers have closed it. A program
/// that has said neither after kLongestSetUp is late.
std::pair<std::string, Begin> await_begin(const Descriptor& report);

}  // namespace batchai::server
