#include "core/utf8.hpp"
#include "jmespath/functions.hpp"

#include <algorithm>

namespace batchai::jmespath::functions {
namespace {

const std::string& text_of(const Json& value) { return value.get_ref<const std::string&>(); }

/// The bytes of the first character, which are cut off; a byte that is no UTF-8 counts as one.
std::string_view take_character(std::string_view& text) {
  const std::string_view whole = text;
  if (!take_code_point(text)) {
    text.remove_prefix(1);
  }
  return whole.substr(0, whole.size() - text.size());
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    take_character(text);
  }
  return count;
}

std::string reversed(std::string_view text) {
  std::string result(text.size(), '\0');
  for (auto end = result.end(); !text.empty();) {
    const std::string_view character = take_character(text);
    end = std::copy_backward(character.begin(), character.end(), end);
  }
  return result;
}

}  // namespace

Value contains(const Invocation& invocation) {
  const Json& subject = invocation.at(0);
  const Json& wanted = invocation.at(1);
  if (subject.is_string()) {
    return make_value(wanted.is_string() && text_of(subject).find(text_of(wanted)) != std::string::npos);
  }
  return make_value(std::any_of(subject.begin(), subject.end(), [&](const Json& i) { return are_equal(i, wanted); }));
}

Value ends_with(const Invocation& invocation) {
  return make_value(text_of(invocation.at(0)).ends_with(text_of(invocation.at(1))));
}

Value join(const Invocation& invocation) {
  std::string text;
  bool first = true;
  for (const Json& part : invocation.at(1)) {
    text += (first ? "" : text_of(invocation.at(0))) + text_of(part);
    first = false;
  }
  return make_value(std::move(text));
}

Value length(const Invocation& invocation) {
  const Json& value = invocation.at(0);
  return make_value(value.is_string() ? count_characters(text_of(value)) : value.size());
}

Value reverse(const Invocation& invocation) {
  const Json& value = invocation.at(0);
  if (value.is_string()) {
    return make_value(reversed(text_of(value)));
  }
  Json items = value;
  std::reverse(items.begin(), items.end());
  return make_value(std::move(items));
}

Value starts_with(const Invocation& invocation) {
  return make_value(text_of(invocation.at(0)).starts_with(text_of(invocation.at(1))));
}

}  // namespace batchai::jmespath::functions
