#include "server/records/hosted_accounts.hpp"

#include "batchai/core/http.hpp"
#include "server/records/record.hpp"

namespace batchai::server {

namespace {

HostedAccount hosted(const Document& account, const std::filesystem::path& data_folder) {
  HostedAccount result;
  for (const char* key : {"key1", "key2"}) {
    const std::string value = text_at(account.hidden, key);
    if (!value.empty()) {
      result.keys.emplace_back(value);
    }
  }
  const auto name = to_lower(text_at(account.body, "name"));
  result.shares = data_folder / "files" / name;
  result.containers = data_folder / "blobs" / name;
  return result;
}

}  // namespace

AccountResolver hosted_accounts(Store& store, const std::filesystem::path& data_folder) {
  return [&store, data_folder](std::string_view name) {
    std::optional<HostedAccount> found;
    store.read([&](Transaction& transaction) {
      for (const auto& account : transaction.list("storageAccount")) {
        if (to_lower(text_at(account.body, "name")) == to_lower(name)) {
          found = hosted(account, data_folder);
        }
      }
    });
    return found;
  };
}

}  // namespace batchai::server
