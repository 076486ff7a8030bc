#pragma once

#include "batchai/models/cluster.hpp"
#include "server/service/record.hpp"
#include "server/service/scheduler.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// A stored cluster with its nodes taken out of `hidden`. Hidden members: `parameters` (create parameters with
/// secrets), `uuid`, `nodes`, `nextOrdinal`, `createOperation`, `deleteOperations`.
class ClusterRecord {
 public:
  explicit ClusterRecord(Document stored);

  const Document& document() const noexcept { return document_; }
  Document& document() noexcept { return document_; }
  const std::string& key() const noexcept { return document_.key; }
  std::string uuid() const { return text_at(document_.hidden, "uuid"); }
  ScaleSettings scale() const;
  bool deleting() const { return is_deleting(document_); }

  /// Appends `count` preparing nodes; `next_address` is a counter shared by all clusters.
  void add_nodes(int count, std::int64_t& next_address, Timestamp now);
  void remove_node(const std::string& id);
  Node& node(const std::string& id);
  std::vector<Node> nodes;

  /// Frees the nodes of a job: leaving ones go, the others turn idle.
  void free_nodes_of(const std::string& job, Timestamp now);

  bool has_leaving_nodes() const;

  /// Brings the shown counts up to the nodes, and writes the document if anything has changed.
  void save(Transaction& transaction);

 private:
  std::string new_node_id(Timestamp now);

  Document before_;
  Document document_;
};

/// Members `currentNodeCount` and `nodeStateCounts` of `shown` for these nodes.
void write_node_counts(nlohmann::json& shown, const std::vector<Node>& nodes);

}  // namespace batchai::server
