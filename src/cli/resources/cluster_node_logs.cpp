#include "batchai/batchai/client.hpp"
#include "batchai/files/file_client.hpp"
#include "cli/app/log_lines.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/resources/cluster_files.hpp"
#include "cli/resources/commands.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <ostream>
#include <string_view>

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kPauseOfLooks{1};
/// How much of a log's end is looked through for its last lines.
constexpr std::uint64_t kLongestTail = files::kLargestPiece;

/// `tvm-1` of `stdout-tvm-1.txt`; empty for other names.
std::string node_in(std::string_view name, std::string_view stream) {
  constexpr std::string_view kEnd = ".txt";
  const bool fits = name.starts_with(stream) && name.ends_with(kEnd) && name.size() > stream.size() + kEnd.size();
  return fits ? std::string(name.substr(stream.size(), name.size() - stream.size() - kEnd.size())) : std::string();
}

/// What the setup task writes on the nodes of a cluster.
class SetupLogs {
 public:
  SetupLogs(files::DirectoryClient directory, const Arguments& arguments, const Context& context)
      : directory_(std::move(directory)),
        node_(arguments.find("node-id").value_or("")),
        tail_(arguments.integer("tail")),
        context_(context) {
    if (tail_ && *tail_ < 0) {
      throw UsageError("--tail: the number of lines must not be below 0");
    }
  }

  /// All that is there and has not been printed.
  void print_new() {
    for (const files::DirectoryEntry& entry : entries()) {
      for (const bool errors : {false, true}) {
        const std::string node = node_in(entry.name, errors ? "stderr-" : "stdout-");
        if (!entry.is_directory && !node.empty() && (node_.empty() || node == node_)) {
          print(entry, node, errors);
        }
      }
    }
    if (context_.io.out_closed()) {
      throw OutputError(EPIPE);
    }
  }

  void end() {
    for (auto& [name, log] : logs_) {
      write(log, log.lines.end());
    }
    if (logs_.empty()) {
      context_.notice(node_.empty() ? "no setup task has printed anything yet"
                                    : "the setup task of the node '" + node_ + "' has printed nothing yet");
    }
  }

 private:
  struct Log {
    bool errors = false;
    std::uint64_t offset = 0;
    PrefixedLines lines;
  };

  /// None where the directory has not been made yet.
  std::vector<files::DirectoryEntry> entries() const {
    try {
      return directory_.list({}, context_.call()).to_vector();
    } catch (const ServiceError& error) {
      constexpr int kMissing = 404;
      if (error.status() != kMissing) {
        throw;
      }
      return {};
    }
  }

  void print(const files::DirectoryEntry& entry, const std::string& node, bool errors) {
    auto found = logs_.find(entry.name);
    if (found == logs_.end()) {
      const std::string prefix = node_.empty() ? "[" + node + "] " : "";
      found = logs_.try_emplace(entry.name, Log{.errors = errors, .lines = PrefixedLines(prefix)}).first;
      found->second.offset = tail_ ? tail_of_file(entry) : 0;
    }
    Log& log = found->second;
    while (log.offset < entry.size) {
      const std::string bytes = read(entry, log.offset);
      if (bytes.empty()) {
        return;
      }
      log.offset += bytes.size();
      write(log, log.lines.add(bytes));
    }
  }

  std::string read(const files::DirectoryEntry& entry, std::uint64_t from) const {
    const std::uint64_t length = std::min<std::uint64_t>(entry.size - from, files::kLargestPiece);
    return directory_.file(entry.name).get_range({.offset = from, .length = length}, {}, context_.call()).bytes;
  }

  std::uint64_t tail_of_file(const files::DirectoryEntry& entry) const {
    if (entry.size == 0) {
      return 0;
    }
    const std::uint64_t from = entry.size - std::min(entry.size, kLongestTail);
    return from + begin_of_lines(read(entry, from), static_cast<std::size_t>(*tail_));
  }

  void write(const Log& log, const std::string& text) const {
    std::ostream& out = behind_filter(log.errors ? context_.io.err : context_.io.out);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
  }

  const files::DirectoryClient directory_;
  /// Empty: all nodes.
  const std::string node_;
  const std::optional<int> tail_;
  const Context& context_;
  std::map<std::string, Log> logs_;
};

Cluster cluster_in(const Arguments& arguments, const Context& context) {
  return context.services.batchai().clusters().get(arguments.get("resource-group"), arguments.get("workspace"),
                                                   arguments.get("cluster"), context.call());
}

bool is_preparing(const Cluster& cluster) {
  return cluster.node_state_counts.value_or(NodeStateCounts{}).preparing_node_count > 0;
}

Result show_node_logs(const Arguments& arguments, Context& context) {
  const Cluster cluster = cluster_in(arguments, context);
  if (!cluster.node_setup || !cluster.node_setup->setup_task) {
    throw CommandError(kFailed, "the cluster '" + cluster.name + "' has no setup task, so its nodes have no logs",
                       "see 'batchai cluster show' for its errors, and 'batchai job logs' for what jobs print");
  }
  SetupLogs logs(open_setup_output(*cluster.node_setup, ".", arguments, context), arguments, context);
  bool goes_on = arguments.flag("follow") && is_preparing(cluster);
  logs.print_new();
  while (goes_on) {
    context.pause(kPauseOfLooks);
    // Asked first, so that what was written just before the end is seen.
    goes_on = is_preparing(cluster_in(arguments, context));
    logs.print_new();
  }
  logs.end();
  return Result::nothing();
}

}  // namespace

std::vector<CommandSpec> cluster_node_log_commands() {
  return {
      {.name = "node logs",
       .summary = "Print what the setup task has written on the nodes of a cluster.",
       .options = {group_option(),
                   workspace_option(),
                   cluster_option(),
                   {.name = "node-id",
                    .summary = "Only of this node; default: of all, with the node before each line.",
                    .value_name = "ID"},
                   {.name = "follow",
                    .short_name = 'f',
                    .summary = "Print what is still to come, too, until no node is being prepared.",
                    .kind = OptionKind::Flag},
                   {.name = "tail",
                    .summary = "Only the last lines of each file.",
                    .kind = OptionKind::Integer,
                    .value_name = "N"}},
       .run = show_node_logs,
       .examples = {{"While the nodes are prepared", "batchai cluster node logs -g demo -w ws -c nc6 -f"},
                    {"The last errors alone", "batchai cluster node logs -g demo -w ws -c nc6 --tail 5 > /dev/null"}}}};
}

}  // namespace batchai::cli
