#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace batchai::jmespath::test {

/// Random documents and expressions over them. The same seed makes the same ones everywhere.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}
  /// JSON; an object on its outside.
  std::string document();
  /// One that can be parsed, though it may fail over a document.
  std::string expression() { return expression(4); }
  /// The text with a few characters lost, doubled or put in.
  std::string damaged(std::string text);

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  template <class List>
  auto one_of(const List& list) {
    return *(std::begin(list) + below(std::size(list)));
  }
  std::string value(int depth);
  std::string expression(int depth);
  std::string begin(int depth);
  std::string step(int depth);
  std::string condition(int depth);
  std::string call(int depth);
  std::string index();
  std::string name();
  std::string literal();

  std::mt19937 random_;
};

}  // namespace batchai::jmespath::test
