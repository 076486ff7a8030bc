#include "batchai/models/experiment.hpp"

#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<Experiment> {
  static constexpr auto kFields = std::tuple_cat(identity<Experiment>(), provisioning<Experiment>());
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(Experiment)

}  // namespace batchai::inline v1
