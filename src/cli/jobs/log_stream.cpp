#include "cli/jobs/log_stream.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/log_lines.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/outage.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/jobs/logs.hpp"
#include "cli/jobs/wait.hpp"
#include "cli/jobs/waiting_reason.hpp"

#include <cerrno>
#include <ostream>
#include <set>
#include <utility>

namespace batchai::cli {
namespace {

/// The job has made logs that are not followed yet, or nothing more is wanted.
struct EndOfRound {};

/// The logs of a job, followed in rounds: each with the logs that are there at its beginning.
class LogStream {
 public:
  LogStream(const JobRef& ref, const LogChoice& choice, const Context& context)
      : ref_(ref), choice_(choice), context_(context) {}

  void run(bool& reached) {
    look();
    reached = true;
    for (bool goes_on = true; goes_on;) {
      goes_on = follow();
      // Files that were made just before the end.
      goes_on = !deleted_ && (look() || goes_on);
    }
    for (Printed& printed : printed_) {
      write(printed, printed.lines.end());
    }
    if (printed_.empty()) {
      context_.notice("the job '" + ref_.job + "' has printed nothing" + (state_.empty() ? "" : "; it is " + state_));
    }
  }

 private:
  struct Printed {
    JobLog log;
    std::uint64_t offset = 0;
    PrefixedLines lines;
  };

  /// Whether there are new ones.
  bool look() {
    auto logs = list_logs(ref_, context_);
    if (!choice_.all) {
      logs = main_logs(std::move(logs));
    }
    bool found = false;
    for (JobLog& log : logs) {
      const bool is_old = choice_.since && log.last_modified && *log.last_modified < *choice_.since;
      if (is_old || !known_.insert(log.name).second) {
        continue;
      }
      const std::uint64_t begin = choice_.tail ? tail_of(ref_, log, *choice_.tail, context_).begin : 0;
      const std::string prefix = "[" + (log.process.empty() ? "main" : log.process) + "] ";
      printed_.push_back(
          {.log = std::move(log), .offset = begin, .lines = PrefixedLines(choice_.all ? prefix : std::string())});
      found = true;
    }
    return found;
  }

  /// Whether there may be more.
  bool follow() {
    FollowOptions options{.files = {},
                          .on_wait = [this](const Job& job) { wait(job); },
                          .on_deleted = [this] { deleted_ = true; },
                          .outage = outage_options(context_)};
    for (const Printed& printed : printed_) {
      options.files.push_back({.name = printed.log.name, .from = printed.offset});
    }
    OutputFollower follower = context_.services.batchai().jobs().follow(ref_, std::move(options), context_.call());
    try {
      for (const OutputPiece& piece : follower) {
        print(printed_[piece.file], piece);
      }
    } catch (const EndOfRound&) {
      return choice_.follow;
    }
    return false;
  }

  void wait(const Job& job) {
    if (context_.io.out_closed()) {
      throw OutputError(EPIPE);
    }
    tell(job);
    if (!choice_.follow || look()) {
      throw EndOfRound();
    }
  }

  void tell(const Job& job) {
    const std::string reason = waiting_text(job);
    if (std::exchange(state_, state_text(job)) == state_text(job)) {
      return;
    }
    if (printed_.empty()) {
      context_.notice("job state: " + state_);
      if (!reason.empty()) {
        context_.notice(reason);
      }
    }
  }

  void print(Printed& printed, const OutputPiece& piece) {
    if (piece.restarted) {
      printed.offset = 0;
      context_.notice(printed.log.name + " has been written anew; it is printed from its beginning");
      return;
    }
    printed.offset = piece.offset + piece.bytes.size();
    write(printed, printed.lines.add(piece.bytes));
  }

  void write(const Printed& printed, const std::string& text) const {
    // A job's colours and progress bars pass unchanged.
    std::ostream& out = behind_filter(printed.log.errors ? context_.io.err : context_.io.out);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
  }

  const JobRef& ref_;
  const LogChoice& choice_;
  const Context& context_;
  std::vector<Printed> printed_;
  /// Names of all that are printed.
  std::set<std::string> known_;
  std::string state_;
  bool deleted_ = false;
};

}  // namespace

void print_logs(const JobRef& ref, const LogChoice& choice, const Context& context) {
  follow_job(ref, context, [&](bool& reached) { LogStream(ref, choice, context).run(reached); });
}

}  // namespace batchai::cli
