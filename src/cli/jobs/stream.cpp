#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/retry_while_unreachable.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/range_reader.hpp"
#include "cli/jobs/wait.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <ostream>

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kPause{1};

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

/// What to stream of a directory.
struct WantedFile {
  /// `the file 'a.txt'`
  std::string what;
  std::function<std::optional<File>(const std::vector<File>& files)> find;
};

/// Reports each thing about a file that is not there once: that it is missing, what the job does meanwhile, and what
/// its directory holds instead.
class MissingFile {
 public:
  MissingFile(const OutputLocation& location, const std::string& what, const Context& context)
      : location_(location), what_(what), context_(context) {}

  void tell(const Job& job, const std::vector<File>& files) {
    const std::string state = state_text(job);
    if (state_.empty()) {
      context_.notice(what_ + " is not there yet; waiting for the job to make it");
    }
    if (state != state_) {
      context_.notice("job state: " + state);
      state_ = state;
      since_ = context_.clock().steady_now();
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
    context_.notice("the job runs, and has not made " + what_ + "; the directory '" + location_.directory_id + "' " +
                    (files.empty() ? "is empty" : "holds " + names_of(files)) + "; Ctrl-C ends the wait, not the job");
  }

  const OutputLocation& location_;
  const std::string& what_;
  const Context& context_;
  std::string state_;
  std::chrono::steady_clock::time_point since_{};
  bool told_files_ = false;
};

/// Copies a file that grows to stdout, piece by piece.
class Stream {
 public:
  Stream(const OutputLocation& location, const WantedFile& wanted, const Context& context)
      : location_(location), wanted_(wanted), context_(context), retry_(context) {}

  void run() {
    const std::optional<File> found = wait_for_file();
    if (!found) {
      context_.notice("the job ended without making " + wanted_.what);
      return;
    }
    RangeReader reader(context_, *found->download_url, [this, name = found->real_name()] {
      const auto file = find_file(location_, name, context_);
      return file ? file->download_url.value_or("") : std::string();
    });
    for (bool over = false; !over;) {
      over = is_over();
      copy_available(reader);  // after the last look, so that nothing is missed
      if (!over) {
        pause();
      }
    }
  }

 private:
  /// The file once it exists, with its signed URL; nothing if the job ended without making it.
  std::optional<File> wait_for_file() {
    Progress progress(context_, "waiting for " + wanted_.what + "; the job is");
    MissingFile missing(location_, wanted_.what, context_);
    for (;;) {
      // Asked first, so that a file made just before the end is seen.
      const Job job = retry_([this] { return get_job(location_.job, context_); });
      const std::vector<File> files = retry_([this] { return list_files(location_, context_); });
      auto file = wanted_.find(files);
      if (file && file->download_url) {
        return file;
      }
      if (is_finished(job)) {
        return std::nullopt;
      }
      missing.tell(job, files);
      progress.show(state_text(job));
      pause();
    }
  }

  /// Whether the job is finished, or deleted: its file can still be there.
  bool is_over() {
    try {
      return is_finished(retry_([this] { return get_job(location_.job, context_); }));
    } catch (const ServiceError& error) {
      if (error.status() != 404) {
        throw;
      }
      context_.notice("the job '" + location_.job.job + "' is not there any more");
      return true;
    }
  }

  void copy_available(RangeReader& reader) {
    for (bool more = true; more;) {
      const RangeReader::Piece piece = retry_([&] { return reader.read(offset_); });
      std::ostream& out = behind_filter(context_.io.out);  // a job's colours and progress bars pass unchanged
      out.write(piece.bytes.data(), static_cast<std::streamsize>(piece.bytes.size()));
      out.flush();
      offset_ += piece.bytes.size();
      if (piece.shorter) {
        context_.notice(wanted_.what + " has become shorter; it is printed from its beginning");
        offset_ = 0;
      }
      more = piece.shorter || (piece.more && !piece.bytes.empty());
    }
  }

  void pause() const {
    context_.pause(kPause);
    if (context_.io.out_closed()) {
      throw OutputError(EPIPE);
    }
  }

  const OutputLocation& location_;
  const WantedFile& wanted_;
  const Context& context_;
  RetryWhileUnreachable retry_;
  std::uint64_t offset_ = 0;
};

void stream(const OutputLocation& location, const WantedFile& wanted, const Context& context) {
  follow_job(location.job, context, [&] { Stream(location, wanted, context).run(); });
}

}  // namespace

void stream_file(const OutputLocation& location, const std::string& name, const Context& context) {
  stream(location,
         {.what = "the file '" + name + "'",
          .find = [&](const std::vector<File>& files) { return find_file(files, name); }},
         context);
}

void stream_main_output(const JobRef& job, const Context& context) {
  stream({.job = job}, {.what = "the output file", .find = &find_main_output}, context);
}

}  // namespace batchai::cli
