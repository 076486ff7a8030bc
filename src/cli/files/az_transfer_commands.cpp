#include "cli/app/options.hpp"
#include "cli/files/az_arguments.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/transfer_run.hpp"

namespace batchai::cli {
namespace {

Result az_upload(const Arguments& arguments, Context& context) {
  const std::string target = place_of(arguments, "share-name", "path");
  return run_files_command("upload", with_places(arguments, {arguments.get("source"), target}), context);
}

Result az_upload_batch(const Arguments& arguments, Context& context) {
  const std::string target = place_of(arguments, "destination", "destination-path");
  const Arguments all = with_places(arguments, {arguments.get("source") + "/", target});
  return run_files_command("upload", with_flag(all, "recursive"), context);
}

Result az_download(const Arguments& arguments, Context& context) {
  std::vector<std::string> places{place_of(arguments, "share-name", "path")};
  places.push_back(arguments.find("dest").value_or("."));
  return run_files_command("download", with_places(arguments, std::move(places)), context);
}

Result az_download_batch(const Arguments& arguments, Context& context) {
  const Arguments all = with_places(arguments, {content_of(arguments.get("source")), arguments.get("destination")});
  return run_files_command("download", with_flag(all, "recursive"), context);
}

std::string az_copy_source(const Arguments& arguments) {
  if (const auto uri = arguments.find("source-uri")) {
    return *uri;
  }
  if (!arguments.has("source-share")) {
    throw UsageError("say what to copy: --source-share with --source-path, or --source-uri");
  }
  return place_of(arguments, "source-share", "source-path");
}

Result az_copy(const Arguments& arguments, Context& context) {
  const std::string target = place_of(arguments, "destination-share", "destination-path");
  return run_files_command("copy", with_places(arguments, {az_copy_source(arguments), target}), context);
}

Result az_copy_batch(const Arguments& arguments, Context& context) {
  const std::string target = place_of(arguments, "destination-share", "destination-path");
  const Arguments all = with_places(arguments, {content_of(az_copy_source(arguments)), target});
  return run_files_command("copy", with_flag(all, "recursive"), context);
}

/// Those of transfers that az has, too.
std::vector<OptionSpec> az_moving_options(bool batch) {
  std::vector<OptionSpec> options;
  for (const OptionSpec& option : transfer_options()) {
    if (option.name == "validate-content" || option.name == "max-connections" || (batch && option.name == "pattern")) {
      options.push_back(option);
    }
  }
  options.push_back({.name = "no-progress",
                     .summary = "Taken, as az has it; progress is shown on terminals only.",
                     .kind = OptionKind::Flag});
  return options;
}

std::vector<OptionSpec> az_copy_options(bool batch) {
  const auto path = az_option("destination-path", 'p', "The path there.", "PATH");
  return {needed(az_option("destination-share", 's', "The share to copy to.", "SHARE")), batch ? path : needed(path),
          az_option("source-share", '\0', "The share to copy from.", "SHARE"),
          az_option("source-path", '\0', "The path there.", "PATH"),
          az_option("source-uri", 'u', "A signed URL in place of both.", "URL")};
}

std::vector<CommandSpec> az_copy_commands() {
  return {
      az_command("file copy start", "Copy a file, as 'files copy' does.", az_copy_options(false), az_copy,
                 summary_columns(),
                 {{"To another share", "batchai storage file copy start --source-share a --source-path x -s b -p x"},
                  {"From another account", "batchai storage file copy start --source-uri \"$URL\" -s share -p a.txt"}}),
      az_command("file copy start-batch", "Copy a directory or share, as 'files copy -r' does.",
                 join(az_copy_options(true), az_moving_options(true)), az_copy_batch, summary_columns(),
                 {{"A whole share", "batchai storage file copy start-batch --source-share a --destination-share b"},
                  {"A directory",
                   "batchai storage file copy start-batch --source-share a --source-path x --destination-share b"}})};
}

std::vector<CommandSpec> az_moving_commands() {
  const auto source = az_option("source", '\0', "The local file.", "FILE");
  const auto folder = az_option("source", 's', "The local folder.", "FOLDER");
  return {
      az_command("file upload", "Upload a file, as 'files upload' does.",
                 join({az_share_option(), needed(source), az_path_option("Its name or directory there.")},
                      az_moving_options(false)),
                 az_upload, summary_columns(),
                 {{"Into a directory", "batchai storage file upload -s share --source a.txt -p data/a.txt"},
                  {"Under its own name", "batchai storage file upload --share-name share --source a.txt"}},
                 true),
      az_command("file upload-batch", "Upload what is in a folder, as 'files upload -r' does.",
                 join({needed(az_option("destination", 'd', "The share, or a signed URL.", "SHARE")), needed(folder),
                       az_option("destination-path", '\0', "Directory in the share.", "PATH")},
                      az_moving_options(true)),
                 az_upload_batch, summary_columns(),
                 {{"All text files", "batchai storage file upload-batch -d share -s data --pattern '*.txt'"},
                  {"Into a directory", "batchai storage file upload-batch -d share -s data --destination-path train"}},
                 true),
      az_command("file download", "Download a file, as 'files download' does.",
                 join({az_share_option(), needed(az_path_option("The file.")),
                       az_option("dest", '\0', "Where to; default: this folder.", "FILE")},
                      az_moving_options(false)),
                 az_download, summary_columns(),
                 {{"Under another name", "batchai storage file download -s share -p data/a.txt --dest b.txt"},
                  {"To this folder", "batchai storage file download --share-name share --path data/a.txt"}},
                 true),
      az_command(
          "file download-batch", "Download what is in a share, as 'files download -r' does.",
          join({needed(az_option("destination", 'd', "The local folder.", "FOLDER")),
                needed(
                    az_option("source", 's', "The share, with a directory or not, or a signed URL.", "SHARE[/PATH]"))},
               az_moving_options(true)),
          az_download_batch, summary_columns(),
          {{"A whole share", "batchai storage file download-batch -s share -d local"},
           {"A directory of it", "batchai storage file download-batch -s share/data -d local --pattern '*.txt'"}},
          true)};
}

}  // namespace

std::vector<CommandSpec> az_transfer_commands() {
  std::vector<CommandSpec> commands = az_moving_commands();
  for (CommandSpec& command : az_copy_commands()) {
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace batchai::cli
