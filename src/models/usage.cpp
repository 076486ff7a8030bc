#include "batchai/models/usage.hpp"

#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<UsageName> {
  static constexpr auto kFields = std::tuple(field("value", &UsageName::value, kReadOnly),
                                             field("localizedValue", &UsageName::localized_value, kReadOnly));
};

template <>
struct Table<Usage> {
  static constexpr auto kFields =
      std::tuple(field("unit", &Usage::unit, kReadOnly), field("currentValue", &Usage::current_value, kReadOnly),
                 field("limit", &Usage::limit, kReadOnly), field("name", &Usage::name, kReadOnly));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(UsageName)
BATCHAI_MODEL(Usage)

}  // namespace batchai::inline v1
