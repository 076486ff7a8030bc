#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"
#include "support/eventually.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <malloc.h>

namespace batchai::server::test {
namespace {

constexpr std::size_t kConnections = 32;
constexpr std::size_t kBody = 300 * 1024;
/// The piece that is read at a time, and what else an idle connection needs.
constexpr std::size_t kEach = 80 * 1024;

std::size_t bytes_in_use() {
  const auto all = ::mallinfo2();
  return all.uordblks + all.hblkhd;
}

TEST(Memory, OfAnIdleConnectionDoesNotGrowWithWhatItHasCarried) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer has an allocator of its own";
#endif
  EchoServer server;
  const std::string request =
      "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(kBody) + "\r\n\r\n" + std::string(kBody, 'x');
  const std::size_t before = bytes_in_use();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < kConnections; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(request);
    const auto answer = clients.back()->receive();
    ASSERT_TRUE(answer);
    ASSERT_GT(answer->body.size(), kBody);
  }
  // The last one may still be on its way to being idle.
  EXPECT_TRUE(batchai::test::eventually([before] { return bytes_in_use() < before + kConnections * kEach; }));
}

}  // namespace
}  // namespace batchai::server::test
