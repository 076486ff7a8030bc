#pragma once

#include "jmespath/value.hpp"

#include <cstddef>
#include <string>

namespace batchai::jmespath {

enum class TokenKind {
  End,
  UnquotedIdentifier,
  QuotedIdentifier,
  Number,
  /// In backticks, or a raw string.
  Literal,
  Dot,
  Star,
  Comma,
  Colon,
  At,
  Ampersand,
  Pipe,
  Or,
  And,
  Not,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  LeftParen,
  RightParen,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  /// `[]`
  Flatten,
  /// `[?`
  Filter,
};

struct Token {
  TokenKind kind = TokenKind::End;
  /// In the expression, in bytes.
  std::size_t position = 0;
  /// As written.
  std::string text = {};
  /// A number, a literal's value or an identifier's name.
  Json value = {};
};

/// For messages: `'foo'`, or `end of expression`.
inline std::string describe(const Token& token) {
  return token.kind == TokenKind::End ? "end of expression" : "'" + token.text + "'";
}

}  // namespace batchai::jmespath
