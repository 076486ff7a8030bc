#include "server/program/job_limits.hpp"

#include "core/parse_number.hpp"
#include "server/program/server_options.hpp"
#include "server/slurm/slurm_settings.hpp"

#include <sstream>

#include <unistd.h>

namespace batchai::server {

namespace {

constexpr std::string_view kUnits = "KMGT";
constexpr unsigned kBitsPerUnit = 10;

std::uint64_t read_amount(const std::string& name, const std::string& text) {
  if (text.empty()) {
    return 0;
  }
  const auto unit = kUnits.find(text.back());
  const bool has_unit = unit != std::string_view::npos;
  const auto number = parse_number<std::uint32_t>(std::string_view(text).substr(0, text.size() - (has_unit ? 1 : 0)));
  if (!number) {
    throw UsageError("jobs." + name + ": '" + text + "' is no number, or one with K, M, G or T behind it");
  }
  return std::uint64_t{*number} << (has_unit ? kBitsPerUnit * (unit + 1) : 0);
}

/// Reads all entries, so that what is wrong is known before a node of that size is there.
void check_entries(const std::string& name, const std::string& entries) {
  std::istringstream stream(entries);
  for (std::string entry; std::getline(stream, entry, ',');) {
    read_amount(name, entry.substr(entry.find('=') + 1));
  }
}

}  // namespace

std::function<RunLimits(std::string_view vm_size)> limits_by_size(const JobLimits& settings,
                                                                  std::uint64_t default_memory) {
  check_entries("memory", settings.memory);
  check_entries("disk", settings.disk);
  check_entries("cpus", settings.cpus);
  check_entries("fileSize", settings.file_size);
  return [=](std::string_view vm_size) {
    const auto value = [&](const char* name, const std::string& entries) {
      return read_amount(name, value_for(entries, vm_size));
    };
    const auto memory = value("memory", settings.memory);
    return RunLimits{.memory_bytes = memory > 0 ? memory : default_memory,
                     .processes = settings.processes,
                     .open_files = settings.open_files,
                     .file_bytes = value("fileSize", settings.file_size),
                     .disk_bytes = value("disk", settings.disk),
                     .cpus = value("cpus", settings.cpus)};
  };
}

std::uint64_t most_memory_here() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto page = ::sysconf(_SC_PAGESIZE);
  constexpr std::uint64_t kParts = 10;
  return pages > 0 && page > 0
             ? static_cast<std::uint64_t>(pages) / kParts * (kParts - 1) * static_cast<std::uint64_t>(page)
             : 0;
}

}  // namespace batchai::server
