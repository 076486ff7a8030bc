#include "cli/app/waiting/progress.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/range_reader.hpp"
#include "core/file_time.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

/// Linux takes no longer names.
constexpr std::size_t kLongestName = 255;

/// Names come from the service and become local paths.
void check_local_name(const std::string& name) {
  const bool bad = name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
                   name.find('\0') != std::string::npos;
  if (bad) {
    throw CommandError(kFailed, "the service lists a file named '" + name + "', which cannot be a local name");
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

bool is_there(const fs::path& target, const File& file) {
  struct stat info {};
  return ::stat(target.c_str(), &info) == 0 && S_ISREG(info.st_mode) && file.last_modified && file.content_length &&
         info.st_size == *file.content_length &&
         info.st_mtim.tv_sec == to_timespec(std::chrono::floor<std::chrono::seconds>(*file.last_modified)).tv_sec;
}

CommandError local_failure(const std::string& what, const fs::path& path) {
  return {kFailed, what + " '" + path.string() + "': " + std::strerror(errno)};
}

/// The complete part under the file's name.
void put_in_place(const fs::path& part, const fs::path& target, const File& file) {
  if (file.last_modified) {
    const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, to_timespec(*file.last_modified)};
    ::utimensat(AT_FDCWD, part.c_str(), times.data(),
                0);  // a time that the file system cannot keep is no reason to fail
  }
  if (::rename(part.c_str(), target.c_str()) != 0) {
    throw local_failure("cannot complete", target);
  }
}

class Download {
 public:
  Download(const OutputLocation& location, const Context& context) : location_(location), context_(context) {}

  Downloaded run(const File& file, const fs::path& folder) {
    const std::string name = file.real_name();
    check_local_name(name);
    const fs::path target = folder / name;
    Downloaded done{name, target.string(), file.content_length.value_or(0), is_there(target, file)};
    if (!done.resumed && context_.options.dry_run) {
      context_.plan(name + " -> " + done.path + " (" + std::to_string(done.size) + " bytes)");
    } else if (!done.resumed) {
      const fs::path part = part_of(target, file);
      std::error_code ignored;
      done.resumed = fs::exists(part, ignored);
      try {
        fetch(file, part);
      } catch (const Cancelled&) {
        throw Interrupted("interrupted; what has come of '" + name + "' is kept",
                          "the same command goes on where it ended");
      }
      put_in_place(part, target, file);
    }
    return done;
  }

 private:
  void fetch(const File& file, const fs::path& part) {
    std::ofstream out(part, std::ios::binary | std::ios::app);
    std::error_code error;
    std::uint64_t offset = out ? fs::file_size(part, error) : 0;
    if (!out || error) {
      throw local_failure("cannot write", part);
    }
    const auto total = static_cast<std::uint64_t>(file.content_length.value_or(0));
    RangeReader reader(context_, file.download_url.value_or(""), [&] {
      const auto fresh = find_file(location_, file.real_name(), context_);
      return fresh ? fresh->download_url.value_or("") : std::string();
    });
    Progress progress(context_, "downloading " + file.real_name());
    progress.show("starting");
    while (offset < total) {
      const RangeReader::Piece piece = reader.read(offset);
      if (piece.bytes.empty()) {
        throw CommandError(kFailed, "the file '" + file.real_name() + "' became shorter while it was read",
                           "try again");
      }
      const auto wanted = std::min<std::uint64_t>(piece.bytes.size(), total - offset);
      out.write(piece.bytes.data(), static_cast<std::streamsize>(wanted));
      offset += wanted;
      progress.show(std::to_string(offset) + " of " + std::to_string(total) + " bytes");
    }
    out.close();
    if (!out) {
      throw local_failure("cannot write", part);
    }
  }

  const OutputLocation& location_;
  const Context& context_;
};

/// Throws CommandError. In a dry run it is not made.
void make_folder(const fs::path& folder, const Context& context) {
  std::error_code error;
  if (!context.options.dry_run) {
    fs::create_directories(folder, error);
  }
  std::error_code unknown;
  if (!error && fs::exists(folder, unknown) && !fs::is_directory(folder, unknown)) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) {
    throw CommandError(kFailed, "cannot make the folder '" + folder.string() + "': " + error.message());
  }
}

/// A directory with all below it.
class FolderDownload {
 public:
  explicit FolderDownload(const Context& context) : context_(context) {}

  void add(const OutputLocation& location, const fs::path& folder) {
    const std::vector<File> entries = list_directory_files(location, context_);
    make_folder(folder, context_);
    for (const File& entry : entries) {
      guarded(location.below(entry.real_name()).path, [&] { add_entry(location, entry, folder); });
    }
  }
  DownloadReport finish() {
    if (report_.failed > 0) {
      context_.io.print_line("batchai: error: " + std::to_string(report_.failed) + " of " +
                             std::to_string(report_.failed + report_.files.size()) +
                             " entries could not be downloaded; they are named above");
    }
    return std::move(report_);
  }

 private:
  void add_entry(const OutputLocation& location, const File& entry, const fs::path& folder) {
    if (entry.file_type == FileType::kDirectory) {
      check_local_name(entry.real_name());
      add(location.below(entry.real_name()), folder / entry.real_name());
    } else {
      report_.files.push_back(Download(location, context_).run(entry, folder));
    }
  }
  /// An error about one entry is reported and counted; the rest continues.
  template <class Step>
  void guarded(const std::string& path, const Step& step) {
    const auto note = [&](const char* reason) {
      ++report_.failed;
      context_.io.print_line("batchai: error: " + path + ": " + reason);
    };
    try {
      step();
    } catch (const Interrupted&) {
      throw;
    } catch (const EndlessList&) {
      throw;
    } catch (const CommandError& error) {
      note(error.what());
    } catch (const ServiceError& error) {
      note(error.what());
    } catch (const ProtocolError& error) {
      note(error.what());
    } catch (const InvalidArgument& error) {
      note(error.what());
    }
  }

  const Context& context_;
  DownloadReport report_;
};

}  // namespace

DownloadReport download_files(const OutputLocation& location, const std::optional<std::string>& name,
                              const fs::path& folder, const Context& context) {
  if (!name) {
    FolderDownload download(context);
    download.add(location, folder);
    return download.finish();
  }
  const std::optional<File> file = find_file(location, *name, context);
  if (!file) {
    throw CommandError(kNotFound, "the job has no file '" + *name + "' there", "see 'batchai job file list'");
  }
  make_folder(folder, context);
  return {.files = {Download(location, context).run(*file, folder)}};
}

}  // namespace batchai::cli
