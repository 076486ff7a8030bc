#pragma once

#include "server/monitoring/sequencer.hpp"
#include "server/records/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// What is watched of a document.
struct ObservedState {
  /// shown_state.
  std::string state;
  /// Of a job.
  std::optional<std::int64_t> exit_code = {};
  std::string error_code = {};
  std::string run_id = {};
  /// Of a cluster, by id.
  struct NodeState {
    std::string state;
    std::string job;
    std::string address = {};
  };
  std::map<std::string, NodeState> nodes = {};
};

ObservedState observed_state(const Document& document);

/// What a write did to one document: made it (no `before`), changed it, or removed it (no `after`).
struct StoreChange {
  std::string key;
  std::string kind;
  /// But for a cluster, only the `state` of it.
  std::optional<ObservedState> before = {};
  std::optional<ObservedState> after = {};
};

struct StoreObserver {
  /// After a write has become durable: one by one in the order of the writes, on a thread that has written. The caller
  /// of a write may be answered a little before.
  std::function<void(const std::vector<StoreChange>&, std::chrono::steady_clock::duration)> written;
  /// A read or write failed because of the store itself.
  std::function<void(const std::exception&)> failed;
};

/// Passes everything on to another store, and notifies an observer. Thread-safe.
class ObservedStore final : public Store {
 public:
  /// `inner` outlives it.
  ObservedStore(Store& inner, StoreObserver observer);

  void write(const std::function<void(Transaction&)>& work) override;
  void read(const std::function<void(Transaction&)>& work) override;

 private:
  struct Written {
    std::vector<StoreChange> changes;
    std::chrono::steady_clock::duration time = {};
  };

  /// Nothing for a write that has not happened.
  using Order = Sequencer<std::optional<Written>>;

  void give_up(const std::optional<Order::Place>& place);

  Store& inner_;
  StoreObserver observer_;
  Order order_;
};

}  // namespace batchai::server
