#pragma once

#include "server/records/active_jobs.hpp"
#include "server/records/store.hpp"
#include "server/records/wire_text.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace batchai::server::test {

/// A Store that lives as long as its object, with the promises of the real one except durability.
class MemoryStore final : public Store {
 public:
  using Now = std::function<Timestamp()>;

  /// `now` feeds Document::changed.
  explicit MemoryStore(Now now = [] { return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()); })
      : now_(std::move(now)) {}

  void write(const std::function<void(Transaction&)>& work) override {
    const std::lock_guard lock(mutex_);
    View view(*this, true);
    try {
      work(view);
    } catch (...) {
      view.undo();
      throw;
    }
    state_.active_jobs.keep();
  }

  void read(const std::function<void(Transaction&)>& work) override {
    const std::lock_guard lock(mutex_);
    View view(*this, false);
    work(view);
  }

  /// Makes the active jobs anew from the documents, as a store does that is opened.
  void reread_active_jobs() {
    const std::lock_guard lock(mutex_);
    state_.active_jobs = ActiveJobs();
    for (const auto& [key, document] : state_.documents) {
      if (document.kind == "job") {
        if (auto job = active_job(document)) {
          state_.active_jobs.load(std::move(*job));
        }
      }
    }
  }

 private:
  struct State {
    std::map<std::string, Document, std::less<>> documents;
    ActiveJobs active_jobs;
    std::int64_t last_sequence = 0;
    Timestamp last_change{};
  };

  class View final : public Transaction {
   public:
    View(MemoryStore& store, bool writable)
        : store_(store),
          state_(store.state_),
          writable_(writable),
          last_sequence_(state_.last_sequence),
          last_change_(state_.last_change) {}

    /// Puts everything back to what it was.
    void undo() {
      for (auto& [key, document] : before_) {
        if (document) {
          state_.documents[key] = std::move(*document);
        } else {
          state_.documents.erase(key);
        }
      }
      state_.active_jobs.undo_to(0);
      state_.last_sequence = last_sequence_;
      state_.last_change = last_change_;
    }

    std::optional<Document> get(std::string_view key) override {
      const auto found = state_.documents.find(key);
      return found == state_.documents.end() ? std::nullopt : std::optional(found->second);
    }

    std::optional<Document> get(std::int64_t sequence) override {
      for (const auto& [key, document] : state_.documents) {
        if (document.sequence == sequence) {
          return document;
        }
      }
      return std::nullopt;
    }

    std::optional<DocumentText> text(std::string_view key) override {
      const auto document = get(key);
      return document ? std::optional(text_of(*document)) : std::nullopt;
    }

    std::optional<DocumentState> state(std::string_view key) override {
      const auto document = get(key);
      return document ? std::optional(DocumentState{document->kind, shown_state(*document)}) : std::nullopt;
    }

    Document put(Document document) override {
      require_writable();
      remember(document.key);
      const auto found = state_.documents.find(document.key);
      document.sequence = found == state_.documents.end() ? ++state_.last_sequence : found->second.sequence;
      document.changed = state_.last_change = std::max(store_.now_(), state_.last_change + Ticks(1));
      take(document);
      return state_.documents[document.key] = document;
    }

    bool erase(std::string_view key) override {
      require_writable();
      const auto found = state_.documents.find(key);
      if (found == state_.documents.end()) {
        return false;
      }
      remember(found->first);
      if (found->second.kind == "job") {
        state_.active_jobs.erase(found->second);
      }
      state_.documents.erase(found);
      return true;
    }

    std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent,
                               std::int64_t after_sequence, std::size_t limit) override {
      std::vector<Document> result;
      for (const auto& [key, document] : state_.documents) {
        if (document.kind == kind && (!parent || document.parent == *parent) && document.sequence > after_sequence) {
          result.push_back(document);
        }
      }
      std::sort(result.begin(), result.end(),
                [](const Document& a, const Document& b) { return a.sequence < b.sequence; });
      if (limit != 0 && result.size() > limit) {
        result.resize(limit);
      }
      return result;
    }

    std::int64_t count(std::string_view kind) override {
      return std::count_if(state_.documents.begin(), state_.documents.end(),
                           [kind](const auto& entry) { return entry.second.kind == kind; });
    }

    std::vector<DocumentText> list_texts(std::string_view kind, std::optional<std::string_view> parent,
                                         std::int64_t after_sequence, std::size_t limit) override {
      std::vector<DocumentText> result;
      for (const auto& document : list(kind, parent, after_sequence, limit)) {
        result.push_back(text_of(document));
      }
      return result;
    }

    std::vector<DocumentText> list_jobs(const JobSelection& selection, std::size_t limit) override {
      std::vector<DocumentText> result;
      auto jobs = list("job", {}, 0, 0);
      for (auto job = jobs.rbegin(); job != jobs.rend() && result.size() < limit; ++job) {
        const auto& [workspaces, cluster, states, before, since] = selection;
        const std::string workspace = job->parent.substr(0, job->parent.find("/experiments/"));
        if ((!before || job->sequence < *before) && (!since || job->changed >= *since) &&
            (workspaces.empty() || std::find(workspaces.begin(), workspaces.end(), workspace) != workspaces.end()) &&
            (cluster.empty() || text_at(job->hidden, "cluster") == cluster) &&
            (states.empty() || std::find(states.begin(), states.end(), shown_state(*job)) != states.end())) {
          result.push_back(text_of(*job));
        }
      }
      return result;
    }

    std::map<std::string, std::int64_t> count_by_state(std::string_view kind) override {
      std::map<std::string, std::int64_t> counts;
      for (const auto& document : list(kind, {}, 0, 0)) {
        ++counts[shown_state(document)];
      }
      return counts;
    }

    std::int64_t count_active_jobs(std::string_view cluster) override {
      return static_cast<std::int64_t>(state_.active_jobs.count(cluster));
    }

    ActiveJobs& active_jobs() override {
      require_writable();
      return state_.active_jobs;
    }

   private:
    static DocumentText text_of(const Document& document) {
      return {document.key, wire_text(document), document.sequence, document.changed};
    }

    /// Keeps the active jobs up to date.
    void take(const Document& document) {
      if (document.kind == "cluster") {
        state_.active_jobs.mark_changed(document.key);
      } else if (document.kind == "job") {
        if (auto job = active_job(document)) {
          state_.active_jobs.put(std::move(*job));
        } else {
          state_.active_jobs.erase(document);
        }
      }
    }

    void remember(const std::string& key) {
      if (!before_.contains(key)) {
        before_.emplace(key, get(key));
      }
    }

    void require_writable() const {
      if (!writable_) {
        throw std::logic_error("a write inside Store::read");
      }
    }

    MemoryStore& store_;
    State& state_;
    bool writable_;
    /// What was there before the first change; nothing for what was not.
    std::map<std::string, std::optional<Document>> before_;
    std::int64_t last_sequence_;
    Timestamp last_change_;
  };

  Now now_;
  std::mutex mutex_;
  State state_;
};

}  // namespace batchai::server::test
