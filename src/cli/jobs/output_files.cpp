#include "cli/jobs/output_files.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/jobs/range_reader.hpp"

#include <algorithm>
#include <ostream>

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kPause{1};

/// Of the download URLs, in minutes; the service takes no others.
constexpr int kShortestExpiry = 5;
constexpr int kLongestExpiry = 600;

/// The signed URL of the file once it exists; nothing if the job ended without making it.
std::optional<std::string> wait_for_file(const OutputPlace& place, const std::string& name, const Context& context) {
  for (bool told = false;; told = true) {
    // Asked first, so that a file made just before the end is seen.
    const bool finished = is_finished(get_job(place.job, context));
    if (const auto file = find_file(place, name, context); file && file->download_url) {
      return file->download_url;
    }
    if (finished) {
      return std::nullopt;
    }
    if (!told) {
      context.say("the file '" + name + "' is not there yet; waiting for the job to make it");
    }
    context.pause(kPause);
  }
}

void copy_available(RangeReader& reader, std::uint64_t& offset, std::ostream& out) {
  for (bool more = true; more;) {
    const RangeReader::Piece piece = reader.read(offset);
    out.write(piece.bytes.data(), static_cast<std::streamsize>(piece.bytes.size()));
    out.flush();
    offset += piece.bytes.size();
    more = piece.more && !piece.bytes.empty();
  }
}

}  // namespace

OutputPlace OutputPlace::of(const Arguments& arguments) {
  const int minutes = arguments.integer("expiry").value_or(kLongestExpiry);
  if (minutes < kShortestExpiry || minutes > kLongestExpiry) {
    throw UsageError("--expiry: the number of minutes has to be from 5 to 600");
  }
  return {.job = JobPlace::of(arguments, "job"),
          .directory_id = arguments.get("output-directory-id"),
          .path = arguments.get("path"),
          .expiry_minutes = arguments.integer("expiry")};
}

OutputPlace OutputPlace::below(const std::string& name) const {
  OutputPlace inner = *this;
  inner.path = path.empty() || path == "." ? name : path + "/" + name;
  return inner;
}

std::vector<File> list_files(const OutputPlace& place, const Context& context) {
  ListOutputFilesOptions options{.directory_id = place.directory_id, .link_expiry_in_minutes = place.expiry_minutes};
  if (!place.path.empty() && place.path != ".") {
    options.directory = place.path;
  }
  const JobPlace& job = place.job;
  return context.services.batchai()
      .jobs()
      .list_output_files(job.group, job.workspace, job.experiment, job.job, options, context.call())
      .to_vector();
}

std::optional<File> find_file(const OutputPlace& place, const std::string& name, const Context& context) {
  for (File& file : list_files(place, context)) {
    if (file.name == name && file.file_type != FileType::kDirectory) {
      return std::move(file);
    }
  }
  return std::nullopt;
}

void stream_file(const OutputPlace& place, const std::string& name, const Context& context) {
  try {
    const std::optional<std::string> url = wait_for_file(place, name, context);
    if (!url) {
      context.say("the job ended without making the file '" + name + "'");
      return;
    }
    RangeReader reader(context, *url, [&] {
      const auto file = find_file(place, name, context);
      return file ? file->download_url.value_or("") : std::string();
    });
    std::uint64_t offset = 0;
    for (bool finished = false; !finished;) {
      finished = is_finished(get_job(place.job, context));
      copy_available(reader, offset, context.io.out);  // after the last look, so that nothing is missed
      if (!finished) {
        context.pause(kPause);
      }
    }
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; the job '" + place.job.job + "' goes on in the service",
                      "stop it with 'batchai job terminate " + place.job.options() + " -n " + place.job.job + "'");
  }
}

}  // namespace batchai::cli
