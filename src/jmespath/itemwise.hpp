#pragma once

#include "jmespath/ast.hpp"

namespace batchai::jmespath {

/// See Expression::works_item_by_item.
bool works_item_by_item(const Node& node);

}  // namespace batchai::jmespath
