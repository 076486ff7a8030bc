#include <gmock/gmock.h>

/// As GoogleTest's own, with an exit code of its own where nothing failed and nothing was run: a test program of which
/// one test is skipped must not be taken for skipped, and its failures with it.
int main(int count, char** arguments) {
  constexpr int kAllSkipped = 77;
  ::testing::InitGoogleMock(&count, arguments);
  const int result = RUN_ALL_TESTS();
  return result == 0 && ::testing::UnitTest::GetInstance()->successful_test_count() == 0 ? kAllSkipped : result;
}
