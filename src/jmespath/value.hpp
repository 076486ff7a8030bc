#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

namespace batchai::jmespath {

using Json = nlohmann::ordered_json;

/// A JSON value that is a part of the document, or was made on the way: shared, so that nothing is copied before it
/// becomes a part of something new. Never a null pointer.
using Value = std::shared_ptr<const Json>;

/// The JSON null.
const Value& null_value();
Value make_value(Json json);
/// `part` is inside `whole`, which stays alive with it.
inline Value part_of(const Value& whole, const Json& part) { return {whole, &part}; }

/// The name of a value's type in the language: `number`, `string`, `boolean`, `array`, `object`, `null`.
const char* type_name(const Json& value);

/// Equal in type and content. The order of an object's members does not count, nor does 1 differ from 1.0.
bool are_equal(const Json& a, const Json& b);

/// Less, for two numbers of any kind or for two strings by code points.
bool is_less(const Json& a, const Json& b);

/// How deep documents and literals may be nested; each level takes a piece of the stack.
inline constexpr std::size_t kDeepestDocument = 500;
bool is_nested_too_deeply(const Json& value, std::size_t deepest = kDeepestDocument);

}  // namespace batchai::jmespath
