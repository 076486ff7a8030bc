#include "transport/body_buffers.hpp"

#include "batchai/core/error.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

// cpprestsdk waits for the end of this on a thread of its own, of which a program may have one only.
TEST(BodyBuffers, AreClosedAtOnce) {
  const auto receiving = std::make_shared<ReceivingBuffer>(nullptr);
  EXPECT_TRUE(receiving->close(std::ios_base::out).is_done());
  EXPECT_FALSE(receiving->can_write());
}

TEST(BodyBuffers, AreClosedByAStepThatFails) {
  const auto receiving = std::make_shared<ReceivingBuffer>(nullptr);
  receiving->detach();
  const unsigned char byte = 'a';
  EXPECT_THROW(receiving->putn_nocopy(&byte, 1).get(), Cancelled);
  EXPECT_FALSE(receiving->can_write());
  EXPECT_THROW(std::rethrow_exception(receiving->exception()), Cancelled);
}

}  // namespace
}  // namespace batchai::test
