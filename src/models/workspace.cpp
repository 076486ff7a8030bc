#include "batchai/models/workspace.hpp"

#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<WorkspaceCreateParameters> {
  static constexpr auto kFields = std::tuple(field("location", &WorkspaceCreateParameters::location, kRequired),
                                             field("tags", &WorkspaceCreateParameters::tags));
};

template <>
struct Table<WorkspaceUpdateParameters> {
  static constexpr auto kFields = std::tuple(field("tags", &WorkspaceUpdateParameters::tags));
};

template <>
struct Table<Workspace> {
  static constexpr auto kFields = std::tuple_cat(
      identity<Workspace>(), provisioning<Workspace>(),
      std::tuple(field("location", &Workspace::location, kReadOnly), field("tags", &Workspace::tags, kReadOnly)));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(WorkspaceCreateParameters)
BATCHAI_MODEL(WorkspaceUpdateParameters)
BATCHAI_MODEL(Workspace)

}  // namespace batchai::inline v1
