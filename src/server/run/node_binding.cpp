#include "server/run/node_binding.hpp"

#include "server/run/plan_json.hpp"

#include <stdexcept>

namespace batchai::server {

namespace {

constexpr std::string_view kAddressBegin = "node-";
constexpr std::string_view kHostBegin = "host-of-";
constexpr std::string_view kDomain = ".batchai.invalid";

void replace_everywhere(std::string& text, std::string_view old, std::string_view replacement) {
  std::string result;
  std::size_t begin = 0;
  for (auto found = text.find(old); found != std::string::npos; found = text.find(old, begin)) {
    result.append(text, begin, found - begin).append(replacement);
    begin = found + old.size();
  }
  text = result.append(text, begin);
}

}  // namespace

std::string address_to_come(std::int64_t number) {
  return std::string(kAddressBegin) + std::to_string(number) + std::string(kDomain);
}

std::string host_to_come(std::string_view address) { return std::string(kHostBegin).append(address); }

std::string bind_nodes(std::string plan, const std::vector<BoundNode>& machines) {
  const auto nodes = plan_from_json(plan).nodes;
  if (machines.size() < nodes.size()) {
    throw std::runtime_error("the run needs " + std::to_string(nodes.size()) + " machines and was given " +
                             std::to_string(machines.size()));
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    // The longer text first: it contains the other one.
    replace_everywhere(plan, host_to_come(nodes[i].address), machines[i].host);
    if (nodes[i].address.ends_with(kDomain)) {
      replace_everywhere(plan, nodes[i].address, machines[i].address);
    }
  }
  return plan;
}

}  // namespace batchai::server
