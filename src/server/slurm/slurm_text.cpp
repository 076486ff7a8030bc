#include "server/slurm/slurm_text.hpp"

#include "batchai/core/http.hpp"
#include "core/parse_number.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

/// The first `count` fields of a line, the last of which holds all the rest; empty if there are fewer.
std::vector<std::string_view> fields_of(std::string_view line, std::size_t count) {
  std::vector<std::string_view> fields;
  while (fields.size() + 1 < count) {
    const auto end = line.find('|');
    if (end == std::string_view::npos) {
      return {};
    }
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end + 1);
  }
  fields.push_back(line);
  return fields;
}

template <class Use>
void for_each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// Value of ` name=` up to the next blank.
std::string value_of(std::string_view line, const std::string& name) {
  const auto wanted = " " + name + "=";
  const auto found = line.starts_with(wanted.substr(1)) ? std::string_view::size_type{0} : line.find(wanted);
  if (found == std::string_view::npos) {
    return "";
  }
  const auto begin = found + wanted.size() - (found == 0 ? 1 : 0);
  return std::string(line.substr(begin, line.find_first_of(" \n", begin) - begin));
}

void read_exit_code(std::string_view text, SlurmJobState& job) {
  const auto colon = std::min(text.find(':'), text.size());
  job.exit_code = parse_number<int>(text.substr(0, colon)).value_or(0);
  job.signal = parse_number<int>(text.substr(std::min(colon + 1, text.size()))).value_or(0);
}

}  // namespace

std::vector<QueuedJob> read_queue(std::string_view text) {
  std::vector<QueuedJob> jobs;
  for_each_line(text, [&](std::string_view line) {
    const auto fields = fields_of(line, 4);
    if (!fields.empty()) {
      jobs.push_back({.id = std::string(fields[0]),
                      .state = std::string(fields[1]),
                      .reason = std::string(fields[3]),
                      .comment = std::string(fields[2])});
    }
  });
  return jobs;
}

std::optional<std::int64_t> read_minutes(std::string_view text) {
  std::int64_t days = 0;
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    days = parse_number<std::int64_t>(text.substr(0, dash)).value_or(0);
    text.remove_prefix(dash + 1);
  }
  std::vector<std::int64_t> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(':'), text.size());
    const auto part = parse_number<std::int64_t>(text.substr(0, end));
    if (!part) {
      return std::nullopt;
    }
    parts.push_back(*part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (parts.size() == 3) {
    return (days * 24 + parts[0]) * 60 + parts[1];
  }
  return parts.size() == 2 ? std::optional(parts[0]) : std::nullopt;
}

std::vector<SlurmNode> read_nodes(std::string_view text) {
  std::vector<SlurmNode> nodes;
  for_each_line(text, [&](std::string_view line) {
    const auto fields = fields_of(line, 6);
    if (fields.empty()) {
      return;
    }
    SlurmNode node{.name = std::string(fields[0]), .partition = std::string(fields[1])};
    node.in_default_partition = node.partition.ends_with('*');
    if (node.in_default_partition) {
      node.partition.pop_back();
    }
    const auto state = fields[2].substr(0, fields[2].find_last_not_of("*~#!%$@^-+") + 1);
    node.state = to_lower(state);
    node.unresponsive = fields[2].ends_with('*');
    node.gets_ready = fields[2].ends_with('#') || fields[2].ends_with('^') || node.state == "reboot";
    node.time_limit = read_minutes(fields[3]);
    node.cpus = parse_number<int>(fields[4]).value_or(1);
    node.reason = fields[5] == "none" ? "" : std::string(fields[5]);
    nodes.push_back(std::move(node));
  });
  return nodes;
}

std::optional<SlurmJobState> read_job(std::string_view text) {
  SlurmJobState job{.state = value_of(text, "JobState"), .reason = value_of(text, "Reason")};
  if (job.state.empty()) {
    return std::nullopt;
  }
  read_exit_code(value_of(text, "ExitCode"), job);
  job.restarts = parse_number<int>(value_of(text, "Restarts")).value_or(0);
  job.host = value_of(text, "BatchHost");
  job.comment = value_of(text, "Comment");
  return job;
}

std::optional<SlurmJobState> read_accounting(std::string_view text) {
  const auto fields = fields_of(text.substr(0, text.find('\n')), 3);
  if (fields.empty() || fields[0].empty()) {
    return std::nullopt;
  }
  // `CANCELLED by 1000`
  SlurmJobState job{.state = std::string(fields[0].substr(0, fields[0].find(' '))), .host = std::string(fields[2])};
  read_exit_code(fields[1], job);
  return job;
}

}  // namespace batchai::server
