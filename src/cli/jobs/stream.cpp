#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/outage.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/wait.hpp"
#include "cli/jobs/waiting_reason.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <ostream>
#include <utility>

namespace batchai::cli {
namespace {

/// Which of the followed files standard output is.
constexpr std::size_t kOutput = 0;

/// How long a job may run without having made the file before the user is shown what there is instead.
constexpr std::chrono::seconds kUsualDelay{30};

/// `'a', 'b'`; of many the first ones.
std::string names_of(const std::vector<File>& files) {
  constexpr std::size_t kMost = 10;
  std::string names;
  for (std::size_t i = 0; i < std::min(files.size(), kMost); ++i) {
    names += (i == 0 ? "'" : ", '") + files[i].name + "'";
  }
  return names + (files.size() > kMost ? " and " + std::to_string(files.size() - kMost) + " more" : "");
}

/// Reports each thing about a file that is not there once: that it is missing, where the user has named it, what the
/// job does meanwhile, and what its directory holds instead.
class MissingFile {
 public:
  MissingFile(const OutputLocation& location, bool named, const std::string& what, const Context& context)
      : location_(location), named_(named), what_(what), context_(context) {}

  void tell(const Job& job, const std::vector<File>& files) {
    const std::string state = state_text(job);
    if (state_.empty() && named_) {
      context_.notice(what_ + " is not there yet; waiting for the job to make it");
    }
    if (state != state_) {
      context_.notice("job state: " + state);
      state_ = state;
      since_ = context_.clock().steady_now();
    }
    const std::string reason = waiting_text(job);
    if (std::exchange(reason_, reason) != reason && !reason.empty()) {
      context_.notice(reason);
    }
    const bool late =
        job.execution_state == ExecutionState::kRunning && context_.clock().steady_now() - since_ >= kUsualDelay;
    if (late && !told_files_) {
      tell_files(files);
    }
  }

 private:
  void tell_files(const std::vector<File>& files) {
    told_files_ = true;
    context_.notice("the job runs, and has not made " + what_ + "; the directory '" + location_.place.directory_id +
                    "' " + (files.empty() ? "is empty" : "holds " + names_of(files)) +
                    "; Ctrl-C ends the wait, not the job");
  }

  const OutputLocation& location_;
  const bool named_;
  const std::string& what_;
  const Context& context_;
  std::string state_;
  std::string reason_;
  std::chrono::steady_clock::time_point since_{};
  bool told_files_ = false;
};

/// Copies a file that grows to stdout, piece by piece; with what the first process prints, also its errors to stderr.
class Stream {
 public:
  Stream(const OutputLocation& location, std::string name, const Context& context)
      : location_(location),
        name_(std::move(name)),
        what_(name_.empty() ? "the output file" : "the file '" + name_ + "'"),
        context_(context),
        missing_(location_, !name_.empty(), what_, context) {}

  void run(bool& reached) {
    progress_.emplace(context_, "waiting for " + what_ + "; the job is");
    OutputFollower follower =
        context_.services.batchai().jobs().follow(location_.job, options(reached), context_.call());
    for (const OutputPiece& piece : follower) {
      reached = true;
      progress_.reset();
      write(piece);
    }
    progress_.reset();
    const auto missing = follower.missing();
    if (!name_.empty() && !missing.empty() && missing.front() == kOutput) {
      context_.notice("the job ended without making " + what_);
    }
  }

 private:
  FollowOptions options(bool& reached) {
    std::vector<FollowedFile> files{{.name = name_, .place = location_.place}};
    if (name_.empty()) {
      files.push_back({.place = location_.place, .errors = true});
    }
    return {.files = std::move(files),
            .on_wait = [this, &reached](const Job&) { wait(reached); },
            .on_missing =
                [this](const FollowedFile& file, const Job& job, const std::vector<File>& there) {
                  if (!file.errors && progress_) {
                    is_missing_ = true;
                    missing_.tell(job, there);
                    progress_->show(state_text(job));
                  }
                },
            .on_deleted = [this] { context_.notice("the job '" + location_.job.job + "' is not there any more"); },
            .outage = outage_options(context_)};
  }

  void wait(bool& reached) {
    reached = true;
    if (!std::exchange(is_missing_, false)) {
      progress_.reset();
    }
    if (context_.io.out_closed()) {
      throw OutputError(EPIPE);
    }
  }

  void write(const OutputPiece& piece) {
    // A job's colours and progress bars pass unchanged.
    std::ostream& out = behind_filter(piece.file == kOutput ? context_.io.out : context_.io.err);
    out.write(piece.bytes.data(), static_cast<std::streamsize>(piece.bytes.size()));
    out.flush();
    if (piece.restarted) {
      context_.notice((piece.file == kOutput ? what_ : "the file of errors") +
                      " has been written anew; it is printed from its beginning");
    }
  }

  const OutputLocation& location_;
  const std::string name_;
  const std::string what_;
  const Context& context_;
  MissingFile missing_;
  std::optional<Progress> progress_ = {};
  bool is_missing_ = false;
};

}  // namespace

void stream_file(const OutputLocation& location, const std::string& name, const Context& context) {
  follow_job(location.job, context, [&](bool& reached) { Stream(location, name, context).run(reached); });
}

void stream_main_output(const JobRef& job, const Context& context) { stream_file({.job = job}, "", context); }

}  // namespace batchai::cli
