#include "cli/jobs/output_files.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/output_files.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {
namespace {

/// Of the download URLs, in minutes; the service takes no others.
constexpr int kShortestExpiry = 5;
constexpr int kLongestExpiry = 600;

}  // namespace

OutputLocation OutputLocation::of(const Arguments& arguments) {
  const int minutes = arguments.integer("expiry").value_or(kLongestExpiry);
  if (minutes < kShortestExpiry || minutes > kLongestExpiry) {
    throw UsageError("--expiry: the number of minutes has to be from 5 to 600");
  }
  return {.job = job_of(arguments, "job"),
          .place = {.directory_id = arguments.get("output-directory-id"), .path = arguments.get("path")},
          .expiry_minutes = arguments.integer("expiry")};
}

void throw_not_found(const OutputLocation& location, const OutputNotFound& error) {
  if (error.is_file()) {
    throw UsageError("-p/--path: '" + location.place.path + "' is a file", "name its directory with -p");
  }
  throw CommandError(kNotFound, error.what(), "see 'batchai job file list'");
}

FetchPage show_directory_files(const OutputLocation& location, const Context& context) {
  const JobsClient jobs = context.services.batchai().jobs();
  FetchPage fetch =
      fetch_pages(output_pages(jobs, location.job, location.place, context.call(), location.expiry_minutes),
                  [](const File& file) { return nlohmann::json(file); });
  return [fetch = std::move(fetch), location, jobs, &context, empty = true]() mutable {
    ItemPage page = fetch();
    empty = empty && page.items.empty();
    if (empty && page.last) {
      try {
        require_output_directory(jobs, location.job, location.place, context.call(), location.expiry_minutes);
      } catch (const OutputNotFound& error) {
        throw_not_found(location, error);
      }
    }
    return page;
  };
}

}  // namespace batchai::cli
