#include "files/transfer/engine.hpp"

#include "batchai/core/failure_kind.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace batchai::inline v1::files {
namespace {

/// What the transport holds of a request.
constexpr std::uint64_t kOnTheWay = 1U << 20U;

constexpr double kFirstDelay = 0.2;
constexpr double kLongestDelay = 5;
/// While the service has not answered anything yet: a wrong address should be reported soon.
constexpr int kFirstContactAttempts = 4;
/// For errors that may be permanent.
constexpr int kServiceErrorAttempts = 8;
constexpr int kDamagedAttempts = 3;

/// Whether content was damaged on its way, to here or to the service.
bool is_damage(const Error& error) {
  const auto* service = dynamic_cast<const ServiceError*>(&error);
  return service != nullptr ? service->code() == "Md5Mismatch" : dynamic_cast<const DamagedContent*>(&error) != nullptr;
}

bool is_away(FailureKind kind) { return kind == FailureKind::Unreachable || kind == FailureKind::WrongPeer; }

/// How often a request that fails like this is tried; nothing where only TransferOptions::patience bounds it.
std::optional<int> most_attempts(const Error& error, bool reached) {
  if (is_damage(error)) {
    return kDamagedAttempts;
  }
  const FailureKind kind = failure_kind(error);
  if (is_away(kind)) {
    return reached ? std::nullopt : std::optional(kFirstContactAttempts);
  }
  if (kind == FailureKind::Failed) {
    return kServiceErrorAttempts;
  }
  return kind == FailureKind::Busy ? std::nullopt : std::optional(1);
}

std::optional<Duration> asked_pause(const Error& error) {
  const auto* busy = dynamic_cast<const Throttled*>(&error);
  return busy == nullptr ? std::nullopt : busy->retry_after();
}

Duration backoff(int attempts) {
  const double seconds = std::min(kFirstDelay * std::pow(2.0, attempts), kLongestDelay) * random_between(0.8, 1.2);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

Engine::Engine(const TransferOptions& options, const CallContext& context)
    : options_(options),
      context_(context),
      clock_(options.clock != nullptr ? options.clock : system_clock()),
      gate_(std::max(options.max_connections, 1U), *clock_),
      memory_(options.memory),
      counters_(options) {}

MemoryBudget::Share Engine::take_memory(std::uint64_t bytes) {
  return memory_.take(bytes + kOnTheWay, context_, *clock_);
}

void Engine::note_success(ConnectionGate::Permit& permit) {
  permit.succeed();
  reached_ = true;
}

void Engine::wait_after(const Error& error, const std::string& what, unsigned generation, Attempts& attempts) {
  if (context_.cancellation.cancelled()) {
    throw Cancelled();
  }
  const FailureKind kind = failure_kind(error);
  const auto pause = asked_pause(error);
  const auto now = clock_->steady_now();
  if (attempts.count++ == 0) {
    attempts.first_failure = now;
  }
  const std::optional<int> most = most_attempts(error, reached_);
  const bool given_up = (most && attempts.count >= *most) ||
                        now - attempts.first_failure + pause.value_or(Duration::zero()) >= options_.patience;
  const Duration delay = std::max(pause.value_or(Duration::zero()), backoff(attempts.count - 1));
  const bool ends = given_up || (context_.deadline && now + delay >= *context_.deadline);
  if (is_away(kind) || kind == FailureKind::Busy) {
    // Other requests do not wait longer than this one does.
    gate_.congested(generation, ends ? std::nullopt : pause);
  }
  if (ends) {
    throw;
  }
  counters_.log(LogLevel::Info, what + ": " + error.what() + "; trying again");
  clock_->sleep_for(delay, context_.cancellation);
  require_going_on(context_, *clock_);
}

}  // namespace batchai::inline v1::files
