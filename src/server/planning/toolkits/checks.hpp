#pragma once

#include "server/planning/toolkits/toolkit.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// Checks and defaults that toolkits share. All throw ServiceFault 400; `target` is the path of the settings.
namespace batchai::server {

/// Whether there is a text and it is not empty.
bool is_given(const std::optional<std::string>& text);

/// The node count unless it is given; at least 1.
void complete_process_count(const std::string& target, std::optional<std::int32_t>& count, std::int32_t node_count);

/// `pythonScriptFilePath` is needed.
void check_script(const std::string& target, const std::string& path);

/// Refuses a value that must not be given; `target` is its own path.
void refuse_given(const std::string& target, const std::optional<std::string>& value, const std::string& reason);

/// Settings of a script and a number of processes.
template <class Settings>
void complete_script(const std::string& target, Settings& settings, const JobSize& size) {
  check_script(target, settings.python_script_file_path);
  complete_process_count(target, settings.process_count, size.node_count);
}

}  // namespace batchai::server
