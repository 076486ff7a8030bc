#include "server/monitoring/observed_store.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/record.hpp"
#include "server/records/store_error.hpp"

#include <map>

namespace batchai::server {
namespace {

using nlohmann::json;

void read_execution(const json& execution, ObservedState& result) {
  if (execution.value("exitCode", json()).is_number_integer()) {
    result.exit_code = execution.at("exitCode").get<std::int64_t>();
  }
  const auto errors = execution.find("errors");
  if (errors != execution.end() && errors->is_array() && !errors->empty() && errors->front().is_object()) {
    result.error_code = text_at(errors->front(), "code");
  }
}

class ObservedTransaction final : public Transaction {
 public:
  explicit ObservedTransaction(Transaction& inner) : inner_(inner) {}

  std::optional<Document> get(std::string_view key) override { return inner_.get(key); }
  std::optional<Document> get(std::int64_t sequence) override { return inner_.get(sequence); }
  std::optional<DocumentText> text(std::string_view key) override { return inner_.text(key); }
  std::optional<DocumentState> state(std::string_view key) override { return inner_.state(key); }

  Document put(Document document) override {
    StoreChange& change = change_of(document.key, document.kind);
    change.after = observed_state(document);
    return inner_.put(std::move(document));
  }

  bool erase(std::string_view key) override {
    const std::string name(key);
    if (const auto found = changes_.find(name); found != changes_.end()) {
      found->second.after.reset();
    } else if (auto before = inner_.state(key)) {
      change_of(name, before->kind);
    }
    return inner_.erase(key);
  }

  std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent, std::int64_t after_sequence,
                             std::size_t limit) override {
    return inner_.list(kind, parent, after_sequence, limit);
  }
  std::vector<DocumentText> list_texts(std::string_view kind, std::optional<std::string_view> parent,
                                       std::int64_t after_sequence, std::size_t limit) override {
    return inner_.list_texts(kind, parent, after_sequence, limit);
  }
  std::vector<DocumentText> list_jobs(const JobSelection& selection, std::size_t limit) override {
    return inner_.list_jobs(selection, limit);
  }

  std::int64_t count(std::string_view kind) override { return inner_.count(kind); }
  std::map<std::string, std::int64_t> count_by_state(std::string_view kind) override {
    return inner_.count_by_state(kind);
  }
  std::int64_t count_active_jobs(std::string_view cluster) override { return inner_.count_active_jobs(cluster); }
  ActiveJobs& active_jobs() override { return inner_.active_jobs(); }

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
  StoreChange& change_of(const std::string& key, const std::string& kind) {
    const auto found = changes_.find(key);
    if (found != changes_.end()) {
      return found->second;
    }
    StoreChange change{.key = key, .kind = kind};
    if (kind == "cluster") {
      if (const auto document = inner_.get(key)) {
        change.before = observed_state(*document);
      }
    } else if (auto state = inner_.state(key)) {
      change.before = ObservedState{.state = std::move(state->state)};
    }
    return changes_.emplace(key, std::move(change)).first->second;
  }

  Transaction& inner_;
  std::map<std::string, StoreChange> changes_;
};

}  // namespace

ObservedState observed_state(const Document& document) {
  ObservedState result{.state = shown_state(document)};
  if (document.kind == "job") {
    const auto shown = document.body.find("properties");
    const auto execution = shown == document.body.end() ? json() : shown->value("executionInfo", json());
    if (execution.is_object()) {
      read_execution(execution, result);
    }
    result.run_id = text_at(document.hidden, "runId");
  } else if (document.kind == "cluster") {
    if (const auto nodes = document.hidden.find("nodes"); nodes != document.hidden.end()) {
      for (const auto& node : *nodes) {
        result.nodes[text_at(node, "id")] = {text_at(node, "state"), text_at(node, "job"), text_at(node, "address")};
      }
    }
  }
  return result;
}

ObservedStore::ObservedStore(Store& inner, StoreObserver observer)
    : inner_(inner), observer_(std::move(observer)), order_([this](const std::optional<Written>& written) {
        if (written) {
          observer_.written(written->changes, written->time);
        }
      }) {}

void ObservedStore::write(const std::function<void(Transaction&)>& work) {
  const auto begin = std::chrono::steady_clock::now();
  std::optional<Order::Place> place;
  Written written;
  try {
    inner_.write([&](Transaction& transaction) {
      // Writes take turns, but are answered in any order.
      place = order_.take_place();
      ObservedTransaction observed(transaction);
      work(observed);
      written.changes = observed.changes();
    });
  } catch (const StoreError& error) {
    give_up(place);
    observer_.failed(error);
    throw;
  } catch (...) {
    give_up(place);
    throw;
  }
  written.time = std::chrono::steady_clock::now() - begin;
  order_.fill(*place, std::move(written));
}

void ObservedStore::give_up(const std::optional<Order::Place>& place) {
  if (place) {
    order_.fill(*place, std::nullopt);
  }
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
