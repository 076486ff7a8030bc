#pragma once

#include "jmespath/ast.hpp"

namespace batchai::jmespath {

/// What the expression finds in `current`. Throws EvaluationError.
Value evaluate(const Node& node, const Value& current);

}  // namespace batchai::jmespath
