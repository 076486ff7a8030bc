#include "jmespath/expression.hpp"

#include "jmespath/evaluator.hpp"
#include "jmespath/itemwise.hpp"
#include "jmespath/parser.hpp"

namespace batchai::jmespath {

Expression::Expression(std::string text, std::shared_ptr<const Node> root)
    : text_(std::move(text)), root_(std::move(root)) {}

Json Expression::search(const Json& document) const {
  if (is_nested_too_deeply(document)) {
    throw EvaluationError(ErrorKind::InvalidValue, 0, "the document is nested too deeply to be searched");
  }
  const Value borrowed(Value(), &document);  // owns nothing: the document outlives the search
  return *evaluate(*root_, borrowed);
}

bool Expression::works_item_by_item() const { return jmespath::works_item_by_item(*root_); }

Expression parse(std::string_view text) { return {std::string(text), parse_tree(text)}; }

}  // namespace batchai::jmespath
