#pragma once

#include "server/records/node.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// All states with their names in the API, in the order in which it counts them.
inline constexpr std::array<std::pair<Node::State, std::string_view>, 5> kNodeStates = {
    {{Node::State::Preparing, "preparing"},
     {Node::State::Idle, "idle"},
     {Node::State::Running, "running"},
     {Node::State::Leaving, "leaving"},
     {Node::State::Unusable, "unusable"}}};

/// A node as the store keeps it. Throws std::exception for what write_node did not write.
Node read_node(const nlohmann::json& stored);
nlohmann::json write_node(const Node& node);

}  // namespace batchai::server
