#pragma once

#include "batchai/core/clock.hpp"
#include "server/service/store.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace batchai::server {

/// Store without a disk, for tests of what stands on a store. Keeps the contract of tests/contract/store_contract.hpp.
class MemoryStore final : public Store {
 public:
  /// Without a clock, times start at the epoch and go up by one tick a write.
  explicit MemoryStore(std::shared_ptr<Clock> clock = nullptr) : clock_(std::move(clock)) {}

  void write(const std::function<void(Transaction&)>& work) override {
    const std::scoped_lock guard(mutex_);
    auto before = documents_;
    try {
      View view(*this, true);
      work(view);
    } catch (...) {
      documents_ = std::move(before);
      throw;
    }
  }

  void read(const std::function<void(Transaction&)>& work) override {
    const std::scoped_lock guard(mutex_);
    View view(*this, false);
    work(view);
  }

 private:
  class View final : public Transaction {
   public:
    View(MemoryStore& store, bool writable) : store_(store), writable_(writable) {}

    std::optional<Document> get(std::string_view key) override {
      const auto found = store_.documents_.find(std::string(key));
      return found == store_.documents_.end() ? std::nullopt : std::optional(found->second);
    }

    Document put(Document document) override {
      require_writable();
      const auto old = store_.documents_.find(document.key);
      document.sequence = old == store_.documents_.end() ? ++store_.sequence_ : old->second.sequence;
      store_.changed_ += Ticks(1);
      if (store_.clock_ != nullptr) {
        store_.changed_ = std::max(store_.changed_, store_.clock_->now());
      }
      document.changed = store_.changed_;
      store_.documents_[document.key] = document;
      return document;
    }

    bool erase(std::string_view key) override {
      require_writable();
      return store_.documents_.erase(std::string(key)) > 0;
    }

    std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent,
                               std::int64_t after_sequence, std::size_t limit) override {
      std::vector<Document> found;
      for (const auto& [key, document] : store_.documents_) {
        if (document.kind == kind && (!parent || document.parent == *parent) && document.sequence > after_sequence) {
          found.push_back(document);
        }
      }
      std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
      if (limit != 0 && found.size() > limit) {
        found.resize(limit);
      }
      return found;
    }

   private:
    void require_writable() const {
      if (!writable_) {
        throw std::logic_error("a read of the store may not change it");
      }
    }

    MemoryStore& store_;
    bool writable_;
  };

  std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  std::map<std::string, Document> documents_;
  std::int64_t sequence_ = 0;
  Timestamp changed_{};
};

}  // namespace batchai::server
