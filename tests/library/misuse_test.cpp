// What cannot be done by mistake, as far as a concept can ask for it: each line would compile if it were possible. What
// the compiler says to other misuses is in the folder misuse.
#include "batchai/batchai.hpp"

#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

static_assert(BatchAiOperationResult<Job> && BatchAiOperationResult<std::monostate>);
static_assert(!BatchAiOperationResult<JobCreateParameters> && !BatchAiOperationResult<StorageAccountResource>);
static_assert(ArmOperationResult<StorageAccountResource> && !ArmOperationResult<Job>);

// What a temporary would take with it.
template <class T>
concept Begins = requires {
  std::declval<T>().begin();
};
static_assert(Begins<Pageable<Job>&> && !Begins<Pageable<Job>>);
static_assert(Begins<const Headers&> && !Begins<Headers>);

template <class T>
concept Reveals = requires {
  std::declval<T>().reveal();
};
static_assert(Reveals<const Secret&> && !Reveals<Secret> && !Reveals<const Secret>);

template <class T>
concept HasStatus = requires {
  std::declval<T>().status();
};
static_assert(HasStatus<Operation<Job>&> && !HasStatus<Operation<Job>>);
static_assert(HasStatus<OperationPoller&> && !HasStatus<OperationPoller>);

template <class T>
concept Finds = requires {
  std::declval<T>().find("ETag");
};
static_assert(Finds<const Headers&> && !Finds<Headers>);

static_assert(std::is_same_v<decltype(std::declval<Url>().host()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<files::ShareClient>().name()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<ExecutionState>().value()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<ResourceIdParts>().name()), std::string>);

// Secrets do not end up in texts.
template <class T>
concept Prints = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Prints<Secret> && !std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<std::string, Secret>);

// Open enumerations and the constants of others.
template <class A, class B>
concept Compares = requires(const A& a, const B& b) {
  a == b;
};
using StateConstant = ExecutionState::Constant;
static_assert(Compares<ExecutionState, StateConstant> && Compares<StateConstant, ExecutionState>);
static_assert(!Compares<ProvisioningState, StateConstant> && !Compares<StateConstant, ProvisioningState>);
static_assert(!Compares<StateConstant, ProvisioningState::Constant>);
static_assert(!Compares<ExecutionState, ProvisioningState>);
static_assert(Compares<ExecutionState, const char*> && Compares<std::string, StateConstant>);
static_assert(std::is_assignable_v<ExecutionState&, StateConstant>);
static_assert(!std::is_assignable_v<ProvisioningState&, StateConstant>);
static_assert(!std::is_constructible_v<ProvisioningState, StateConstant>);
static_assert(!std::is_constructible_v<ProvisioningState, ExecutionState>);
static_assert(Prints<ExecutionState>);

TEST(OpenEnum, PrintsOrdersAndHashesWithoutRegardToCase) {
  std::ostringstream out;
  out << ExecutionState(ExecutionState::kQueued);
  EXPECT_EQ(out.str(), "queued");
  EXPECT_EQ(ExecutionState("QUEUED"), ExecutionState::kQueued);
  EXPECT_TRUE(std::string("Queued") == ExecutionState::kQueued);
  EXPECT_LT(ExecutionState("Failed"), ExecutionState("queued"));
  EXPECT_LT(ExecutionState("fail"), ExecutionState("FAILED"));
  EXPECT_FALSE(ExecutionState("FAILED") < ExecutionState("failed"));
  const std::set<ExecutionState> ordered = {ExecutionState("a"), ExecutionState("A"), ExecutionState("b")};
  EXPECT_EQ(ordered.size(), 2U);
  const std::unordered_set<ExecutionState> hashed = {ExecutionState("a"), ExecutionState("A"), ExecutionState("b")};
  EXPECT_EQ(hashed.size(), 2U);
}

TEST(Misuse, DoesNotCompile) { SUCCEED() << "the assertions above have been checked by the compiler"; }

}  // namespace
}  // namespace batchai::test
