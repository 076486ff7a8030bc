#include "server/monitoring/health.hpp"

#include <exception>

namespace batchai::server {
namespace {

constexpr std::chrono::seconds kProbeLife{5};

std::optional<std::string> try_write(Store& store) {
  try {
    store.write([](Transaction& transaction) { transaction.put({.key = "health/probe", .kind = "health"}); });
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

std::optional<std::string> StoreProbe::failure() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady_now();
  if (!tried_ || now - *tried_ >= kProbeLife) {
    last_ = try_write(store_);
    tried_ = now;
  }
  return last_;
}

void Heartbeat::beat() {
  const std::lock_guard lock(mutex_);
  last_ = clock_.steady_now();
}

std::optional<std::chrono::seconds> Heartbeat::silent_for() const {
  const std::lock_guard lock(mutex_);
  const auto silence = clock_.steady_now() - last_;
  return silence > longest_silence_ ? std::optional(std::chrono::duration_cast<std::chrono::seconds>(silence))
                                    : std::nullopt;
}

}  // namespace batchai::server
