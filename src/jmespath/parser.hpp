#pragma once

#include "jmespath/ast.hpp"

#include <string_view>

namespace batchai::jmespath {

/// How deep an expression may be nested, and how many operators may follow one another; each takes a piece of the
/// stack.
inline constexpr std::size_t kDeepestExpression = 300;

/// The tree of an expression. Throws as parse() in expression.hpp.
NodePtr parse_tree(std::string_view text);

}  // namespace batchai::jmespath
