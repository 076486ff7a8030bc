#include "jmespath/itemwise.hpp"

namespace batchai::jmespath {
namespace {

/// Projections are, and what is made of them; the right side of a projection sees one item and may be anything.
class Itemwise {
 public:
  bool operator()(const CurrentNode&) const { return true; }
  bool operator()(const Flatten& flatten) const { return works_item_by_item(*flatten.list); }
  bool operator()(const ListProjection& projection) const { return works_item_by_item(*projection.list); }
  bool operator()(const FilterProjection& projection) const { return works_item_by_item(*projection.list); }
  bool operator()(const Chain& chain) const {
    return works_item_by_item(*chain.left) && works_item_by_item(*chain.right);
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

}  // namespace

bool works_item_by_item(const Node& node) { return std::visit(Itemwise(), node.content); }

}  // namespace batchai::jmespath
