#include "batchai/core/clock.hpp"

#include "batchai/core/cancellation.hpp"

#include <condition_variable>
#include <mutex>

namespace batchai::inline v1 {
namespace {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override { return std::chrono::floor<Ticks>(std::chrono::system_clock::now()); }

  std::chrono::steady_clock::time_point steady_now() const override { return std::chrono::steady_clock::now(); }

  void sleep_for(Duration duration, const CancellationToken& token) override {
    std::mutex mutex;
    std::condition_variable wake;
    bool cancelled = false;
    const auto registration = token.on_cancel([&] {
      const std::scoped_lock lock(mutex);
      cancelled = true;
      wake.notify_all();
    });
    std::unique_lock lock(mutex);
    wake.wait_for(lock, duration, [&] { return cancelled; });
  }
};

}  // namespace

std::shared_ptr<Clock> system_clock() {
  static const auto clock = std::make_shared<SystemClock>();
  return clock;
}

}  // namespace batchai::inline v1
