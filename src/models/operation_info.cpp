#include "batchai/models/operation_info.hpp"

#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<OperationDisplay> {
  static constexpr auto kFields = std::tuple(field("provider", &OperationDisplay::provider, kReadOnly),
                                             field("operation", &OperationDisplay::operation, kReadOnly),
                                             field("resource", &OperationDisplay::resource, kReadOnly),
                                             field("description", &OperationDisplay::description, kReadOnly));
};

template <>
struct Table<OperationInfo> {
  static constexpr auto kFields =
      std::tuple(field("name", &OperationInfo::name, kReadOnly), field("display", &OperationInfo::display),
                 field("origin", &OperationInfo::origin, kReadOnly));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(OperationDisplay)
BATCHAI_MODEL(OperationInfo)

}  // namespace batchai::inline v1
