#include "arm/channel.hpp"
#include "batchai/output_files.hpp"
#include "batchai/range_reader.hpp"
#include "core/file_time.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::inline v1 {
namespace {

namespace fs = std::filesystem;

/// Linux takes no longer names.
constexpr std::size_t kLongestName = 255;

/// As deep as a share may be. A path on the node's disk is cut off by the system sooner or later, too.
constexpr auto kDeepest = 250;

/// Of one file only: the others can still be downloaded.
class LocalFailure : public Error {
 public:
  using Error::Error;
};

LocalFailure system_failure(const std::string& what, const fs::path& path) {
  return LocalFailure(what + " '" + path.string() + "': " + std::strerror(errno));
}

/// Names come from the service and become local paths.
void check_local_name(const std::string& name) {
  const bool bad = name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
                   name.find('\0') != std::string::npos;
  if (bad) {
    throw LocalFailure("the service lists a file named '" + name + "', which cannot be a local name");
  }
}

/// What has been received of this state of the file: a changed one has another name, so that pieces never mix.
fs::path part_of(const fs::path& target, const File& file) {
  const std::string state = std::to_string(file.content_length.value_or(0)) + "-" +
                            (file.last_modified ? format_iso8601(*file.last_modified) : "unknown");
  const std::string name = target.filename().string();
  std::string part = "." + name + "." + state + ".part";
  if (part.size() > kLongestName) {
    part = "." + signing::hex_encode(signing::sha256(name)) + "." + state + ".part";
  }
  return target.parent_path() / part;
}

bool is_here(const fs::path& target, const File& file) {
  struct stat info {};
  return ::stat(target.c_str(), &info) == 0 && S_ISREG(info.st_mode) && file.last_modified && file.content_length &&
         info.st_size == *file.content_length &&
         info.st_mtim.tv_sec == to_timespec(std::chrono::floor<std::chrono::seconds>(*file.last_modified)).tv_sec;
}

/// The complete part under the file's name.
void put_in_place(const fs::path& part, const fs::path& target, const File& file) {
  if (file.last_modified) {
    const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, to_timespec(*file.last_modified)};
    ::utimensat(AT_FDCWD, part.c_str(), times.data(),
                0);  // a time that the file system cannot keep is no reason to fail
  }
  if (::rename(part.c_str(), target.c_str()) != 0) {
    throw system_failure("cannot complete", target);
  }
}

OutputPlace below(const OutputPlace& place, const std::string& name) {
  if (std::count(place.path.begin(), place.path.end(), '/') >= kDeepest) {
    throw EndlessList("the service lists the job's directories without end: one of them seems to contain itself");
  }
  const bool top = place.path.empty() || place.path == ".";
  return {.directory_id = place.directory_id, .path = top ? name : place.path + "/" + name};
}

class OutputDownload {
 public:
  OutputDownload(const JobsClient& jobs, const ClientOptions& http, const JobRef& job,
                 const DownloadOutputsOptions& options, const CallContext& context)
      : jobs_(jobs), http_(http), job_(job), options_(options), context_(context) {}

  void add_directory(const OutputPlace& place, const fs::path& folder) {
    const std::vector<File> entries = list(place);
    if (entries.empty()) {
      require_output_directory(jobs_, job_, place, context_);
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
  std::vector<File> list(const OutputPlace& place) const {
    return output_pages(jobs_, job_, place, context_).to_vector();
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

  void add_file(const OutputPlace& place, const File& file, const fs::path& folder) {
    const std::string name = file.real_name();
    check_local_name(name);
    const fs::path target = folder / name;
    DownloadedOutput done{.name = name,
                          .path = target,
                          .size = static_cast<std::uint64_t>(file.content_length.value_or(0)),
                          .resumed = is_here(target, file)};
    if (!done.resumed && !options_.dry_run) {
      const fs::path part = part_of(target, file);
      std::error_code ignored;
      done.resumed = fs::exists(part, ignored);
      fetch(place, file, part);
      put_in_place(part, target, file);
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

  void fetch(const OutputPlace& place, const File& file, const fs::path& part) {
    std::ofstream out(part, std::ios::binary | std::ios::app);
    std::error_code error;
    std::uint64_t offset = out ? fs::file_size(part, error) : 0;
    if (!out || error) {
      throw system_failure("cannot write", part);
    }
    const auto total = static_cast<std::uint64_t>(file.content_length.value_or(0));
    RangeReader reader(
        http_, file.download_url.value_or(""),
        [&] { return fresh_output_url(jobs_, job_, place, file.real_name(), context_); }, context_);
    tell(file, offset);
    while (offset < total) {
      const RangeReader::Piece piece = reader.read(offset);
      if (piece.bytes.empty()) {
        throw LocalFailure("the file '" + file.real_name() + "' became shorter while it was read; try again");
      }
      const auto wanted = std::min<std::uint64_t>(piece.bytes.size(), total - offset);
      out.write(piece.bytes.data(), static_cast<std::streamsize>(wanted));
      offset += wanted;
      tell(file, offset);
    }
    out.close();
    if (!out) {
      throw system_failure("cannot write", part);
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
  DownloadOutputsReport report_ = {};
};

}  // namespace

DownloadOutputsReport JobsClient::download_outputs(const JobRef& job, const std::filesystem::path& folder,
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
