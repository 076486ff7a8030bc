#include "server/monitoring/observed_store.hpp"

#include "server/records/store_error.hpp"

#include <map>

namespace batchai::server {
namespace {

class ObservedTransaction final : public Transaction {
 public:
  explicit ObservedTransaction(Transaction& inner) : inner_(inner) {}

  std::optional<Document> get(std::string_view key) override { return inner_.get(key); }

  Document put(Document document) override {
    StoreChange& change = change_of(document.key);
    change.after = inner_.put(std::move(document));
    return *change.after;
  }

  bool erase(std::string_view key) override {
    StoreChange& change = change_of(std::string(key));
    change.after.reset();
    return inner_.erase(key);
  }

  std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent, std::int64_t after_sequence,
                             std::size_t limit) override {
    return inner_.list(kind, parent, after_sequence, limit);
  }

  std::int64_t count(std::string_view kind) override { return inner_.count(kind); }

  std::vector<StoreChange> changes() {
    std::vector<StoreChange> result;
    for (auto& [key, change] : changes_) {
      if (change.before || change.after) {
        result.push_back(std::move(change));
      }
    }
    return result;
  }

 private:
  StoreChange& change_of(const std::string& key) {
    const auto found = changes_.find(key);
    return found == changes_.end() ? changes_.emplace(key, StoreChange{.before = inner_.get(key)}).first->second
                                   : found->second;
  }

  Transaction& inner_;
  std::map<std::string, StoreChange> changes_;
};

}  // namespace

void ObservedStore::write(const std::function<void(Transaction&)>& work) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<StoreChange> changes;
  try {
    inner_.write([&](Transaction& transaction) {
      ObservedTransaction observed(transaction);
      work(observed);
      changes = observed.changes();
    });
  } catch (const StoreError& error) {
    observer_.failed(error);
    throw;
  }
  observer_.written(changes, std::chrono::steady_clock::now() - begin);
}

void ObservedStore::read(const std::function<void(Transaction&)>& work) {
  try {
    inner_.read(work);
  } catch (const StoreError& error) {
    observer_.failed(error);
    throw;
  }
}

}  // namespace batchai::server
