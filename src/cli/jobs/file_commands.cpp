#include "batchai/core/url.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/jobs/output_files.hpp"
#include "core/utf8.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr Column kFileColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Type", [](const json& item) { return cell_at(item, "/fileType"); }},
    {"Size", [](const json& item) { return cell_at(item, "/contentLength"); }, false, ColumnKind::Size},
    {"Modified",
     [](const json& item) {
       std::string time = cell_at(item, "/lastModified");
       return time.empty() ? " " : time;
     },
     false, ColumnKind::Moment}};

constexpr Column kDownloadColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Size", [](const json& item) { return cell_at(item, "/size"); }, false, ColumnKind::Size},
    {"Path", [](const json& item) { return cell_at(item, "/path"); }}};

Result list_files(const Arguments& arguments, Context& context) {
  return {.type = "File", .pages = show_directory_files(OutputLocation::of(arguments), context)};
}

Result stream(const Arguments& arguments, Context& context) {
  stream_file(OutputLocation::of(arguments), arguments.get("file-name"), context);
  return Result::nothing();
}

json document(const DownloadedOutput& file) {
  const std::string& path = file.path;
  json item = {{"name", file.name}, {"path", path}, {"size", file.size}, {"resumed", file.resumed}};
  if (!is_utf8(path)) {
    item["name"] = percent_encode(file.name);
    item["path"] = percent_encode(path, "/");
    item["encoded"] = true;
  }
  return item;
}

Result download(const Arguments& arguments, Context& context) {
  const DownloadOutputsReport report =
      download_files(OutputLocation::of(arguments), arguments.find("file-name"), arguments.get("destination"), context);
  json items = json::array();
  for (const DownloadedOutput& file : report.files) {
    items.push_back(document(file));
  }
  Result result = Result::plain(std::move(items));
  result.exit_code = report.failures.empty() ? kDone : kFailed;
  return result;
}

}  // namespace

std::vector<CommandSpec> job_file_commands() {
  const OptionSpec directory{.name = "output-directory-id",
                             .short_name = 'd',
                             .summary = "Id of an output directory; stdouterr: the job's own output.",
                             .value_name = "ID",
                             .default_value = "stdouterr"};
  const OptionSpec path{.name = "path",
                        .short_name = 'p',
                        .summary = "Path below that directory.",
                        .value_name = "PATH",
                        .default_value = "."};
  const OptionSpec expiry{.name = "expiry",
                          .summary = "Minutes that the download URLs last, 5 to 600.",
                          .kind = OptionKind::Integer,
                          .value_name = "MINUTES",
                          .default_value = "60"};
  OptionSpec file{
      .name = "file-name", .short_name = 'f', .summary = "Name of the file.", .value_name = "NAME", .required = true};
  const std::vector<OptionSpec> job_options{group_option(), workspace_option(), experiment_option(),
                                            job_option(),   directory,          path};
  const std::vector<OptionSpec> streamed = join(job_options, {file});
  file.required = false;
  file.summary = "Only this file.";
  const OptionSpec destination{.name = "destination",
                               .summary = "Local folder; made if it is missing.",
                               .value_name = "FOLDER",
                               .default_value = "."};
  return {
      {.name = "file list",
       .summary = "List the files of a job's output, with download URLs.",
       .options = join(job_options, {expiry}),
       .run = list_files,
       .columns = kFileColumns,
       .examples = {{"What it printed", "batchai job file list -g demo -w ws -e exp -j job"},
                    {"The model, as a table", "batchai job file list -g demo -w ws -e exp -j job -d MODEL -o table"}}},
      {.name = "file stream",
       .summary = "Print a file of a job's output while the job writes it.",
       .options = streamed,
       .run = stream,
       .examples = {{"What it prints", "batchai job file stream -g demo -w ws -e exp -j job -f stdout.txt"},
                    {"A log in an output directory",
                     "batchai job file stream -g demo -w ws -e exp -j job -d MODEL -f train.log"}}},
      {.name = "file download",
       .summary = "Download a job's output directory, or one file of it.",
       .options = join(job_options, {file, destination}),
       .run = download,
       .columns = kDownloadColumns,
       .examples = {{"The model", "batchai job file download -g demo -w ws -e exp -j job -d MODEL --destination model"},
                    {"One file", "batchai job file download -g demo -w ws -e exp -j job -f stdout.txt"}}}};
}

}  // namespace batchai::cli
