#pragma once

#include "batchai/files/share_service_client.hpp"
#include "cli/app/context.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// --account-name, --account-key, --sas-token and --connection-string.
std::vector<OptionSpec> storage_options();

/// The shares of the account that options, environment or profile name; a key that is missing is looked up by way of
/// the subscription. Throws CommandError (exit 4) when no account is named.
files::ShareServiceClient open_storage(const Arguments& arguments, const Context& context);

/// The shares of a named account with its key.
files::ShareServiceClient open_account(const std::string& name, const Secret& key, const Context& context);

/// `SHARE[/PATH]`.
struct RemotePlace {
  std::string share;
  /// Without slashes at its ends; empty for the share itself.
  std::string path;
  /// Whether it was written with a slash at its end.
  bool folder = false;

  /// Throws UsageError when there is no share in it.
  static RemotePlace parse(const std::string& text);
  std::string to_string() const { return path.empty() ? share : share + "/" + path; }
  /// The last part of the path; empty for a share.
  std::string name() const { return path.substr(path.rfind('/') + 1); }
};

/// The entries of the directory that the place of the command names. Throws CommandError (exit 3) when it is not there.
std::vector<files::DirectoryEntry> list_directory(const Arguments& arguments, const Context& context);

/// The place PLACE of commands that take one.
OptionSpec place_option(std::string_view summary);

}  // namespace batchai::cli
