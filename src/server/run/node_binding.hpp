#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// Where an engine chooses the machines of a run only when it begins, its plan has names in place of those of machines:
/// one that stands for the address of a node and one for the machine's name, both below a domain that never exists.
/// `number` is a different one for every node of the service.
std::string address_to_come(std::int64_t number);
/// The name that goes with an address of address_to_come().
std::string host_to_come(std::string_view address);

/// A machine that a node of a run has become.
struct BoundNode {
  /// As the engine calls it.
  std::string host;
  /// Where other nodes reach it.
  std::string address;
};

/// The JSON text of a plan with the machines of its nodes, in their order, in all places. Throws std::exception if
/// there are fewer machines than nodes or the text is no plan.
std::string bind_nodes(std::string plan, const std::vector<BoundNode>& machines);

}  // namespace batchai::server
