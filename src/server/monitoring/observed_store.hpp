#pragma once

#include "server/records/store.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace batchai::server {

/// What a write did to one document: made it (no `before`), changed it, or removed it (no `after`).
struct StoreChange {
  std::optional<Document> before = {};
  std::optional<Document> after = {};

  const Document& document() const { return after ? *after : *before; }
};

struct StoreObserver {
  /// After a write has become durable, on the thread that wrote.
  std::function<void(const std::vector<StoreChange>&, std::chrono::steady_clock::duration)> written;
  /// A read or write failed because of the store itself.
  std::function<void(const std::exception&)> failed;
};

/// Passes everything on to another store, and notifies an observer. Thread-safe.
class ObservedStore final : public Store {
 public:
  /// `inner` outlives it.
  ObservedStore(Store& inner, StoreObserver observer) : inner_(inner), observer_(std::move(observer)) {}

  void write(const std::function<void(Transaction&)>& work) override;
  void read(const std::function<void(Transaction&)>& work) override;

 private:
  Store& inner_;
  StoreObserver observer_;
};

}  // namespace batchai::server
