#include "arm/channel.hpp"
#include "batchai/core/failure_kind.hpp"
#include "batchai/output_files.hpp"
#include "batchai/output_part.hpp"
#include "batchai/range_reader.hpp"
#include "core/file_time.hpp"
#include "core/through_outages.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include <sys/stat.h>

namespace batchai::inline v1 {
namespace {

namespace fs = std::filesystem;

/// As deep as a share may be. A path on the node's disk is cut off by the system sooner or later, too.
constexpr auto kDeepest = 250;

/// How much a file may grow beyond twice its size while it is downloaded, in bytes.
constexpr std::uint64_t kRoomToGrow = 64ULL * 1024 * 1024;

/// What comes so quickly, in bytes, that it is of one state.
constexpr std::uint64_t kOfOneMoment = 64ULL * 1024;

/// Names come from the service and become local paths.
void check_local_name(const std::string& name) {
  const bool bad = name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
                   name.find('\0') != std::string::npos;
  if (bad) {
    throw LocalFailure("the service lists a file named '" + name + "', which cannot be a local name");
  }
}

bool is_here(const fs::path& target, const File& file) {
  struct stat info {};
  return ::stat(target.c_str(), &info) == 0 && S_ISREG(info.st_mode) && file.last_modified && file.content_length &&
         info.st_size == *file.content_length &&
         info.st_mtim.tv_sec == to_timespec(std::chrono::floor<std::chrono::seconds>(*file.last_modified)).tv_sec;
}

OutputPlace below(const OutputPlace& place, const std::string& name) {
  if (std::count(place.path.begin(), place.path.end(), '/') >= kDeepest) {
    throw EndlessList("the service lists the job's directories without end: one of them seems to contain itself");
  }
  const bool top = place.path.empty() || place.path == ".";
  return {.directory_id = place.directory_id, .path = top ? name : place.path + "/" + name};
}

/// The service is there, and fails at what is asked for.
bool fails_by_itself(const ServiceError& error) {
  const FailureKind kind = failure_kind(error);
  return kind == FailureKind::Failed || kind == FailureKind::Unable;
}

class OutputDownload {
 public:
  OutputDownload(const JobsClient& jobs, const ClientOptions& http, const JobRef& job,
                 const DownloadOutputsOptions& options, const CallContext& context)
      : jobs_(jobs),
        http_(http),
        job_(job),
        options_(options),
        context_(context),
        lists_(options.outage, context, http.clock),
        contents_(options.outage, context, http.clock) {}

  void add_directory(const OutputPlace& place, const fs::path& folder) {
    const std::vector<File> entries = list(place);
    if (entries.empty()) {
      through_outages(lists_, [&] {
        require_output_directory(jobs_, job_, place, context_);
        return true;
      });
    }
    make_folder(folder);
    for (const File& entry : entries) {
      guarded(below(place, entry.real_name()).path, [&] { add_entry(place, entry, folder); });
    }
  }

  void add_named(const OutputPlace& place, const std::string& name, const fs::path& folder) {
    const std::vector<File> entries = list(place);
    const File* file = find_output_file(entries, name);
    if (file == nullptr) {
      throw OutputNotFound("the job has no file '" + name + "' there", false);
    }
    make_folder(folder);
    add_file(place, *file, folder);
  }

  DownloadOutputsReport report() { return std::move(report_); }

 private:
  std::vector<File> list(const OutputPlace& place) {
    return through_outages(lists_, [&] { return output_pages(jobs_, job_, place, context_).to_vector(); });
  }

  /// What `read` returns. A service that is there, and fails at what is read, has no outage.
  template <class Read>
  std::invoke_result_t<const Read&> through_outages(ThroughOutages& attempts, const Read& read) {
    std::exception_ptr refused;
    auto result = attempts([&]() -> std::optional<std::invoke_result_t<const Read&>> {
      try {
        return read();
      } catch (const ServiceError& error) {
        if (!fails_by_itself(error)) {
          throw;
        }
        refused = std::current_exception();
        return std::nullopt;
      }
    });
    if (refused != nullptr) {
      std::rethrow_exception(refused);
    }
    return std::move(*result);
  }

  void make_folder(const fs::path& folder) const {
    std::error_code error;
    if (!options_.dry_run) {
      fs::create_directories(folder, error);
    }
    std::error_code unknown;
    if (!error && fs::exists(folder, unknown) && !fs::is_directory(folder, unknown)) {
      error = std::make_error_code(std::errc::not_a_directory);
    }
    if (error) {
      throw LocalFailure("cannot make the folder '" + folder.string() + "': " + error.message());
    }
  }

  void add_entry(const OutputPlace& place, const File& entry, const fs::path& folder) {
    if (entry.file_type == FileType::kDirectory) {
      check_local_name(entry.real_name());
      add_directory(below(place, entry.real_name()), folder / entry.real_name());
    } else {
      add_file(place, entry, folder);
    }
  }

  void add_file(const OutputPlace& place, File file, const fs::path& folder) {
    const std::string name = file.real_name();
    check_local_name(name);
    const fs::path target = folder / name;
    DownloadedOutput done{.name = name,
                          .path = target,
                          .size = static_cast<std::uint64_t>(file.content_length.value_or(0)),
                          .resumed = is_here(target, file)};
    if (!done.resumed && !options_.dry_run) {
      const OutputPart part(target, file);
      done.resumed = part.size() > 0;
      done.size = fetch(place, file, part);
      part.complete(done.size, file.last_modified);
    }
    if (options_.on_file) {
      options_.on_file(done);
    }
    report_.files.push_back(std::move(done));
  }

  void tell(const File& file, std::uint64_t received) const {
    if (options_.on_progress) {
      options_.on_progress(file, received);
    }
  }

  /// Brings what is missing of the file, and returns how large it is.
  std::uint64_t fetch(const OutputPlace& place, File& file, const OutputPart& part) {
    RangeReader reader(
        http_, file.download_url.value_or(""),
        [&] { return fresh_output_url(jobs_, job_, place, file.real_name(), context_); }, context_);
    Fetched fetched{.total = static_cast<std::uint64_t>(file.content_length.value_or(0))};
    if (part.size() > fetched.total) {
      part.clear();
    }
    fetched.offset = part.size();
    fetched.resumed = fetched.offset > 0;
    tell(file, fetched.offset);
    while (fetched.offset < fetched.total) {
      const RangeReader::Piece piece = read_piece(reader, file, part, fetched.offset);
      note_state(place, file, part, piece, fetched);
      const auto wanted = std::min<std::uint64_t>(piece.bytes.size(), fetched.total - fetched.offset);
      part.write(fetched.offset, std::string_view(piece.bytes).substr(0, wanted));
      fetched.offset += wanted;
      tell(file, fetched.offset);
    }
    // The ETag of the last answer is older than its end.
    if (fetched.total > kOfOneMoment && read_piece(reader, file, part, fetched.total - 1).etag != fetched.etag) {
      fetched.unsure = fetched.total;
    }
    require_same(reader, file, part, fetched.unsure);
    return fetched.total;
  }

  /// How far a file has come.
  struct Fetched {
    std::uint64_t total = 0;
    std::uint64_t offset = 0;
    bool resumed = false;
    /// Of the answers so far; none before the first one.
    std::optional<std::string> etag = {};
    /// So many bytes at its beginning may be of an earlier state.
    std::uint64_t unsure = 0;
    /// The size from which on it grows too fast.
    std::uint64_t too_large = 0;
  };

  /// No later download could go on with what is of a state that has gone.
  [[noreturn]] static void give_up(const OutputPart& part, const std::string& reason) {
    part.discard();
    throw LocalFailure(reason);
  }

  RangeReader::Piece read_piece(RangeReader& reader, const File& file, const OutputPart& part, std::uint64_t offset) {
    RangeReader::Piece piece = through_outages(contents_, [&] { return reader.read(offset); });
    if (piece.bytes.empty()) {
      give_up(part, "the file '" + file.real_name() + "' became shorter while it was read; try again");
    }
    return piece;
  }

  /// A file that changes while it comes has most likely grown; whether it has, require_same() finds out.
  void note_state(const OutputPlace& place, File& file, const OutputPart& part, const RangeReader::Piece& piece,
                  Fetched& fetched) {
    const bool is_first = !fetched.etag;
    if (is_first ? fetched.resumed && !is_listed_like(place, file) : piece.etag != fetched.etag) {
      fetched.unsure = fetched.offset;
    }
    fetched.etag = piece.etag;
    fetched.total = piece.total.value_or(fetched.total);
    if (is_first) {
      fetched.too_large = 2 * fetched.total + kRoomToGrow;
    } else if (fetched.total > fetched.too_large) {
      give_up(part, "the file '" + file.real_name() + "' grows faster than it is read; try again when the job is over");
    }
    file.content_length = fetched.total;
  }

  /// Whether the file still is what the part is of.
  bool is_listed_like(const OutputPlace& place, const File& file) {
    const auto now =
        through_outages(lists_, [&] { return fresh_output(jobs_, job_, place, file.real_name(), context_); });
    return now && now->content_length == file.content_length && now->last_modified == file.last_modified;
  }

  /// Whether the first bytes are still what has come of them: else it has been written anew.
  void require_same(RangeReader& reader, const File& file, const OutputPart& part, std::uint64_t length) {
    for (std::uint64_t offset = 0; offset < length;) {
      const RangeReader::Piece piece = read_piece(reader, file, part, offset);
      const auto wanted = std::min<std::uint64_t>(piece.bytes.size(), length - offset);
      if (!part.holds(offset, std::string_view(piece.bytes).substr(0, wanted))) {
        give_up(part, "the file '" + file.real_name() + "' was written anew while it was read; try again");
      }
      offset += wanted;
    }
  }

  /// An error about one entry is reported; the rest continues.
  template <class Step>
  void guarded(const std::string& path, const Step& step) {
    const auto note = [&](const Error& error) {
      report_.failures.push_back({.path = path, .reason = error.what(), .error = std::current_exception()});
      if (options_.on_failure) {
        options_.on_failure(report_.failures.back());
      }
    };
    try {
      step();
    } catch (const EndlessList&) {
      throw;
    } catch (const LocalFailure& error) {
      note(error);
    } catch (const OutputNotFound& error) {
      note(error);
    } catch (const ServiceError& error) {
      note(error);
    } catch (const ProtocolError& error) {
      note(error);
    } catch (const InvalidArgument& error) {
      note(error);
    }
  }

  const JobsClient& jobs_;
  const ClientOptions& http_;
  const JobRef& job_;
  const DownloadOutputsOptions& options_;
  const CallContext& context_;
  ThroughOutages lists_;
  /// Of another service, at another address.
  ThroughOutages contents_;
  DownloadOutputsReport report_ = {};
};

}  // namespace

DownloadOutputsReport JobsClient::download_outputs(const JobRef& job, const std::string& folder,
                                                   const DownloadOutputsOptions& options,
                                                   const CallContext& context) const {
  OutputDownload download(*this, channel_->client(), job, options, context);
  if (options.name) {
    download.add_named(options.place, *options.name, folder);
  } else {
    download.add_directory(options.place, folder);
  }
  return download.report();
}

}  // namespace batchai::inline v1
