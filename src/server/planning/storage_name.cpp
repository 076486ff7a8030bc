#include "server/planning/storage_name.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/core/url.hpp"

#include <vector>

namespace batchai::server {

namespace {

std::vector<std::string> path_segments(const Url& url) {
  std::vector<std::string> segments;
  for (const auto& part : std::filesystem::path(url.path()).relative_path()) {
    if (!part.empty()) {
      segments.push_back(percent_decode(part.string()).value_or(""));
    }
  }
  return segments;
}

/// The account in a host as `account.file.core.windows.net`; empty for a host of another form.
std::string account_of_host(const std::string& host) {
  const auto dot = host.find('.');
  return dot != std::string::npos && host.substr(dot).starts_with(".file.") ? host.substr(0, dot) : std::string();
}

}  // namespace

std::optional<StorageName> read_share_url(const std::string& text) {
  try {
    const auto url = Url::parse(text);
    const auto segments = path_segments(url);
    if (const auto account = to_lower(account_of_host(url.host())); !account.empty()) {
      return segments.size() == 1 ? std::optional(StorageName{StorageKind::Share, account, segments[0]}) : std::nullopt;
    }
    return segments.size() == 2 ? std::optional(StorageName{StorageKind::Share, to_lower(segments[0]), segments[1]})
                                : std::nullopt;
  } catch (const InvalidArgument&) {
    return std::nullopt;
  }
}

StorageName container_name(const AzureBlobFileSystemReference& volume) {
  return {StorageKind::Container, to_lower(volume.account_name), volume.container_name};
}

bool is_storage_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos;
}

std::filesystem::path storage_folder(const HostedAccount& account, const StorageName& name) {
  return (name.kind == StorageKind::Share ? account.shares : account.containers) / name.name;
}

}  // namespace batchai::server
