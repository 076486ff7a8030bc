#pragma once

#include "core/descriptor.hpp"

#include <cstdint>
#include <string>

namespace batchai::server {

struct NodeListener {
  Descriptor socket;
  std::uint16_t port = 0;
};

/// Listens for the node with this address, at `host`, or at its own address if that is empty. The port is one from
/// 50000 up that is the same each time, and another one for another node, unless somebody else has it. Throws
/// std::system_error.
NodeListener listen_for_node(const std::string& host, const std::string& node_address);

}  // namespace batchai::server
