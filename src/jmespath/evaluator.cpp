#include "jmespath/evaluator.hpp"

#include "jmespath/expression.hpp"
#include "jmespath/functions.hpp"

#include <algorithm>

namespace batchai::jmespath {
namespace {

/// The right side of a projection over every item; what finds nothing is left out.
class Collector {
 public:
  explicit Collector(const Node& right) : right_(right) {}
  void add(const Value& item) {
    if (const Value found = evaluate(right_, item); !found->is_null()) {
      found_.push_back(*found);
    }
  }
  Value finish() { return make_value(std::move(found_)); }

 private:
  const Node& right_;
  Json found_ = Json::array();
};

bool holds(Comparator comparator, const Json& left, const Json& right) {
  switch (comparator) {
    case Comparator::Less:
      return is_less(left, right);
    case Comparator::LessOrEqual:
      return !is_less(right, left);
    case Comparator::Greater:
      return is_less(right, left);
    default:
      return !is_less(left, right);
  }
}

/// Where a slice that goes forward, or backward, begins or ends in a list of `size` items.
std::int64_t clamped(std::int64_t bound, std::int64_t size, bool forward) {
  if (bound < 0) {
    bound = bound < -size ? -1 : bound + size;
    return forward ? std::max<std::int64_t>(bound, 0) : bound;
  }
  return std::min(bound, forward ? size : size - 1);
}

/// One method for each kind of node.
class Evaluator {
 public:
  explicit Evaluator(const Value& current) : current_(current) {}

  Value operator()(const CurrentNode&) const { return current_; }
  Value operator()(const Literal& literal) const { return literal.value; }

  Value operator()(const Field& field) const {
    if (!current_->is_object()) {
      return null_value();
    }
    const auto found = current_->find(field.name);
    return found == current_->end() ? null_value() : part_of(current_, *found);
  }

  Value operator()(const Index& index) const {
    const auto size = static_cast<std::int64_t>(current_->size());
    const std::int64_t place = index.index < 0 ? index.index + size : index.index;
    if (!current_->is_array() || place < 0 || place >= size) {
      return null_value();
    }
    return part_of(current_, (*current_)[static_cast<std::size_t>(place)]);
  }

  Value operator()(const Slice& slice) const {
    if (!current_->is_array()) {
      return null_value();
    }
    const auto size = static_cast<std::int64_t>(current_->size());
    const bool forward = slice.step > 0;
    const std::int64_t begin = slice.start ? clamped(*slice.start, size, forward) : (forward ? 0 : size - 1);
    const std::int64_t end = slice.stop ? clamped(*slice.stop, size, forward) : (forward ? size : -1);
    Json items = Json::array();
    // The distance is compared, not the position, so that no step can overflow.
    for (std::int64_t i = begin; forward ? i < end : i > end; i += slice.step) {
      items.push_back((*current_)[static_cast<std::size_t>(i)]);
      if (forward ? end - i <= slice.step : end - i >= slice.step) {
        break;
      }
    }
    return make_value(std::move(items));
  }

  Value operator()(const Chain& chain) const { return evaluate(*chain.right, evaluate(*chain.left, current_)); }

  Value operator()(const Flatten& flatten) const {
    const Value list = evaluate(*flatten.list, current_);
    if (!list->is_array()) {
      return null_value();
    }
    Json items = Json::array();
    for (const Json& item : *list) {
      if (item.is_array()) {
        items.insert(items.end(), item.begin(), item.end());
      } else {
        items.push_back(item);
      }
    }
    return make_value(std::move(items));
  }

  Value operator()(const ListProjection& projection) const {
    const Value list = evaluate(*projection.list, current_);
    if (!list->is_array()) {
      return null_value();
    }
    Collector collector(*projection.right);
    for (const Json& item : *list) {
      collector.add(part_of(list, item));
    }
    return collector.finish();
  }

  Value operator()(const ObjectProjection& projection) const {
    const Value object = evaluate(*projection.object, current_);
    if (!object->is_object()) {
      return null_value();
    }
    Collector collector(*projection.right);
    for (const Json& member : *object) {
      collector.add(part_of(object, member));
    }
    return collector.finish();
  }

  Value operator()(const FilterProjection& projection) const {
    const Value list = evaluate(*projection.list, current_);
    if (!list->is_array()) {
      return null_value();
    }
    Collector collector(*projection.right);
    for (const Json& item : *list) {
      const Value candidate = part_of(list, item);
      if (is_truthy(*evaluate(*projection.condition, candidate))) {
        collector.add(candidate);
      }
    }
    return collector.finish();
  }

  Value operator()(const Comparison& comparison) const {
    const Value left = evaluate(*comparison.left, current_);
    const Value right = evaluate(*comparison.right, current_);
    if (comparison.comparator == Comparator::Equal || comparison.comparator == Comparator::NotEqual) {
      return make_value(are_equal(*left, *right) == (comparison.comparator == Comparator::Equal));
    }
    // The specification orders numbers only; its reference implementation, which az uses, strings too: dates, say.
    if (!(left->is_number() && right->is_number()) && !(left->is_string() && right->is_string())) {
      return null_value();
    }
    return make_value(holds(comparison.comparator, *left, *right));
  }

  Value operator()(const Or& operation) const {
    Value left = evaluate(*operation.left, current_);
    return is_truthy(*left) ? left : evaluate(*operation.right, current_);
  }

  Value operator()(const And& operation) const {
    Value left = evaluate(*operation.left, current_);
    return is_truthy(*left) ? evaluate(*operation.right, current_) : left;
  }

  Value operator()(const Not& operation) const {
    return make_value(!is_truthy(*evaluate(*operation.operand, current_)));
  }

  Value operator()(const MultiSelectList& list) const {
    if (current_->is_null()) {
      return null_value();
    }
    Json items = Json::array();
    for (const NodePtr& item : list.items) {
      items.push_back(*evaluate(*item, current_));
    }
    return make_value(std::move(items));
  }

  Value operator()(const MultiSelectHash& hash) const {
    if (current_->is_null()) {
      return null_value();
    }
    Json object = Json::object();
    for (const auto& [name, expression] : hash.members) {
      object[name] = *evaluate(*expression, current_);
    }
    return make_value(std::move(object));
  }

  Value operator()(const Call& call) const {
    Invocation invocation{.function = *call.function, .position = call.position};
    for (const CallArgument& argument : call.arguments) {
      if (argument.is_reference) {
        invocation.arguments.push_back({.expression = argument.expression.get()});
      } else {
        invocation.arguments.push_back({.value = evaluate(*argument.expression, current_)});
      }
    }
    return invoke(invocation);
  }

 private:
  const Value& current_;
};

}  // namespace

Value evaluate(const Node& node, const Value& current) { return std::visit(Evaluator(current), node.content); }

}  // namespace batchai::jmespath
