#include "cli/app/patience.hpp"
#include "cli/app/progress.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/range_reader.hpp"
#include "cli/jobs/wait.hpp"

#include <cerrno>
#include <ostream>

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kPause{1};

/// Copies a file that grows to stdout, piece by piece.
class Stream {
 public:
  Stream(const OutputPlace& place, const std::string& name, const Context& context)
      : place_(place), name_(name), context_(context), patience_(context) {}

  void run() {
    const std::optional<std::string> url = wait_for_file();
    if (!url) {
      context_.say("the job ended without making the file '" + name_ + "'");
      return;
    }
    RangeReader reader(context_, *url, [this] {
      const auto file = find_file(place_, name_, context_);
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
  /// The signed URL of the file once it exists; nothing if the job ended without making it.
  std::optional<std::string> wait_for_file() {
    Progress progress(context_, "waiting for the file '" + name_ + "'; the job is");
    for (bool told = false;; told = true) {
      // Asked first, so that a file made just before the end is seen.
      const Job job = patience_([this] { return get_job(place_.job, context_); });
      const auto file = patience_([this] { return find_file(place_, name_, context_); });
      if (file && file->download_url) {
        return file->download_url;
      }
      if (is_finished(job)) {
        return std::nullopt;
      }
      if (!told) {
        context_.say("the file '" + name_ + "' is not there yet; waiting for the job to make it");
      }
      progress.show(job.execution_state.value());
      pause();
    }
  }

  /// Whether the job is finished, or deleted: its file can still be there.
  bool is_over() {
    try {
      return is_finished(patience_([this] { return get_job(place_.job, context_); }));
    } catch (const ServiceError& error) {
      if (error.status() != 404) {
        throw;
      }
      context_.say("the job '" + place_.job.job + "' is not there any more");
      return true;
    }
  }

  void copy_available(RangeReader& reader) {
    for (bool more = true; more;) {
      const RangeReader::Piece piece = patience_([&] { return reader.read(offset_); });
      std::ostream& out = context_.io.out;
      out.write(piece.bytes.data(), static_cast<std::streamsize>(piece.bytes.size()));
      out.flush();
      offset_ += piece.bytes.size();
      if (piece.shorter) {
        context_.say("the file '" + name_ + "' has become shorter; it is printed from its beginning");
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

  const OutputPlace& place_;
  const std::string& name_;
  const Context& context_;
  Patience patience_;
  std::uint64_t offset_ = 0;
};

}  // namespace

void stream_file(const OutputPlace& place, const std::string& name, const Context& context) {
  follow_job(place.job, context, [&] { Stream(place, name, context).run(); });
}

}  // namespace batchai::cli
