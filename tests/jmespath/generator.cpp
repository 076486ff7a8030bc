#include "jmespath/generator.hpp"

namespace batchai::jmespath::test {
namespace {

constexpr const char* kNames[] = {"a", "b", "c", "d", "name", "\"x y\""};
// Without 0 and 1, which the reference takes for false and true where values are compared.
constexpr const char* kScalars[] = {"null", "true", "false", "2",     "3",      "-4",    "7.5",
                                    "-2.5", "\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"5\"", "\"x y\""};
constexpr const char* kComparators[] = {"==", "!=", "<", "<=", ">", ">="};
constexpr const char* kOfOne[] = {"abs", "avg",     "ceil", "floor", "keys",     "length",    "max",       "min",
                                  "sum", "reverse", "sort", "type",  "to_array", "to_number", "to_string", "values"};
constexpr const char* kOfTwo[] = {"contains", "ends_with", "starts_with", "join", "merge", "not_null"};
constexpr const char* kOfReference[] = {"sort_by", "max_by", "min_by"};

}  // namespace

std::string Generator::document() {
  std::string text = "{";
  for (const char* member : kNames) {
    const bool quoted = *member == '"';
    text += (text.size() > 1 ? "," : "") + (quoted ? std::string(member) : "\"" + std::string(member) + "\"") + ":" +
            value(3);
  }
  return text + "}";
}

std::string Generator::value(int depth) {
  const std::size_t kind = depth == 0 ? 0 : below(5);
  if (kind < 1) {
    return one_of(kScalars);
  }
  std::string text;
  const std::size_t size = below(4);
  if (kind < 3) {
    for (std::size_t i = 0; i < size; ++i) {
      text += (i == 0 ? "" : ",") + value(depth - 1);
    }
    return "[" + text + "]";
  }
  if (kind == 3) {  // a list of one type, for the functions that want it
    const bool numbers = below(2) == 0;
    for (std::size_t i = 0; i < size; ++i) {
      text +=
          (i == 0 ? "" : ",") + (numbers ? std::to_string(2 + below(9)) : "\"" + std::string(1 + below(3), 'b') + "\"");
    }
    return "[" + text + "]";
  }
  for (std::size_t i = 0; i < size; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::string(kNames[i]) + "\":" + value(depth - 1);
  }
  return "{" + text + "}";
}

std::string Generator::expression(int depth) {
  std::string text = begin(depth);
  for (std::size_t steps = depth > 0 ? below(4) : 0; steps > 0; --steps) {
    text += step(depth - 1);
  }
  return text;
}

std::string Generator::begin(int depth) {
  if (depth <= 0) {
    return below(4) == 0 ? literal() : name();
  }
  switch (below(14)) {
    case 0:
      return "@";
    case 1:
      return "*";
    case 2:
      return literal();
    case 3:
      return "(" + expression(depth - 1) + ")";
    case 4:
      return "!" + expression(depth - 1);
    case 5:
      return "[" + expression(depth - 1) + ", " + expression(depth - 1) + "]";
    case 6:
      return "{a: " + expression(depth - 1) + ", " + name() + ": " + expression(depth - 1) + "}";
    case 7:
    case 8:
      return call(depth - 1);
    case 9:
      return below(2) == 0 ? "[]" : index();
    case 10:
      return "[?" + condition(depth - 1) + "]";
    default:
      return name();
  }
}

std::string Generator::step(int depth) {
  switch (below(15)) {
    case 0:
      return ".*";
    case 1:
      return "[*]";
    case 2:
    case 3:
      return "[]";
    case 4:
      return index();
    case 5:
      return "[?" + condition(depth) + "]";
    case 6:
      return ".[" + expression(depth) + "]";
    case 7:
      return ".{b: " + expression(depth) + "}";
    case 8:
      return "." + call(depth);
    case 9:
      return " | " + expression(depth);
    case 10:
      return (below(2) == 0 ? " || " : " && ") + expression(depth);
    case 11:
      return " " + std::string(one_of(kComparators)) + " " + expression(depth);
    default:
      return "." + name();
  }
}

std::string Generator::condition(int depth) {
  if (below(3) == 0) {
    return expression(depth);
  }
  return (below(3) == 0 ? "@" : name()) + one_of(kComparators) + literal();
}

std::string Generator::call(int depth) {
  const std::size_t kind = below(10);
  if (kind < 5) {
    return std::string(one_of(kOfOne)) + "(" + expression(depth) + ")";
  }
  if (kind < 8) {
    return std::string(one_of(kOfTwo)) + "(" + expression(depth) + ", " + expression(depth) + ")";
  }
  if (kind == 8) {
    return "map(&" + expression(depth) + ", " + expression(depth) + ")";
  }
  return std::string(one_of(kOfReference)) + "(" + expression(depth) + ", &" + expression(depth) + ")";
}

std::string Generator::index() {
  const auto bound = [this] { return below(3) == 0 ? std::string() : std::to_string(static_cast<int>(below(9)) - 4); };
  if (below(2) == 0) {
    return "[" + std::to_string(static_cast<int>(below(7)) - 3) + "]";
  }
  constexpr const char* kSteps[] = {"", ":", ":1", ":2", ":-1", ":-2"};
  return "[" + bound() + ":" + bound() + one_of(kSteps) + "]";
}

std::string Generator::name() { return one_of(kNames); }

std::string Generator::literal() {
  return below(3) == 0 ? "'" + std::string(1 + below(2), 'b') + "'" : "`" + std::string(one_of(kScalars)) + "`";
}

std::string Generator::damaged(std::string text) {
  constexpr char kInserts[] = {'.', '*', '[',  ']', '(', ')', '{', '}', '|', '&',  '!', '@',
                               ',', ':', '\'', '"', '`', '5', '-', 'a', '?', '\\', ' ', '='};
  for (std::size_t times = 1 + below(2); times > 0 && !text.empty(); --times) {
    const std::size_t place = below(text.size());
    switch (below(3)) {
      case 0:
        text.erase(place, 1);
        break;
      case 1:
        text.insert(place, 1, text[place]);
        break;
      default:
        text.insert(place, 1, one_of(kInserts));
    }
  }
  return text;
}

}  // namespace batchai::jmespath::test
