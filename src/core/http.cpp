#include "batchai/core/http.hpp"

#include "batchai/core/body.hpp"

#include <algorithm>
#include <array>

namespace batchai::inline v1 {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool iequals(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool is_idempotent(std::string_view method) {
  static constexpr std::array<std::string_view, 5> kIdempotent = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

std::uint64_t HttpRequest::body_size() const { return source == nullptr ? body.size() : source->size(); }

std::string HttpRequest::whole_body() const {
  if (source == nullptr) {
    return body;
  }
  std::string bytes(source->size(), '\0');
  source->read(0, bytes);
  return bytes;
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [name](const Field& field) { return iequals(field.first, name); });
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string(name), std::move(value));
}

const std::string* Headers::find(std::string_view name) const& {
  const auto it =
      std::find_if(fields_.begin(), fields_.end(), [name](const Field& field) { return iequals(field.first, name); });
  return it == fields_.end() ? nullptr : &it->second;
}

std::string Headers::get(std::string_view name) const {
  const std::string* value = find(name);
  return value == nullptr ? std::string() : *value;
}

}  // namespace batchai::inline v1
