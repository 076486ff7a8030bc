#include "jmespath/lexer.hpp"

#include "jmespath/errors.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

namespace batchai::jmespath {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_identifier(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Symbol {
  std::string_view text;
  TokenKind kind;
};

/// Longer ones first.
constexpr Symbol kSymbols[] = {
    {"[?", TokenKind::Filter},      {"[]", TokenKind::Flatten},
    {"||", TokenKind::Or},          {"&&", TokenKind::And},
    {"==", TokenKind::Equal},       {"!=", TokenKind::NotEqual},
    {"<=", TokenKind::LessOrEqual}, {">=", TokenKind::GreaterOrEqual},
    {".", TokenKind::Dot},          {"*", TokenKind::Star},
    {",", TokenKind::Comma},        {":", TokenKind::Colon},
    {"@", TokenKind::At},           {"&", TokenKind::Ampersand},
    {"|", TokenKind::Pipe},         {"!", TokenKind::Not},
    {"<", TokenKind::Less},         {">", TokenKind::Greater},
    {"(", TokenKind::LeftParen},    {")", TokenKind::RightParen},
    {"{", TokenKind::LeftBrace},    {"}", TokenKind::RightBrace},
    {"[", TokenKind::LeftBracket},  {"]", TokenKind::RightBracket},
};

/// `text` with every backslash in front of `delimiter` taken away.
std::string without_escapes_of(std::string_view text, char delimiter) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      plain += text[i + 1] == delimiter ? "" : "\\";
      ++i;
    }
    plain += text[i];
  }
  return plain;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  return text;
}

Json parse_json(const std::string& text) { return Json::parse(text, nullptr, false); }

/// The text in backticks: JSON, or a string without its quotes as the language had it at first and as scripts still
/// write it. What begins as JSON has to be JSON.
Json parse_literal(const std::string& content) {
  Json value = parse_json(content);
  const std::string_view bare = without_blanks(content);
  if (!value.is_discarded() || bare.empty() || std::string_view("{[\"").find(bare.front()) != std::string_view::npos) {
    return value;
  }
  return parse_json("\"" + std::string(bare) + "\"");
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      tokens.push_back(next());
    }
    tokens.push_back({.kind = TokenKind::End, .position = text_.size()});
    return tokens;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
  }

  /// The token from where the lexer stands to `end`, where it stands then.
  Token take(TokenKind kind, std::size_t end, Json value = {}) {
    Token token{
        .kind = kind, .position = at_, .text = std::string(text_.substr(at_, end - at_)), .value = std::move(value)};
    at_ = end;
    return token;
  }

  Token next() {
    const char c = text_[at_];
    if (begins_identifier(c)) {
      return identifier();
    }
    if (is_digit(c) || c == '-') {
      return number();
    }
    switch (c) {
      case '"':
        return quoted_identifier();
      case '\'':
        return raw_string();
      case '`':
        return literal();
      default:
        return symbol();
    }
  }

  Token identifier() {
    std::size_t end = at_;
    while (end < text_.size() && (begins_identifier(text_[end]) || is_digit(text_[end]))) {
      ++end;
    }
    return take(TokenKind::UnquotedIdentifier, end, text_.substr(at_, end - at_));
  }

  Token number() {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error == std::errc::invalid_argument) {
      throw SyntaxError(at_, "expected a digit behind '-'");
    }
    if (error != std::errc()) {
      throw SyntaxError(at_, "this number is too large for an index");
    }
    return take(TokenKind::Number, static_cast<std::size_t>(end - text_.data()), value);
  }

  /// Where the delimiter that closes what begins here stands. A backslash takes the next character with it.
  std::size_t find_closing(char delimiter, const char* what) const {
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == delimiter) {
        return i;
      }
      i += text_[i] == '\\' ? 1 : 0;
    }
    throw SyntaxError(at_, std::string(what) + " has no end");
  }

  Token quoted_identifier() {
    const std::size_t end = find_closing('"', "this quoted name") + 1;
    Json name = parse_json(std::string(text_.substr(at_, end - at_)));
    if (name.is_discarded()) {
      throw SyntaxError(at_, "this quoted name is no JSON string");
    }
    return take(TokenKind::QuotedIdentifier, end, std::move(name));
  }

  Token raw_string() {
    const std::size_t end = find_closing('\'', "this string");
    return take(TokenKind::Literal, end + 1, without_escapes_of(text_.substr(at_ + 1, end - at_ - 1), '\''));
  }

  Token literal() {
    const std::size_t end = find_closing('`', "this literal");
    Json value = parse_literal(without_escapes_of(text_.substr(at_ + 1, end - at_ - 1), '`'));
    if (value.is_discarded()) {
      throw SyntaxError(at_, "the text in backticks is not JSON");
    }
    if (is_nested_too_deeply(value)) {
      throw SyntaxError(at_, "this literal is nested too deeply");
    }
    return take(TokenKind::Literal, end + 1, std::move(value));
  }

  Token symbol() {
    const std::string_view rest = text_.substr(at_);
    for (const Symbol& symbol : kSymbols) {
      if (rest.starts_with(symbol.text)) {
        return take(symbol.kind, at_ + symbol.text.size());
      }
    }
    throw SyntaxError(at_, rest.front() == '=' ? "unexpected '='; equality is '=='" : "unexpected character");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace batchai::jmespath
