#include "server/service/hosted_accounts.hpp"

#include "server/service/record.hpp"
#include "server/service/resource_name.hpp"

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
  result.shares = data_folder / "files" / lower_case(text_at(account.body, "name"));
  return result;
}

}  // namespace

AccountResolver hosted_accounts(Store& store, const std::filesystem::path& data_folder) {
  return [&store, data_folder](std::string_view name) {
    std::optional<HostedAccount> found;
    store.read([&](Transaction& transaction) {
      for (const auto& account : transaction.list("storageAccount")) {
        if (lower_case(text_at(account.body, "name")) == lower_case(name)) {
          found = hosted(account, data_folder);
        }
      }
    });
    return found;
  };
}

}  // namespace batchai::server
