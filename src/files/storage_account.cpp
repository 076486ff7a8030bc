#include "batchai/files/storage_account.hpp"

#include "batchai/core/cloud.hpp"
#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "core/environment.hpp"
#include "core/joined.hpp"
#include "files/connection.hpp"
#include "files/endpoints.hpp"
#include "naming/file_names.hpp"

#include <algorithm>
#include <map>

namespace batchai::inline v1::files {
namespace {

constexpr const char* kDefaultSuffix = "core.windows.net";

/// `Name=value;Name=value`; values may hold `=`.
std::map<std::string, std::string> split_settings(const std::string& text) {
  std::map<std::string, std::string> settings;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.empty()) {
      continue;
    }
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      throw InvalidArgument("the storage connection string is broken: its parts have the form Name=value");
    }
    settings[to_lower(part.substr(0, equals))] = part.substr(equals + 1);
  }
  return settings;
}

/// The account that an endpoint belongs to: the first label of the host, or the first part of the path.
std::string account_in(const Url& endpoint) {
  if (!is_path_style_host(endpoint.host())) {
    const std::string& host = endpoint.host();
    return host.substr(0, host.find('.'));
  }
  const std::string& path = endpoint.path();
  return path.size() < 2 ? "" : path.substr(1, path.find('/', 1) - 1);
}

}  // namespace

bool is_path_style_host(std::string_view host) {
  const bool ipv4 = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return ipv4 || host.find(':') != std::string_view::npos || host == "localhost";
}

StorageAccount StorageAccount::from_connection_string(const Secret& text) {
  auto settings = split_settings(text.reveal());
  StorageAccount account{.name = settings["accountname"],
                         .key = Secret(settings["accountkey"]),
                         .sas = Secret(settings["sharedaccesssignature"])};
  if (!settings["fileendpoint"].empty()) {
    account.endpoint = Url::parse(settings["fileendpoint"]);
    account.name = account.name.empty() ? account_in(account.endpoint) : account.name;
  }
  if (account.name.empty()) {
    throw InvalidArgument("the storage connection string has neither AccountName nor a FileEndpoint that shows it");
  }
  if (account.key.empty() && account.sas.empty()) {
    throw InvalidArgument("the storage connection string has neither AccountKey nor SharedAccessSignature");
  }
  if (!settings["fileendpoint"].empty()) {
    return account;
  }
  const std::string& suffix = settings["endpointsuffix"];
  const std::string& scheme = settings["defaultendpointsprotocol"];
  account.endpoint = Url::parse((scheme.empty() ? "https" : scheme) + "://" + account.name + ".file." +
                                (suffix.empty() ? kDefaultSuffix : suffix));
  return account;
}

StorageAccount StorageAccount::from_environment() {
  const Secret connection_string(environment_variable("AZURE_STORAGE_CONNECTION_STRING"));
  if (!connection_string.empty()) {
    return from_connection_string(connection_string);
  }
  StorageAccount account{.name = required_variable("AZURE_STORAGE_ACCOUNT"),
                         .key = Secret(environment_variable("AZURE_STORAGE_KEY")),
                         .sas = Secret(environment_variable("AZURE_STORAGE_SAS_TOKEN"))};
  if (account.key.empty() && account.sas.empty()) {
    required_variable("AZURE_STORAGE_KEY");
  }
  const std::string endpoint = environment_variable("BATCHAI_FILES_ENDPOINT");
  const std::string cloud = environment_variable("BATCHAI_CLOUD");
  account.endpoint =
      endpoint.empty()
          ? cloud_files_endpoint(account.name, find_cloud(cloud.empty() ? "AzureCloud" : cloud).storage_suffix)
          : custom_files_endpoint(account.name, endpoint);
  return account;
}

SignedUrl SignedUrl::parse(const Url& url) {
  const auto refuse = [&](const char* reason) {
    throw InvalidArgument("'" + url.origin() + url.path() + "' " + reason);
  };
  const auto parameters = url.query_parameters();
  if (std::none_of(parameters.begin(), parameters.end(), [](const auto& pair) { return iequals(pair.first, "sig"); })) {
    refuse("has no signature (SAS): a query with sig=...");
  }
  const auto decoded = percent_decode(url.path());
  std::vector<std::string> parts = naming::split_path(decoded.value_or(""));
  const bool path_style = is_path_style_host(url.host());
  if (parts.size() < (path_style ? 2U : 1U)) {
    refuse("names no share of a storage account");
  }
  const auto take_first = [&] {
    std::string part = std::move(parts.front());
    parts.erase(parts.begin());
    return part;
  };
  SignedUrl signed_url{.account = {.name = path_style ? take_first() : url.host().substr(0, url.host().find('.')),
                                   .sas = Secret(url.query()),
                                   .endpoint = Url::parse(url.origin())}};
  if (path_style) {
    signed_url.account.endpoint.append_segment(signed_url.account.name);
  }
  signed_url.share = take_first();
  signed_url.path = joined(parts, "/");
  return signed_url;
}

Url cloud_files_endpoint(std::string_view account, std::string_view storage_suffix) {
  return Url::parse("https://" + std::string(account) + ".file." + std::string(storage_suffix));
}

Url custom_files_endpoint(std::string_view account, std::string_view base) {
  Url url = Url::parse(base);
  const std::string name(account);
  if (is_path_style_host(url.host())) {
    return url.path() == "/" + name || url.path() == "/" + name + "/" ? url : url.append_segment(name);
  }
  if (url.host().starts_with(name + ".")) {
    return url;
  }
  return Url::parse(url.scheme() + "://" + name + "." + url.authority() + url.target());
}

}  // namespace batchai::inline v1::files
