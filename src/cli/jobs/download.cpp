#include "cli/app/progress.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/range_reader.hpp"
#include "core/private_file.hpp"

#include <fstream>
#include <system_error>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

fs::file_time_type to_file_time(Timestamp time) {
  return std::chrono::file_clock::from_sys(std::chrono::time_point_cast<std::chrono::seconds>(time));
}

/// Names come from the service and become local paths.
void check_local_name(const std::string& name) {
  const bool bad = name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
                   name.find('\0') != std::string::npos;
  if (bad) {
    throw CommandError(kFailed, "the service lists a file named '" + name + "', which cannot be a local name");
  }
}

/// What has been got of this state of the file: a changed one has another name, so that pieces never mix.
fs::path part_of(const fs::path& target, const File& file) {
  const std::string state = std::to_string(file.content_length.value_or(0)) + "-" +
                            (file.last_modified ? format_iso8601(*file.last_modified) : "unknown");
  return target.parent_path() / ("." + target.filename().string() + "." + state + ".part");
}

bool is_there(const fs::path& target, const File& file) {
  std::error_code error;
  const auto size = fs::file_size(target, error);
  return !error && file.last_modified && file.content_length &&
         size == static_cast<std::uintmax_t>(*file.content_length) &&
         fs::last_write_time(target) == to_file_time(*file.last_modified);
}

class Download {
 public:
  Download(const OutputPlace& place, const Context& context) : place_(place), context_(context) {}

  Downloaded run(const File& file, const fs::path& folder) {
    check_local_name(file.name);
    const fs::path target = folder / file.name;
    Downloaded done{file.name, target.string(), file.content_length.value_or(0), is_there(target, file)};
    if (!done.resumed && context_.options.dry_run) {
      context_.plan(file.name + " -> " + done.path + " (" + std::to_string(done.size) + " bytes)");
    } else if (!done.resumed) {
      const fs::path part = part_of(target, file);
      done.resumed = fs::exists(part);
      try {
        fetch(file, part);
      } catch (const Cancelled&) {
        throw Interrupted("interrupted; what has come of '" + file.name + "' is kept",
                          "the same command goes on where it ended");
      }
      if (file.last_modified) {
        fs::last_write_time(part, to_file_time(*file.last_modified));
      }
      fs::rename(part, target);
    }
    return done;
  }

 private:
  void fetch(const File& file, const fs::path& part) {
    std::ofstream out(part, std::ios::binary | std::ios::app);
    if (!out) {
      throw CommandError(kFailed, "cannot write " + part.string());
    }
    std::uint64_t offset = fs::file_size(part);
    const auto total = static_cast<std::uint64_t>(file.content_length.value_or(0));
    RangeReader reader(context_, file.download_url.value_or(""), [&] {
      const auto fresh = find_file(place_, file.name, context_);
      return fresh ? fresh->download_url.value_or("") : std::string();
    });
    Progress progress(context_, "downloading " + file.name);
    progress.show("starting");
    while (offset < total) {
      const RangeReader::Piece piece = reader.read(offset);
      if (piece.bytes.empty()) {
        throw CommandError(kFailed, "the file '" + file.name + "' became shorter while it was read", "try again");
      }
      const auto wanted = std::min<std::uint64_t>(piece.bytes.size(), total - offset);
      out.write(piece.bytes.data(), static_cast<std::streamsize>(wanted));
      offset += wanted;
      progress.show(std::to_string(offset) + " of " + std::to_string(total) + " bytes");
    }
    out.close();
    if (!out) {
      throw CommandError(kFailed, "cannot write " + part.string());
    }
  }

  const OutputPlace& place_;
  const Context& context_;
};

/// Throws CommandError. In a dry run it is not made.
void make_folder(const fs::path& folder, const Context& context) {
  std::error_code error;
  if (!context.options.dry_run) {
    fs::create_directories(folder, error);
  }
  if (!error && fs::exists(folder) && !fs::is_directory(folder)) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) {
    throw CommandError(kFailed, "cannot make the folder '" + folder.string() + "': " + error.message());
  }
}

void download_all(const OutputPlace& place, const fs::path& folder, const Context& context,
                  std::vector<Downloaded>& done) {
  const std::vector<File> entries = list_directory_files(place, context);
  make_folder(folder, context);
  for (const File& file : entries) {
    if (file.file_type == FileType::kDirectory) {
      check_local_name(file.name);
      download_all(place.below(file.name), folder / file.name, context, done);
    } else {
      done.push_back(Download(place, context).run(file, folder));
    }
  }
}

}  // namespace

std::vector<Downloaded> download_files(const OutputPlace& place, const std::optional<std::string>& name,
                                       const fs::path& folder, const Context& context) {
  std::vector<Downloaded> done;
  if (!name) {
    download_all(place, folder, context, done);
    return done;
  }
  const std::optional<File> file = find_file(place, *name, context);
  if (!file) {
    throw CommandError(kNotFound, "the job has no file '" + *name + "' there", "see 'batchai job file list'");
  }
  make_folder(folder, context);
  done.push_back(Download(place, context).run(*file, folder));
  return done;
}

}  // namespace batchai::cli
