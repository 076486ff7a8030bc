#include "batchai/core/failure_kind.hpp"
#include "core/policies/policies.hpp"
#include "core/random.hpp"
#include "core/redacted.hpp"
#include "core/retry_after.hpp"

#include <algorithm>
#include <cmath>

namespace batchai::policies {
namespace {

constexpr int kTooManyRequests = 429;
/// How long a request without a deadline waits in total because the service asks for it. Where it asks for more there
/// is no further try; where there is a deadline, that alone bounds the waits.
constexpr std::chrono::minutes kLongestRetryAfter{5};

class RetryPolicy final : public Policy {
 public:
  RetryPolicy(RetryOptions options, std::shared_ptr<Clock> clock, LogSink sink)
      : options_(options), clock_(std::move(clock)), sink_(std::move(sink)) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    const bool may_repeat = request.repeatable || is_idempotent(request.method);
    Duration asked{};
    for (int tries = 0;; ++tries) {
      try {
        HttpResponse response = next.send(request, context);
        if (!is_worth_repeating(failure_kind(response.status)) ||
            !(may_repeat || response.status == kTooManyRequests)) {
          return response;
        }
        const std::string reason = "status " + std::to_string(response.status);
        const auto pause_asked_for = retry_after(response.headers, clock_->now());
        asked += pause_asked_for.value_or(Duration::zero());
        if (!may_ask_for(asked, context) || !pause({request, reason, tries}, pause_asked_for, context)) {
          return response;
        }
      } catch (const TransportError& error) {
        if (!may_repeat || !is_worth_repeating(failure_kind(error)) ||
            !pause({request, "no answer", tries}, std::nullopt, context)) {
          throw;
        }
      }
    }
  }

 private:
  struct FailedTry {
    const HttpRequest& request;
    std::string_view reason;
    /// The tries before this one.
    int tries;
  };

  /// Whether the service may ask for so much waiting in total.
  bool may_ask_for(Duration asked, const CallContext& context) const {
    return context.deadline.has_value() || asked <= kLongestRetryAfter;
  }

  /// Whether there is a further try, after the wait for it.
  bool pause(const FailedTry& failed, std::optional<Duration> asked, const CallContext& context) const {
    if (failed.tries >= options_.max_retries) {
      return false;
    }
    const Duration delay = asked.value_or(backoff(failed.tries));
    if (context.deadline && clock_->steady_now() + delay >= *context.deadline) {
      return false;
    }
    report(failed, delay);
    clock_->sleep_for(delay, context.cancellation);
    if (context.cancellation.cancelled()) {
      throw Cancelled();
    }
    return true;
  }

  void report(const FailedTry& failed, Duration delay) const {
    if (sink_) {
      const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(delay).count();
      sink_(LogLevel::Info, failed.request.method + " " + redacted_url(failed.request.url) + ": " +
                                std::string(failed.reason) + "; retry " + std::to_string(failed.tries + 1) + " of " +
                                std::to_string(options_.max_retries) + " in " + std::to_string(milliseconds) + " ms");
    }
  }

  Duration backoff(int tries) const {
    const double grown = static_cast<double>(options_.first_delay.count()) * std::pow(2.0, tries);
    const double bounded = std::min(grown, static_cast<double>(options_.max_delay.count()));
    const std::chrono::duration<double, std::milli> delay(bounded * random_between(0.8, 1.2));
    return std::chrono::duration_cast<Duration>(delay);
  }

  RetryOptions options_;
  std::shared_ptr<Clock> clock_;
  LogSink sink_;
};

}  // namespace

std::unique_ptr<const Policy> retry(RetryOptions options, std::shared_ptr<Clock> clock, LogSink sink) {
  return std::make_unique<RetryPolicy>(options, std::move(clock), std::move(sink));
}

}  // namespace batchai::policies
