#include "cli/files/storage.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/services.hpp"
#include "cli/files/documents.hpp"
#include "cli/files/remote_errors.hpp"
#include "cli/requests/storage_keys.hpp"
#include "core/joined.hpp"

namespace batchai::cli {
namespace {

constexpr const char* kGiveAccountKey = "give its key with --account-key";

bool names_account_by_options(const Arguments& arguments) {
  return arguments.has("account-name") || arguments.has("account-key") || arguments.has("sas-token");
}

/// Account and key or SAS as far as they are named, without a connection string.
files::StorageAccount named_account(const Arguments& arguments, const StorageSettings& stored) {
  files::StorageAccount account{.name = arguments.find("account-name").value_or(stored.account)};
  if (arguments.has("account-key") || arguments.has("sas-token")) {
    account.key = Secret(arguments.get("account-key"));
    account.sas = Secret(arguments.get("sas-token"));
  } else if (account.name == stored.account) {
    account.key = stored.key;
    account.sas = stored.sas_token;
  }
  return account;
}

/// The account of the connection string, with the key or SAS of the options; nothing where another account is named.
std::optional<files::StorageAccount> described_account(const Arguments& arguments, const StorageSettings& stored) {
  if (!names_account_by_options(arguments)) {
    return files::StorageAccount::from_connection_string(stored.connection_string);
  }
  const std::string wanted = arguments.find("account-name").value_or(stored.account);
  files::StorageAccount account;
  try {
    account = files::StorageAccount::from_connection_string(stored.connection_string);
  } catch (const InvalidArgument&) {
    if (wanted.empty()) {
      throw;
    }
  }
  if (!wanted.empty() && !iequals(wanted, account.name)) {
    return std::nullopt;
  }
  if (arguments.has("account-key") || arguments.has("sas-token")) {
    account.key = Secret(arguments.get("account-key"));
    account.sas = Secret(arguments.get("sas-token"));
  }
  return account;
}

/// Whether requests carry a token, as --auth-mode or AZURE_STORAGE_AUTH_MODE says.
bool signs_in(const Arguments& arguments, const Context& context) {
  constexpr const char* kVariable = "AZURE_STORAGE_AUTH_MODE";
  const std::string mode = arguments.find("auth-mode").value_or(context.settings.environment().get(kVariable));
  if (!mode.empty() && !iequals(mode, "login") && !iequals(mode, "key")) {
    throw UsageError("'" + mode + "' in " + kVariable + " is no way to sign in", "use login or key");
  }
  return iequals(mode, "login");
}

[[noreturn]] void refuse_no_account(const std::string& why) {
  throw CommandError(kSignIn, "no storage account is named" + why,
                     "use --account-name and --account-key, AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or start "
                     "a service on this machine with 'batchai local start'");
}

bool is_signed_in(const Context& context) {
  try {
    context.settings.identity();
    return true;
  } catch (const CommandError&) {
    return false;
  }
}

/// Of the subscription: the account of this name, else the only one that there is.
StorageAccountResource account_in_subscription(const std::string& name, const Context& context) {
  if (!name.empty()) {
    return find_storage_account(name, context, kGiveAccountKey);
  }
  if (!is_signed_in(context)) {
    refuse_no_account("");
  }
  const auto all = context.services.arm().storage_accounts().list(context.call()).to_vector();
  if (all.size() == 1) {
    return all.front();
  }
  refuse_no_account(all.empty()
                        ? ", and the subscription has none"
                        : ", and the subscription has several: " + joined(all, ", ", &StorageAccountResource::name));
}

/// Where an account of the subscription is, as it says itself unless an endpoint is configured.
files::StorageAccount located(const StorageAccountResource& found, const Context& context) {
  const std::string shown = found.primary_endpoints.value_or(StorageEndpoints{}).file.value_or("");
  const bool configured = !context.services.endpoints().files.empty();
  return {.name = found.name,
          .endpoint = configured || shown.empty() ? files_endpoint_of(found.name, context) : Url::parse(shown)};
}

files::StorageAccount looked_up(const std::string& name, const Context& context) {
  const StorageAccountResource found = account_in_subscription(name, context);
  files::StorageAccount account = located(found, context);
  account.key = first_key_of(parse_resource_id(found.id).group, found.name, context, kGiveAccountKey);
  return account;
}

/// The account with all that options, environment and profile say about it.
files::StorageAccount stated_account(const Arguments& arguments, const Context& context) {
  if (const auto text = arguments.find("connection-string")) {
    return files::StorageAccount::from_connection_string(Secret(*text));
  }
  const StorageSettings stored = context.settings.storage();
  if (!stored.connection_string.empty()) {
    if (auto described = described_account(arguments, stored)) {
      return *described;
    }
  }
  files::StorageAccount account = named_account(arguments, stored);
  if (!account.name.empty()) {
    account.endpoint = files_endpoint_of(account.name, context);
  } else if (!account.key.empty() || !account.sas.empty()) {
    refuse_no_account("");
  }
  return account;
}

files::StorageAccount with_token(files::StorageAccount account, const Arguments& arguments, const Context& context) {
  for (const char* option : {"account-key", "sas-token"}) {
    if (arguments.has(option)) {
      context.warn("--" + std::string(option) + " is not used: requests carry a token of who is signed in");
    }
  }
  if (account.endpoint.host().empty()) {
    account = located(account_in_subscription("", context), context);
  }
  account.key = {};
  account.sas = {};
  account.credential = context.services.credential();
  return account;
}

bool is_url(const std::string& text) {
  const std::string lower = to_lower(text.substr(0, text.find(':')));
  return (lower == "https" || lower == "http") && text.find("://") == lower.size();
}

RemotePath parse_url(const std::string& text) {
  try {
    const Url url = Url::parse(text);
    files::SignedUrl remote = files::SignedUrl::parse(url);
    return {.share = std::move(remote.share),
            .path = std::move(remote.path),
            .folder = url.path().ends_with('/'),
            .account = std::move(remote.account)};
  } catch (const InvalidArgument& error) {
    throw UsageError(error.what(), "'batchai files url' makes such URLs");
  }
}

/// Whether a request is not refused; what is missing is false.
template <class Request>
std::optional<bool> allowed_look(const Request& request) {
  try {
    return request();
  } catch (const NotFound&) {
    return false;
  } catch (const ServiceError& error) {
    if (error.status() == 403) {
      return std::nullopt;
    }
    throw;
  }
}

}  // namespace

std::vector<OptionSpec> storage_options() {
  constexpr std::string_view kGroup = "Storage Account";
  return {
      {.name = "account-name",
       .summary = "Storage account; default: AZURE_STORAGE_ACCOUNT, else the profile's.",
       .value_name = "ACCOUNT",
       .group = kGroup},
      {.name = "account-key", .summary = "Its key; default: AZURE_STORAGE_KEY.", .value_name = "KEY", .group = kGroup},
      {.name = "sas-token",
       .summary = "A shared access signature instead of the key; default: AZURE_STORAGE_SAS_TOKEN.",
       .value_name = "SAS",
       .group = kGroup},
      {.name = "connection-string",
       .summary = "All in one; default: AZURE_STORAGE_CONNECTION_STRING.",
       .value_name = "TEXT",
       .group = kGroup},
      {.name = "auth-mode",
       .summary = "Token or key; default: AZURE_STORAGE_AUTH_MODE, else key.",
       .value_name = "MODE",
       .group = kGroup,
       .choices = {"login", "key"}}};
}

files::StorageAccount find_chosen_account(const Arguments& arguments, const Context& context) {
  files::StorageAccount account = stated_account(arguments, context);
  if (signs_in(arguments, context)) {
    return with_token(std::move(account), arguments, context);
  }
  if (account.key.empty() && account.sas.empty()) {
    return looked_up(account.name, context);
  }
  return account;
}

files::ShareServiceClient open_storage(const Arguments& arguments, const Context& context) {
  return files::ShareServiceClient(find_chosen_account(arguments, context), context.services.client_options());
}

files::ShareServiceClient open_account(const std::string& name, const Secret& key, const Context& context) {
  return files::ShareServiceClient({.name = name, .key = key, .endpoint = files_endpoint_of(name, context)},
                                   context.services.client_options());
}

RemotePath RemotePath::parse(const std::string& text) {
  if (is_url(text)) {
    return parse_url(text);
  }
  const std::size_t begin = text.find_first_not_of('/');
  if (begin == std::string::npos) {
    throw UsageError("'" + text + "' names no share: remote paths are SHARE or SHARE/PATH");
  }
  const std::size_t slash = text.find('/', begin);
  RemotePath remote{.share = text.substr(begin, slash - begin), .folder = text.back() == '/'};
  if (slash != std::string::npos) {
    const std::size_t first = text.find_first_not_of('/', slash);
    const std::size_t last = text.find_last_not_of('/');
    remote.path = first == std::string::npos ? "" : text.substr(first, last - first + 1);
  }
  return remote;
}

files::ShareClient RemoteShares::share(const RemotePath& remote) {
  if (remote.account) {
    return files::ShareServiceClient(*remote.account, context_.services.client_options()).share(remote.share);
  }
  if (!storage_) {
    storage_ = open_storage(arguments_, context_);
  }
  return storage_->share(remote.share);
}

files::ShareClient open_share(const RemotePath& remote, const Arguments& arguments, const Context& context) {
  return RemoteShares(arguments, context).share(remote);
}

files::DirectoryClient directory_at(const files::ShareClient& share, const std::string& path) {
  return path.empty() ? share.root() : share.directory(path);
}

bool is_directory(const files::ShareClient& share, const RemotePath& remote, const Context& context) {
  if (remote.path.empty()) {
    return true;
  }
  const files::DirectoryClient directory = share.directory(remote.path);
  std::optional<bool> found = allowed_look([&] { return directory.exists(context.call()); });
  if (!found) {
    found = allowed_look([&] {
      auto entries = directory.list({.page_size = 1}, context.call());
      static_cast<void>(entries.next_page());
      return true;
    });
  }
  return found.value_or(false);
}

FetchPage list_directory(const Arguments& arguments, const Context& context, bool directories_only) {
  const RemotePath remote = RemotePath::parse(arguments.get("place"));
  const files::ShareClient share = open_share(remote, arguments, context);
  FetchPage fetch = fetch_pages(directory_at(share, remote.path).list({}, context.call()),
                                [directories_only](const files::DirectoryEntry& entry) {
                                  return directories_only && !entry.is_directory ? std::nullopt
                                                                                 : std::optional(entry_document(entry));
                                });
  return [fetch = std::move(fetch), share, remote, &context] {
    return explaining_refusal({share, remote, RemoteKind::Directory, "'batchai files show' shows it"}, context, fetch);
  };
}

OptionSpec place_option(std::string_view summary) {
  return {.name = "place", .summary = summary, .value_name = "SHARE[/PATH]", .required = true, .positional = true};
}

}  // namespace batchai::cli
