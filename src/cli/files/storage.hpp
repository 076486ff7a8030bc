#pragma once

#include "batchai/files/share_service_client.hpp"
#include "batchai/files/storage_account.hpp"
#include "cli/app/context.hpp"
#include "cli/app/item_pages.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// --account-name, --account-key, --sas-token, --connection-string and --auth-mode.
std::vector<OptionSpec> storage_options();

/// The account that options, environment or profile name, with what opens it. Throws as open_storage().
files::StorageAccount find_chosen_account(const Arguments& arguments, const Context& context);

/// The shares of the account that options, environment or profile name; a missing key is looked up through the
/// subscription, and not needed where requests carry a token. Throws CommandError (exit 4) when no account is
/// named.
files::ShareServiceClient open_storage(const Arguments& arguments, const Context& context);

/// The shares of a named account with its key.
files::ShareServiceClient open_account(const std::string& name, const Secret& key, const Context& context);

/// `SHARE[/PATH]`, or the URL of one with a signature.
struct RemotePath {
  std::string share;
  /// Without slashes at its ends; empty for the share itself.
  std::string path;
  /// Whether it was written with a slash at its end.
  bool folder = false;
  /// The account that a URL names, opened by its signature; nothing for a path in the account of the options.
  std::optional<files::StorageAccount> account = {};

  /// Throws UsageError when there is no share in it.
  static RemotePath parse(const std::string& text);
  std::string to_string() const { return path.empty() ? share : share + "/" + path; }
  /// The last part of the path; empty for a share.
  std::string name() const { return path.substr(path.rfind('/') + 1); }
};

/// Opens the shares of paths. The account of the options is looked up once, and only if a path needs it.
class RemoteShares {
 public:
  RemoteShares(const Arguments& arguments, const Context& context) : arguments_(arguments), context_(context) {}
  /// Throws as open_storage().
  files::ShareClient share(const RemotePath& remote);

 private:
  const Arguments& arguments_;
  const Context& context_;
  std::optional<files::ShareServiceClient> storage_;
};

/// The share of one path.
files::ShareClient open_share(const RemotePath& remote, const Arguments& arguments, const Context& context);

/// The directory of a path; the root of the share when it is empty.
files::DirectoryClient directory_at(const files::ShareClient& share, const std::string& path);

/// Whether the path is a directory. Where a signature does not allow asking for it, it is listed; where that is not
/// allowed either, it is taken not to be one.
bool is_directory(const files::ShareClient& share, const RemotePath& remote, const Context& context);

/// The entries of the directory that the command names. Fetching throws CommandError (exit 3) when it is not there.
/// `context` has to live as long.
FetchPage list_directory(const Arguments& arguments, const Context& context, bool directories_only = false);

/// The positional argument PLACE of commands that take one.
OptionSpec place_option(std::string_view summary);

}  // namespace batchai::cli
