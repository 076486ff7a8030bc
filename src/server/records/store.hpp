#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::server {

/// One stored thing: a resource, an operation record, an account.
struct Document {
  /// Identity: the lower-cased ARM id for resources, `<kind>/<name>` for the rest.
  std::string key;
  /// `resourceGroup`, `workspace`, `cluster`, `experiment`, `job`, `fileServer`, `operation`, `storageAccount`, …
  std::string kind;
  /// Key of what it lies in; empty at the top.
  std::string parent;
  /// What the service shows.
  nlohmann::json body = nlohmann::json::object();
  /// What the service must remember and never shows: secrets, scheduling marks.
  nlohmann::json hidden = nlohmann::json::object();
  /// Set by the store: order of creation, never used again.
  std::int64_t sequence = 0;
  /// Set by the store at every write, strictly increasing; feeds ETag and Last-Modified.
  Timestamp changed = {};
};

/// A stored thing as it is sent: the text of its body, which nothing has parsed.
struct DocumentText {
  std::string key;
  std::string body;
  std::int64_t sequence = 0;
  Timestamp changed = {};
  /// Whether it says more than is stored, which may change although `changed` does not.
  bool momentary = false;
};

/// What a stored thing is and in which `shown_state`.
struct DocumentState {
  std::string kind;
  std::string state;
};

/// Which jobs a list has.
struct JobSelection {
  /// Keys of the workspaces that they lie in, each once; empty: in any.
  std::vector<std::string> workspaces = {};
  /// Key of the cluster that they were made for; empty: of any.
  std::string cluster = {};
  /// In one of these states (`shown_state`), each named once; empty: in any.
  std::vector<std::string> states = {};
  /// Only those created before the one with that sequence; nothing: from the newest on.
  std::optional<std::int64_t> before = {};
  /// Only those written then or later. Reads all others, too.
  std::optional<Timestamp> changed_since = {};
};

class ActiveJobs;

/// A view on the store in which reads and writes belong together. Valid inside the callback that got it only.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual std::optional<Document> get(std::string_view key) = 0;
  /// By its sequence.
  virtual std::optional<Document> get(std::int64_t sequence) = 0;
  /// What a client is shown of it, with the members of resources in the order of the API's description.
  virtual std::optional<DocumentText> text(std::string_view key) = 0;
  /// Reads nothing else of the document; nothing if there is none.
  virtual std::optional<DocumentState> state(std::string_view key) = 0;
  /// Inserts, or replaces keeping the sequence. Returns the document as stored.
  virtual Document put(Document document) = 0;
  /// Whether there was one.
  virtual bool erase(std::string_view key) = 0;
  /// Documents of a kind in order of creation, those of one parent if `parent` is given, after `after_sequence`,
  /// at most `limit` (0: all).
  virtual std::vector<Document> list(std::string_view kind, std::optional<std::string_view> parent = {},
                                     std::int64_t after_sequence = 0, std::size_t limit = 0) = 0;
  /// The same, as `text` gives them.
  virtual std::vector<DocumentText> list_texts(std::string_view kind, std::optional<std::string_view> parent = {},
                                               std::int64_t after_sequence = 0, std::size_t limit = 0) = 0;
  /// Jobs, the newest first, at most `limit`.
  virtual std::vector<DocumentText> list_jobs(const JobSelection& selection, std::size_t limit) = 0;
  /// How many documents of a kind there are.
  virtual std::int64_t count(std::string_view kind) = 0;
  /// How many there are of a kind in each `shown_state`.
  virtual std::map<std::string, std::int64_t> count_by_state(std::string_view kind) = 0;
  /// How many jobs of a cluster have not ended.
  virtual std::int64_t count_active_jobs(std::string_view cluster) = 0;
  /// The jobs that have not ended, what this transaction has changed included. Throws std::logic_error where the
  /// transaction only reads: what it sees may be older.
  virtual ActiveJobs& active_jobs() = 0;
};

/// Keeps documents. What `write` did is durable when it returns; if its callback throws, nothing of it happened. Its
/// callback may run on the thread of another caller: it must not wait for what a caller of `write` holds. Thread-safe:
/// writes take turns, reads see a consistent state.
class Store {
 public:
  virtual ~Store() = default;
  virtual void write(const std::function<void(Transaction&)>& work) = 0;
  virtual void read(const std::function<void(Transaction&)>& work) = 0;
};

}  // namespace batchai::server
