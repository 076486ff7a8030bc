#pragma once

#include "jmespath/value.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace batchai::jmespath {

struct Node;
struct FunctionSpec;
using NodePtr = std::unique_ptr<const Node>;

/// `@`
struct CurrentNode {};

struct Literal {
  Value value;
};

struct Field {
  std::string name;
};

struct Index {
  std::int64_t index = 0;
};

struct Slice {
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> stop;
  std::int64_t step = 1;
};

/// `a.b`, `a[0]`, `a | b`: the right side over what the left side finds.
struct Chain {
  NodePtr left;
  NodePtr right;
};

/// `a[]` without what follows: lists in the list are replaced by their items.
struct Flatten {
  NodePtr list;
};

/// The right side over each item of the list.
struct ListProjection {
  NodePtr list;
  NodePtr right;
};

/// The right side over each member's value.
struct ObjectProjection {
  NodePtr object;
  NodePtr right;
};

/// The right side over each item that the condition takes.
struct FilterProjection {
  NodePtr list;
  NodePtr condition;
  NodePtr right;
};

enum class Comparator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

struct Comparison {
  Comparator comparator;
  NodePtr left;
  NodePtr right;
};

struct Or {
  NodePtr left;
  NodePtr right;
};

struct And {
  NodePtr left;
  NodePtr right;
};

struct Not {
  NodePtr operand;
};

struct MultiSelectList {
  std::vector<NodePtr> items;
};

struct MultiSelectHash {
  std::vector<std::pair<std::string, NodePtr>> members;
};

/// One argument of a call. `&expression` is handed over as it is, for the function to apply.
struct CallArgument {
  NodePtr expression;
  bool is_reference = false;
};

struct Call {
  const FunctionSpec* function;
  /// Of its name in the expression.
  std::size_t position = 0;
  std::vector<CallArgument> arguments;
};

struct Node {
  std::variant<CurrentNode, Literal, Field, Index, Slice, Chain, Flatten, ListProjection, ObjectProjection,
               FilterProjection, Comparison, Or, And, Not, MultiSelectList, MultiSelectHash, Call>
      content;
};

template <class Content>
NodePtr make_node(Content content) {
  return std::make_unique<const Node>(Node{std::move(content)});
}

}  // namespace batchai::jmespath
