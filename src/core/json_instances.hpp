#pragma once

#include <nlohmann/json.hpp>

// What every file that reads or writes JSON would instantiate for itself is instantiated in json_instances.cpp alone.
// Precompiled for all modules and tests (cmake/Precompiled.cmake). The parser and the serializer are details of
// nlohmann_json: with another version than the one whose names are used here, the compiler makes its own instances.

#if NLOHMANN_JSON_VERSION_MAJOR == 3 && NLOHMANN_JSON_VERSION_MINOR == 11
// NOLINTBEGIN(bugprone-macro-parentheses): `extern` is no expression.
#define BATCHAI_JSON_INSTANCES(linkage)                                                     \
  linkage template class nlohmann::basic_json<>;                                            \
  NLOHMANN_JSON_NAMESPACE_BEGIN                                                             \
  namespace detail {                                                                        \
  linkage template class serializer<json>;                                                  \
  linkage template class json_sax_dom_parser<json>;                                         \
  linkage template class json_sax_dom_callback_parser<json>;                                \
  linkage template class lexer<json, iterator_input_adapter<std::string::const_iterator>>;  \
  linkage template class parser<json, iterator_input_adapter<std::string::const_iterator>>; \
  linkage template class lexer<json, iterator_input_adapter<const char*>>;                  \
  linkage template class parser<json, iterator_input_adapter<const char*>>;                 \
  }                                                                                         \
  NLOHMANN_JSON_NAMESPACE_END
// NOLINTEND(bugprone-macro-parentheses)
#else
#define BATCHAI_JSON_INSTANCES(linkage)
#endif

BATCHAI_JSON_INSTANCES(extern)
