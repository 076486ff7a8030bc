#include "files/transfer/engine.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace batchai::files {
namespace {

constexpr std::uint64_t kCopiesOfAPiece = 3;

constexpr double kFirstDelay = 0.2;
constexpr double kLongestDelay = 5;
/// Of a service that has not answered anything yet: a wrong address should be told soon.
constexpr int kFirstContactAttempts = 4;
/// Of errors that need not pass.
constexpr int kServiceErrorAttempts = 8;
constexpr int kDamagedAttempts = 3;

enum class Kind { Lasting, Away, Busy, Failing, Damaged };

Kind kind_of(const Error& error) {
  if (dynamic_cast<const UntrustedCertificate*>(&error) != nullptr) {
    return Kind::Lasting;
  }
  if (dynamic_cast<const TransportError*>(&error) != nullptr) {
    return Kind::Away;
  }
  if (dynamic_cast<const ServiceBusy*>(&error) != nullptr) {
    return Kind::Busy;
  }
  if (dynamic_cast<const DamagedContent*>(&error) != nullptr) {
    return Kind::Damaged;
  }
  const auto* service = dynamic_cast<const ServiceError*>(&error);
  if (service == nullptr) {
    return Kind::Lasting;
  }
  switch (service->status()) {
    case 502:
    case 504:
      return Kind::Away;  // as a proxy says it
    case 408:
    case 500:
      return Kind::Failing;
    default:
      return service->code() == "Md5Mismatch" ? Kind::Damaged : Kind::Lasting;
  }
}

std::optional<Duration> asked_pause(const Error& error) {
  const auto* busy = dynamic_cast<const ServiceBusy*>(&error);
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

MemoryBudget::Share Engine::take_memory(std::uint64_t piece) {
  return memory_.take(kCopiesOfAPiece * piece, context_, *clock_);
}

void Engine::note_success(ConnectionGate::Permit& permit) {
  permit.succeed();
  reached_ = true;
}

void Engine::wait_after(const Error& error, const std::string& what, unsigned generation, Attempts& attempts) {
  if (context_.cancellation.cancelled()) {
    throw Cancelled();
  }
  const Kind kind = kind_of(error);
  const auto pause = asked_pause(error);
  const auto now = clock_->steady_now();
  if (attempts.count++ == 0) {
    attempts.first_failure = now;
  }
  const bool given_up = kind == Kind::Lasting || (kind == Kind::Damaged && attempts.count >= kDamagedAttempts) ||
                        (kind == Kind::Failing && attempts.count >= kServiceErrorAttempts) ||
                        (!reached_ && kind == Kind::Away && attempts.count >= kFirstContactAttempts) ||
                        now - attempts.first_failure + pause.value_or(Duration::zero()) >= options_.patience;
  const Duration delay = std::max(pause.value_or(Duration::zero()), backoff(attempts.count - 1));
  const bool ends = given_up || (context_.deadline && now + delay >= *context_.deadline);
  if (kind == Kind::Away || kind == Kind::Busy) {
    // Others do not wait for what this one does not.
    gate_.congested(generation, ends ? std::nullopt : pause);
  }
  if (ends) {
    throw;
  }
  counters_.log(LogLevel::Info, what + ": " + error.what() + "; trying again");
  clock_->sleep_for(delay, context_.cancellation);
  require_going_on(context_, *clock_);
}

}  // namespace batchai::files
