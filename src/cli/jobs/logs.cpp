#include "cli/jobs/logs.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/log_lines.hpp"
#include "cli/app/services.hpp"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <string_view>
#include <tuple>
#include <utility>

namespace batchai::cli {
namespace {

/// How much of a log's end is read at first, and at most for few lines, for each line, and for many lines.
constexpr std::uint64_t kFirstLook = 16 * 1024;
constexpr std::uint64_t kLookForFew = 64 * 1024;
constexpr std::uint64_t kLookForLine = 1024;
constexpr std::uint64_t kLongestLook = 64 * 1024 * 1024;
constexpr std::size_t kShownLines = 10;

/// All that is there has been read.
struct Enough {};

/// `-wk-1` of `stdout-wk-1.txt`.
std::optional<std::string> tag_in(std::string_view name, std::string_view stream) {
  constexpr std::string_view kEnd = ".txt";
  if (!name.starts_with(stream) || !name.ends_with(kEnd) || name.size() < stream.size() + kEnd.size()) {
    return std::nullopt;
  }
  const auto tag = name.substr(stream.size(), name.size() - stream.size() - kEnd.size());
  return tag.empty() || tag.front() == '-' ? std::optional(std::string(tag)) : std::nullopt;
}

std::optional<JobLog> log_in(const File& file) {
  const std::string name = file.real_name();
  for (const bool errors : {false, true}) {
    if (const auto tag = tag_in(name, errors ? "stderr" : "stdout"); tag && file.file_type != FileType::kDirectory) {
      return JobLog{.name = name,
                    .errors = errors,
                    .process = tag->empty() ? "" : tag->substr(1),
                    .size = static_cast<std::uint64_t>(std::max<std::int64_t>(file.content_length.value_or(0), 0)),
                    .last_modified = file.last_modified};
    }
  }
  return std::nullopt;
}

bool is_first_process(const JobLog& log) { return log.process.empty() || log.process == "0" || log.process == "wk-0"; }

/// Numbers within names in their order: `2` before `10`.
auto order_of(const JobLog& log) {
  const int place = log.of_preparation() ? 0 : is_first_process(log) ? 1 : 2;
  return std::tuple(place, log.process.size(), log.process, log.errors);
}

/// What a log holds behind its first `from` bytes, as it is now, in pieces.
template <class Take>
void read_pieces(const JobRef& ref, const std::string& name, std::uint64_t from, const Context& context,
                 const Take& take) {
  OutputFollower follower = context.services.batchai().jobs().follow(
      ref, {.files = {{.name = name, .from = from}}, .on_wait = [](const Job&) { throw Enough(); }}, context.call());
  try {
    for (const OutputPiece& piece : follower) {
      take(piece);
    }
  } catch (const Enough&) {
    return;
  }
}

/// Prints the lines of a text that comes in pieces, indented.
class IndentedLines {
 public:
  explicit IndentedLines(const Context& context) : context_(context) {}

  void add(const OutputPiece& piece) {
    rest_ = piece.restarted ? "" : std::move(rest_) + piece.bytes;
    const std::size_t end = rest_.rfind('\n') + 1;
    print(rest_.substr(0, end));
    rest_.erase(0, end);
    if (rest_.size() > kLookForFew) {
      rest_ = shown_line(rest_);
    }
  }
  void end() const { print(rest_); }
  void print(const std::string& text) const {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      context_.io.print_line("  " + shown_line(line));
    }
  }

 private:
  const Context& context_;
  std::string rest_;
};

void print_whole(const JobRef& ref, const JobLog& log, const Context& context) {
  context.notice(log.name + ":");
  IndentedLines lines(context);
  read_pieces(ref, log.name, 0, context, [&](const OutputPiece& piece) { lines.add(piece); });
  lines.end();
}

void print_tail(const JobRef& ref, const JobLog& log, const Context& context) {
  const LogTail tail = tail_of(ref, log, kShownLines, context);
  context.notice((tail.begin == 0 ? "" : "the last lines of ") + log.name + ":");
  IndentedLines(context).print(tail.text);
}

bool failed_in_preparation(const Job& job) {
  const auto& info = job.execution_info;
  return info && !info->errors.empty() && info->errors.front().code == "JobPreparationFailed";
}

/// Without those of the first process, and without those that say nothing of the failure.
std::vector<JobLog> logs_beside_stream(const Job& job, std::vector<JobLog> logs) {
  const bool in_preparation = failed_in_preparation(job);
  std::erase_if(logs, [&](const JobLog& log) {
    return is_first_process(log) || log.of_preparation() != in_preparation || !(log.errors || in_preparation);
  });
  return logs;
}

void show_failure(const JobRef& ref, const Job& job, Report report, const Context& context) {
  const auto all = list_logs(ref, context);
  const bool streamed = report == Report::kEnd;
  const auto logs = streamed ? logs_beside_stream(job, all) : all;
  const JobLog* log = log_of_failure(job, logs);
  const std::string command = "'" + logs_command(ref) + (all.size() > 2 ? " --all" : "") + "'";
  if (log == nullptr) {
    if (streamed && !all.empty()) {
      context.notice("see it again with " + command);
    }
    return;
  }
  if (report == Report::kAllWithLog) {
    print_whole(ref, *log, context);
  } else {
    print_tail(ref, *log, context);
  }
  context.notice("see all with " + command);
}

std::string read_log(const JobRef& ref, const std::string& name, std::uint64_t from, const Context& context) {
  std::string text;
  read_pieces(ref, name, from, context,
              [&text](const OutputPiece& piece) { text = piece.restarted ? "" : std::move(text) + piece.bytes; });
  return text;
}

}  // namespace

std::vector<JobLog> find_logs(const std::vector<File>& files) {
  std::vector<JobLog> logs;
  for (const File& file : files) {
    if (auto log = log_in(file)) {
      logs.push_back(std::move(*log));
    }
  }
  std::sort(logs.begin(), logs.end(),
            [](const auto& one, const auto& other) { return order_of(one) < order_of(other); });
  return logs;
}

std::vector<JobLog> main_logs(std::vector<JobLog> logs) {
  const bool has_main = std::any_of(logs.begin(), logs.end(), is_first_process);
  std::erase_if(logs, [&](const JobLog& log) { return has_main ? !is_first_process(log) : !log.of_preparation(); });
  return logs;
}

std::vector<JobLog> list_logs(const JobRef& ref, const Context& context) {
  return find_logs(context.services.batchai()
                       .jobs()
                       .list_output_files(ref.group, ref.workspace, ref.experiment, ref.job,
                                          {.directory_id = "stdouterr"}, context.call())
                       .to_vector());
}

LogTail tail_of(const JobRef& ref, const JobLog& log, std::size_t lines, const Context& context) {
  if (lines == 0 || log.size == 0) {
    return {.begin = log.size};
  }
  const std::uint64_t most = std::clamp<std::uint64_t>(lines * kLookForLine, kLookForFew, kLongestLook);
  for (std::uint64_t length = kFirstLook;; length = std::min(length * 16, most)) {
    const std::uint64_t from = log.size - std::min(log.size, length);
    const std::string text = read_log(ref, log.name, from, context);
    if (begin_of_lines(text, lines) > 0 || from == 0 || length == most) {
      const std::size_t begin = begin_of_last_drawn(text, lines);
      return {.begin = from + begin, .text = text.substr(begin)};
    }
  }
}

const JobLog* log_of_failure(const Job& job, const std::vector<JobLog>& logs) {
  const bool in_preparation = failed_in_preparation(job);
  const JobLog* best = nullptr;
  const auto merit = [&](const JobLog& log) {
    return (log.of_preparation() == in_preparation ? 2 : 0) + (log.errors ? 1 : 0);
  };
  for (const JobLog& log : logs) {
    if (log.size > 0 && (best == nullptr || merit(log) > merit(*best))) {
      best = &log;
    }
  }
  return best;
}

void tell_failure(const JobRef& ref, const Job& job, Report report, const Context& context) {
  if (context.options.only_show_errors) {
    return;
  }
  try {
    show_failure(ref, job, report, context);
  } catch (const OutputError&) {
    throw;
  } catch (const Error& error) {
    context.verbose("its output cannot be shown: " + std::string(error.what()));
  }
}

std::string logs_command(const JobRef& ref) { return "batchai job logs " + options_of(ref) + " -n " + ref.job; }

}  // namespace batchai::cli
