#pragma once

#include "server/files/disk/attributes.hpp"
#include "server/files/disk/tree.hpp"

namespace batchai::server::files {

/// Copies all that requests can see below one open directory into another, empty one: content, attributes and moments,
/// so that the copies have the ETags of the originals. Links and the like are left out. What jobs write meanwhile may
/// be in the copy or not, and what lies deeper than `levels` is not. Throws StorageError.
void copy_tree(int from, int to, const AttributeStore& store, int levels = kDeepestPath);

}  // namespace batchai::server::files
