#pragma once

#include "batchai/models/cluster.hpp"
#include "server/records/node.hpp"
#include "server/records/record.hpp"
#include "server/run/node_provider.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// A stored cluster with its nodes taken out of `hidden`. Hidden members: `parameters` (create parameters with
/// secrets), `uuid`, `nodes`, `nextOrdinal`, `quotaError`, `supply`, `createOperation`, `deleteOperations`.
class ClusterRecord {
 public:
  explicit ClusterRecord(Document stored);

  const Document& document() const noexcept { return document_; }
  Document& document() noexcept { return document_; }
  const std::string& key() const noexcept { return document_.key; }
  std::string uuid() const { return text_at(document_.hidden, "uuid"); }
  std::string vm_size() const { return text_at(properties(document_), "vmSize"); }
  bool is_low_priority() const;
  ScaleSettings scale() const;
  bool deleting() const { return is_deleting(document_); }
  bool has_setup_task() const;
  /// Where the logs of that task go, below its prefix; empty if there is none.
  std::string setup_suffix() const;

  /// Appends a preparing node.
  Node& add_node(std::string address, Timestamp now);
  /// At once, or as soon as nothing runs on it any more.
  void remove_node(const std::string& id);
  Node& node(const std::string& id);
  /// Null if there is none.
  Node* find_node(const std::string& id);
  std::vector<Node> nodes;

  /// Frees the nodes of a job: leaving ones are removed, the others become idle.
  void free_nodes_of(const std::string& job, Timestamp now);
  /// The nodes of a job were lost with it.
  void lose_nodes_of(const std::string& job);

  bool has_leaving_nodes() const;

  /// Why there are fewer nodes than there should be; shown among the cluster's errors.
  void set_quota_error(const std::optional<BatchAiError>& error);

  /// What is known of the machines that its nodes are to be, and which of its nodes wait for theirs: shown with the
  /// next save().
  void set_supply(const std::optional<NodeSupply>& supply);

  /// Updates the shown counts and errors from the nodes, notes removed nodes for RetiredNode, and writes the document
  /// if anything has changed.
  void save(Transaction& transaction);

 private:
  std::string new_node_id(Timestamp now);
  void write_errors();
  void write_counts();

  Document before_;
  Document document_;
  std::vector<std::string> retired_;
};

/// Members `currentNodeCount` and `nodeStateCounts` of `shown` for these nodes.
void write_node_counts(nlohmann::json& shown, const std::vector<Node>& nodes);

/// A node that is gone, and whose folder has to be removed too. Kind `retiredNode`, parent the cluster, which waits for
/// it.
struct RetiredNode {
  std::string key;
  std::string cluster_uuid;
  std::string node;
};
std::vector<RetiredNode> retired_nodes(Transaction& transaction);

/// Has the folders of machines (NodeProvider::machine_folder) removed as if they were a node's; for a cluster that is
/// being erased, also one that has none.
void retire_machines(Transaction& transaction, const Document& cluster);

}  // namespace batchai::server
