#include "cli/app/run_by_ids.hpp"

#include "cli/app/services.hpp"
#include "cli/frame/failure.hpp"

#include <utility>
#include <vector>

namespace batchai::cli {
namespace {

using nlohmann::json;

bool stops_everything(const std::exception& error) {
  const int exit_code = describe_failure(error).exit_code;
  return exit_code == kInterrupted || exit_code == kSignIn || dynamic_cast<const OutputError*>(&error) != nullptr;
}

/// One call of several, made or failed.
struct Attempt {
  std::string id;
  Result result = {};
  std::exception_ptr failure = {};
};

/// The results of one call for each id, as a list.
class Collected {
 public:
  /// Waits for its end. One failure does not stop the others.
  void add(const Attempt& attempt, Host& host) {
    try {
      if (attempt.failure) {
        std::rethrow_exception(attempt.failure);
      }
      add(collected(with_its_wait(attempt.result)));
    } catch (const std::exception& error) {
      if (stops_everything(error)) {
        throw;
      }
      add_failure(attempt.id, error, host);
    }
  }
  Result finish() {
    if (!values_.empty()) {
      all_.value = std::move(values_);
    }
    return std::move(all_);
  }

 private:
  void add(Result result) {
    all_.type = result.type;
    all_.exit_code = all_.exit_code == kDone ? result.exit_code : all_.exit_code;
    if (!result.value.is_discarded()) {
      values_.push_back(std::move(result.value));
    }
  }
  void add_failure(const std::string& id, const std::exception& error, Host& host) {
    Failure failure = describe_failure(error);
    failure.message = id + ": " + failure.message;
    print_failure(failure, host.io.err);
    all_.exit_code = all_.exit_code == kDone ? failure.exit_code : all_.exit_code;
  }

  json values_ = json::array();
  Result all_;
};

}  // namespace

Result with_its_wait(Result result) {
  if (result.wait) {
    result.wait();
  }
  return result;
}

Result run_by_ids(const CommandSpec& command, const CallsByIds& calls, Context& context) {
  const auto run_one = [&](const CallsByIds::Call& call) {
    context.services.use_subscription(call.subscription);
    return command.run(call.arguments, context);
  };
  if (calls.all().size() == 1) {
    return with_its_wait(run_one(calls.all().front()));
  }
  std::vector<Attempt> attempts;
  bool stopped = false;
  for (auto call = calls.all().begin(); call != calls.all().end() && !stopped; ++call) {
    attempts.push_back({.id = call->id});
    try {
      attempts.back().result = run_one(*call);
    } catch (const std::exception& error) {
      attempts.back().failure = std::current_exception();
      stopped = stops_everything(error);
    }
  }
  Collected collected;
  for (const Attempt& attempt : attempts) {
    collected.add(attempt, context.host);
  }
  return collected.finish();
}

}  // namespace batchai::cli
