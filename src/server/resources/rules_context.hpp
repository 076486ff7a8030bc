#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/operations.hpp"
#include "server/records/store.hpp"
#include "server/records/usage_limits.hpp"
#include "server/resources/visible_groups.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace batchai::server {

/// The dependencies of the rules. `store` and `clock` outlive them.
struct RulesContext {
  Store& store;
  Clock& clock;
  /// Called after a write that may give the reconciler something to do.
  std::function<void()> changed = [] {};
  UsageLimits limits = {};
};

/// A created, changed or existing resource, and the operation that a client has to wait for, if there is one.
struct Change {
  Document document;
  std::optional<OperationRecord> operation = {};
};

/// Which part of a list a client wants and may see.
struct PageRequest {
  /// 1 to 1000.
  std::size_t maximum = 1000;
  /// From `DocumentPage::next` of the page before.
  std::int64_t after = 0;
  VisibleGroups visible = {};
};

struct DocumentPage {
  std::vector<DocumentText> documents;
  /// Absent on the last page.
  std::optional<std::int64_t> next = {};
};

/// Documents of a kind, of one parent if it is given. Those that are not visible count nowhere.
DocumentPage list_page(Transaction& transaction, std::string_view kind, std::optional<std::string_view> parent,
                       const PageRequest& page);

}  // namespace batchai::server
