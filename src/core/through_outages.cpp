#include "core/through_outages.hpp"

#include "batchai/core/failure_kind.hpp"
#include "core/pause.hpp"

#include <utility>

namespace batchai::inline v1 {
namespace {

constexpr std::chrono::seconds kBetweenTries{1};

}  // namespace

ThroughOutages::ThroughOutages(OutageOptions options, CallContext context, std::shared_ptr<Clock> clock, Since since)
    : options_(std::move(options)),
      context_(std::move(context)),
      clock_(std::move(clock)),
      reached_(since == Since::kNow) {}

void ThroughOutages::note_success() {
  reached_ = true;
  if (unreachable_since_) {
    unreachable_since_.reset();
    trouble_ = nullptr;
    if (options_.on_recovery) {
      options_.on_recovery();
    }
  }
}

void ThroughOutages::note_failure(const Error& error) {
  if (reached_ && dynamic_cast<const DeadlineExceeded*>(&error) != nullptr) {
    give_up();
  }
  if (!reached_ || !is_transient(error)) {
    throw;
  }
  const auto now = clock_->steady_now();
  if (!unreachable_since_) {
    unreachable_since_ = now;
    if (options_.on_outage) {
      options_.on_outage(error);
    }
  }
  if (now - *unreachable_since_ >= options_.patience) {
    throw;
  }
  trouble_ = std::current_exception();
  pause(kBetweenTries);
}

void ThroughOutages::pause(Duration length) const {
  if (!pause_between_looks(length, context_, *clock_)) {
    give_up();
  }
}

void ThroughOutages::give_up() const {
  if (trouble_ != nullptr) {
    std::rethrow_exception(trouble_);
  }
  throw DeadlineExceeded("the time was up; what was waited for goes on in the service");
}

}  // namespace batchai::inline v1
