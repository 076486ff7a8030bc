// What cannot be done by mistake, as far as a concept can ask for it: each line would compile if it were possible. What
// the compiler says to other misuses is in the folder misuse.
#include "batchai/batchai.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

static_assert(BatchAiOperationResult<Job> && BatchAiOperationResult<std::monostate>);
static_assert(!BatchAiOperationResult<JobCreateParameters> && !BatchAiOperationResult<StorageAccount>);
static_assert(ArmOperationResult<StorageAccount> && !ArmOperationResult<Job>);

TEST(Misuse, DoesNotCompile) { SUCCEED() << "the assertions above have been checked by the compiler"; }

}  // namespace
}  // namespace batchai::test
