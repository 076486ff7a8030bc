#include "server/records/hosted_accounts.hpp"

#include "batchai/core/http.hpp"
#include "server/records/record.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

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
  result.group = account.parent.substr(account.parent.rfind('/') + 1);
  return result;
}

bool is_named(const Document& account, const std::string& lower_name) {
  return to_lower(text_at(account.body, "name")) == lower_name;
}

/// Where accounts were found: each request to files looks for one. Thread-safe.
class KnownKeys {
 public:
  /// Empty for an unknown one.
  std::string of(const std::string& lower_name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = keys_.find(lower_name);
    return found == keys_.end() ? std::string() : found->second;
  }
  void note(const std::string& lower_name, const std::string& key) {
    const std::scoped_lock lock(mutex_);
    keys_.insert_or_assign(lower_name, key);
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> keys_;
};

std::optional<Document> find_account(Transaction& transaction, const std::string& lower_name, KnownKeys& keys) {
  const std::string key = keys.of(lower_name);
  if (!key.empty()) {
    auto account = transaction.get(key);
    if (account && is_named(*account, lower_name)) {
      return account;
    }
  }
  for (auto& account : transaction.list("storageAccount")) {
    if (is_named(account, lower_name)) {
      keys.note(lower_name, account.key);
      return std::move(account);
    }
  }
  return std::nullopt;
}

}  // namespace

AccountResolver hosted_accounts(Store& store, const std::filesystem::path& data_folder) {
  return [&store, data_folder, keys = std::make_shared<KnownKeys>()](std::string_view name) {
    std::optional<HostedAccount> found;
    store.read([&](Transaction& transaction) {
      if (const auto account = find_account(transaction, to_lower(name), *keys)) {
        found = hosted(*account, data_folder);
      }
    });
    return found;
  };
}

}  // namespace batchai::server
