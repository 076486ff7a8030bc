#pragma once

#include "jmespath/token.hpp"

#include <string_view>
#include <vector>

namespace batchai::jmespath {

/// The tokens of an expression; the last one is End. Throws SyntaxError.
std::vector<Token> tokenize(std::string_view text);

}  // namespace batchai::jmespath
