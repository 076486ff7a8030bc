#include "jmespath/functions.hpp"

#include <algorithm>
#include <numeric>

namespace batchai::jmespath::functions {
namespace {

bool less(const Value& a, const Value& b) { return is_less(*a, *b); }

/// What the expression finds in each item: all numbers, or all strings.
std::vector<Value> keys_of(const Invocation& invocation) {
  std::vector<Value> keys;
  for (const Json& item : invocation.at(0)) {
    Value key = invocation.apply(1, part_of(invocation.value(0), item));
    if (!key->is_number() && !key->is_string()) {
      refuse_type(invocation, std::string("compares numbers or strings, and the expression gives ") + type_name(*key));
    }
    if (!keys.empty() && key->is_string() != keys.front()->is_string()) {
      refuse_type(invocation, "compares numbers or strings, and the expression gives both");
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

Value item_of(const Invocation& invocation, const std::vector<Value>& keys, std::vector<Value>::const_iterator chosen) {
  return chosen == keys.end()
             ? null_value()
             : part_of(invocation.value(0), invocation.at(0)[static_cast<std::size_t>(chosen - keys.begin())]);
}

}  // namespace

Value map(const Invocation& invocation) {
  Json results = Json::array();
  for (const Json& item : invocation.at(1)) {
    results.push_back(*invocation.apply(0, part_of(invocation.value(1), item)));
  }
  return make_value(std::move(results));
}

Value max(const Invocation& invocation) {
  const Json& items = invocation.at(0);
  return items.empty() ? null_value()
                       : part_of(invocation.value(0), *std::max_element(items.begin(), items.end(), is_less));
}

Value max_by(const Invocation& invocation) {
  const std::vector<Value> keys = keys_of(invocation);
  return item_of(invocation, keys, std::max_element(keys.begin(), keys.end(), less));
}

Value min(const Invocation& invocation) {
  const Json& items = invocation.at(0);
  return items.empty() ? null_value()
                       : part_of(invocation.value(0), *std::min_element(items.begin(), items.end(), is_less));
}

Value min_by(const Invocation& invocation) {
  const std::vector<Value> keys = keys_of(invocation);
  return item_of(invocation, keys, std::min_element(keys.begin(), keys.end(), less));
}

Value sort(const Invocation& invocation) {
  Json items = invocation.at(0);
  std::stable_sort(items.begin(), items.end(), is_less);
  return make_value(std::move(items));
}

Value sort_by(const Invocation& invocation) {
  const std::vector<Value> keys = keys_of(invocation);
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return is_less(*keys[a], *keys[b]); });
  Json items = Json::array();
  for (const std::size_t place : order) {
    items.push_back(invocation.at(0)[place]);
  }
  return make_value(std::move(items));
}

}  // namespace batchai::jmespath::functions
