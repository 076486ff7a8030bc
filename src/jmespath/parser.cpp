#include "jmespath/parser.hpp"

#include "jmespath/errors.hpp"
#include "jmespath/functions.hpp"
#include "jmespath/lexer.hpp"

namespace batchai::jmespath {
namespace {

/// How strongly a token binds what is to its left. The specification leaves this open; these are the strengths of
/// the reference implementation.
enum Strength : int {
  kNone = 0,
  kPipe = 1,
  kOr = 2,
  kAnd = 3,
  kComparator = 5,
  kFlatten = 9,
  /// What is weaker ends a projection.
  kProjectionEnd = 10,
  kStar = 20,
  kFilter = 21,
  kDot = 40,
  kNot = 45,
  kBracket = 55,
};

int strength_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::Pipe:
      return kPipe;
    case TokenKind::Or:
      return kOr;
    case TokenKind::And:
      return kAnd;
    case TokenKind::Equal:
    case TokenKind::NotEqual:
    case TokenKind::Less:
    case TokenKind::LessOrEqual:
    case TokenKind::Greater:
    case TokenKind::GreaterOrEqual:
      return kComparator;
    case TokenKind::Flatten:
      return kFlatten;
    case TokenKind::Filter:
      return kFilter;
    case TokenKind::Dot:
      return kDot;
    case TokenKind::LeftBracket:
      return kBracket;
    default:
      return kNone;
  }
}

Comparator comparator_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::Equal:
      return Comparator::Equal;
    case TokenKind::NotEqual:
      return Comparator::NotEqual;
    case TokenKind::Less:
      return Comparator::Less;
    case TokenKind::LessOrEqual:
      return Comparator::LessOrEqual;
    case TokenKind::Greater:
      return Comparator::Greater;
    default:
      return Comparator::GreaterOrEqual;
  }
}

/// Operator precedence parsing, after Pratt: prefix() reads what begins an expression, infix() what continues it.
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

  NodePtr run() {
    NodePtr root = expression(kNone);
    if (current().kind != TokenKind::End) {
      refuse();
    }
    if (problem_) {
      throw EvaluationError(*problem_);
    }
    return root;
  }

 private:
  const Token& current() const { return tokens_[at_]; }
  TokenKind kind() const { return current().kind; }
  /// The kind of the token behind the current one.
  TokenKind next_kind() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)].kind; }
  /// The current token, which is left behind.
  const Token& take() { return tokens_[at_++]; }
  bool take_if(TokenKind wanted) {
    const bool found = kind() == wanted;
    at_ += found ? 1 : 0;
    return found;
  }

  [[noreturn]] void refuse(const std::string& expected = {}) const {
    const std::string found = describe(current());
    throw SyntaxError(current().position,
                      expected.empty() ? "unexpected " + found : "expected " + expected + " but found " + found);
  }
  void expect(TokenKind wanted, const char* name) {
    if (!take_if(wanted)) {
      refuse(name);
    }
  }

  /// An error of evaluation is thrown only when the rest is an expression at all.
  void remember(const EvaluationError& problem) {
    if (!problem_) {
      problem_ = problem;
    }
  }

  /// Bounds the depth of the parser's and the evaluator's stack.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {}
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { parser_.level_ -= entered_; }
    void enter() {
      if (parser_.level_ == kDeepestExpression) {
        throw SyntaxError(parser_.current().position, "the expression is nested too deeply");
      }
      ++parser_.level_;
      ++entered_;
    }

   private:
    Parser& parser_;
    std::size_t entered_ = 0;
  };

  /// Up to the first token that binds no stronger than `strength`.
  NodePtr expression(int strength) {
    Level level(*this);
    level.enter();
    NodePtr left = prefix();
    while (strength < strength_of(kind())) {
      level.enter();
      left = infix(std::move(left));
    }
    return left;
  }

  NodePtr prefix() {
    switch (kind()) {
      case TokenKind::UnquotedIdentifier:
        return next_kind() == TokenKind::LeftParen ? call() : field();
      case TokenKind::QuotedIdentifier:
        return field();
      case TokenKind::Literal:
        return make_node(Literal{make_value(take().value)});
      case TokenKind::At:
        take();
        return make_node(CurrentNode{});
      case TokenKind::Star:
        take();
        return make_node(ObjectProjection{make_node(CurrentNode{}), projected(kStar)});
      case TokenKind::Not:
        take();
        return make_node(Not{expression(kNot)});
      case TokenKind::LeftParen:
        return parenthesised();
      case TokenKind::LeftBrace:
        take();
        return multi_select_hash();
      case TokenKind::LeftBracket:
        return begins_index() ? bracket(make_node(CurrentNode{})) : multi_select_list();
      case TokenKind::Flatten:
      case TokenKind::Filter:
        return infix(make_node(CurrentNode{}));
      case TokenKind::Ampersand:
        throw SyntaxError(current().position, "'&' stands only in front of a function's argument");
      default:
        refuse("an expression");
    }
  }

  NodePtr infix(NodePtr left) {
    const TokenKind operation = kind();
    if (operation == TokenKind::LeftBracket) {
      return bracket(std::move(left));
    }
    take();
    switch (operation) {
      case TokenKind::Dot:
        return behind_dot(std::move(left));
      case TokenKind::Pipe:
        return make_node(Chain{std::move(left), expression(kPipe)});
      case TokenKind::Or:
        return make_node(Or{std::move(left), expression(kOr)});
      case TokenKind::And:
        return make_node(And{std::move(left), expression(kAnd)});
      case TokenKind::Flatten:
        return make_node(ListProjection{make_node(Flatten{std::move(left)}), projected(kFlatten)});
      case TokenKind::Filter:
        return filter(std::move(left));
      default:
        return make_node(Comparison{comparator_of(operation), std::move(left), expression(kComparator)});
    }
  }

  NodePtr field() { return make_node(Field{take().value.get<std::string>()}); }

  NodePtr parenthesised() {
    take();
    NodePtr inner = expression(kNone);
    expect(TokenKind::RightParen, "')'");
    return inner;
  }

  NodePtr behind_dot(NodePtr left) {
    if (take_if(TokenKind::Star)) {
      return make_node(ObjectProjection{std::move(left), projected(kDot)});
    }
    return make_node(Chain{std::move(left), member(kDot)});
  }

  /// What may follow a dot.
  NodePtr member(int strength) {
    switch (kind()) {
      case TokenKind::UnquotedIdentifier:
      case TokenKind::QuotedIdentifier:
      case TokenKind::Star:
        return expression(strength);
      case TokenKind::LeftBracket:
        return multi_select_list();
      case TokenKind::LeftBrace:
        take();
        return multi_select_hash();
      default:
        refuse("a name, '*', '[' or '{'");
    }
  }

  /// What is applied to each item of a projection.
  NodePtr projected(int strength) {
    if (take_if(TokenKind::Dot)) {
      return member(strength);
    }
    if (kind() == TokenKind::LeftBracket || kind() == TokenKind::Filter) {
      return expression(strength);
    }
    return make_node(CurrentNode{});
  }

  NodePtr filter(NodePtr list) {
    NodePtr condition = expression(kNone);
    expect(TokenKind::RightBracket, "']'");
    return make_node(FilterProjection{std::move(list), std::move(condition), projected(kFilter)});
  }

  /// Whether the bracket here holds an index, a slice or a star, and no list of expressions.
  bool begins_index() const {
    const TokenKind inside = next_kind();
    if (inside == TokenKind::Star) {
      return tokens_[at_ + 2].kind == TokenKind::RightBracket;
    }
    return inside == TokenKind::Number || inside == TokenKind::Colon;
  }

  NodePtr bracket(NodePtr left) {
    take();
    if (take_if(TokenKind::Star)) {
      expect(TokenKind::RightBracket, "']'");
      return make_node(ListProjection{std::move(left), projected(kStar)});
    }
    if (kind() != TokenKind::Number && kind() != TokenKind::Colon) {
      refuse("a number, ':' or '*'");
    }
    if (kind() == TokenKind::Number && next_kind() != TokenKind::Colon) {
      const auto index = take().value.get<std::int64_t>();
      expect(TokenKind::RightBracket, "']'");
      return make_node(Chain{std::move(left), make_node(Index{index})});
    }
    NodePtr slice = make_node(Chain{std::move(left), make_node(slice_bounds())});
    return make_node(ListProjection{std::move(slice), projected(kStar)});
  }

  std::optional<std::int64_t> optional_number() {
    return kind() == TokenKind::Number ? std::optional(take().value.get<std::int64_t>()) : std::nullopt;
  }

  Slice slice_bounds() {
    Slice slice{.start = optional_number()};
    expect(TokenKind::Colon, "':'");
    slice.stop = optional_number();
    if (take_if(TokenKind::Colon)) {
      const std::size_t position = current().position;
      slice.step = optional_number().value_or(1);
      if (slice.step == 0) {
        remember(EvaluationError(ErrorKind::InvalidValue, position, "the step of a slice cannot be 0"));
      }
    }
    expect(TokenKind::RightBracket, "']'");
    return slice;
  }

  NodePtr multi_select_list() {
    take();
    MultiSelectList list;
    do {
      list.items.push_back(expression(kNone));
    } while (take_if(TokenKind::Comma));
    expect(TokenKind::RightBracket, "',' or ']'");
    return make_node(std::move(list));
  }

  /// Behind its brace.
  NodePtr multi_select_hash() {
    MultiSelectHash hash;
    do {
      if (kind() != TokenKind::UnquotedIdentifier && kind() != TokenKind::QuotedIdentifier) {
        refuse("a name");
      }
      std::string name = take().value.get<std::string>();
      expect(TokenKind::Colon, "':'");
      hash.members.emplace_back(std::move(name), expression(kNone));
    } while (take_if(TokenKind::Comma));
    expect(TokenKind::RightBrace, "',' or '}'");
    return make_node(std::move(hash));
  }

  NodePtr call() {
    const Token& name = take();
    take();
    Call call{.function = find_function(name.text), .position = name.position};
    if (!take_if(TokenKind::RightParen)) {
      do {
        const bool is_reference = take_if(TokenKind::Ampersand);
        call.arguments.push_back({expression(kNone), is_reference});
      } while (take_if(TokenKind::Comma));
      expect(TokenKind::RightParen, "',' or ')'");
    }
    if (const auto problem = problem_of(call, name.text)) {
      remember(*problem);
    }
    return make_node(std::move(call));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t level_ = 0;
  std::optional<EvaluationError> problem_;
};

}  // namespace

NodePtr parse_tree(std::string_view text) { return Parser(text).run(); }

}  // namespace batchai::jmespath
