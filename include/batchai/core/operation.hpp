#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/version.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// How an operation is waited for.
struct PollOptions {
  /// Between two polls when the service does not say (`Retry-After`). The first pauses are shorter: 25 ms, 50 ms, …
  std::chrono::milliseconds interval{1'000};
  /// Called after every poll with the operation's status, as `InProgress`.
  std::function<void(const std::string& status)> on_poll = {};
};

/// The protocol side of a long-running call (ARM asynchronous operations): Azure-AsyncOperation, else Location, else
/// `properties.provisioningState` of the resource. Not thread-safe.
class OperationPoller {
 public:
  /// `first` is the answer to `request`; a terminal one ends the operation at once.
  OperationPoller(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<Clock> clock, const HttpRequest& request,
                  const HttpResponse& first);
  /// Continues an operation that another process has started. Throws InvalidArgument for a broken token.
  [[nodiscard]] static OperationPoller resume(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<Clock> clock,
                                              const std::string& token);

  /// Whether it is over, whatever its end.
  [[nodiscard]] bool done() const noexcept { return done_; }
  /// `InProgress`, `Succeeded`, …
  [[nodiscard]] const std::string& status() const& noexcept { return status_; }
  const std::string& status() const&& = delete;
  /// One request; none when the operation is over. Throws OperationFailed when it has failed, each time the same, else
  /// as Pipeline::send.
  void poll(const CallContext& context);
  /// Polls until the operation is over, the last time shortly before the deadline; throws as poll(). A service that
  /// understands `Prefer: wait` (RFC 7240) is asked without pauses, and answers when there is something new.
  void wait(const PollOptions& options, const CallContext& context);
  /// The final document, empty where there is none. Only after done().
  [[nodiscard]] const std::string& result_body() const& noexcept { return result_; }
  const std::string& result_body() const&& = delete;
  /// What resume() takes. No secrets in it.
  [[nodiscard]] std::string resume_token() const;
  /// Method and URL of the request that started it.
  [[nodiscard]] const std::string& method() const& noexcept { return method_; }
  const std::string& method() const&& = delete;
  /// The same.
  [[nodiscard]] const std::string& resource_url() const& noexcept { return resource_url_; }
  const std::string& resource_url() const&& = delete;

 private:
  OperationPoller(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<Clock> clock);
  void accept(const HttpResponse& first);
  void look(const CallContext& context, bool may_wait);
  void poll_async_operation(const CallContext& context);
  void poll_location(const CallContext& context);
  void poll_resource(const CallContext& context);
  void finish(const CallContext& context);
  /// Ends it as failed. `document` is where the service says why.
  [[noreturn]] void fail(const std::string& document);
  void pause(Duration length, const CallContext& context) const;
  [[nodiscard]] HttpResponse get(const std::string& url, const CallContext& context, Headers headers = {}) const;
  HttpResponse get_status(const std::string& url, const CallContext& context);

  std::shared_ptr<const Pipeline> pipeline_;
  std::shared_ptr<Clock> clock_;
  std::string method_;
  std::string resource_url_;
  std::string async_url_;
  std::string location_url_;
  std::string status_ = "InProgress";
  std::string result_;
  std::optional<OperationFailed> failure_;
  std::optional<Duration> retry_after_;
  /// Whether the service may wait before it answers, and whether it did.
  bool may_wait_ = false;
  bool has_waited_ = false;
  bool done_ = false;
};

/// A long-running call that returns a T in the end. Movable; not thread-safe.
template <class T>
class [[nodiscard]] Operation {
 public:
  /// Makes the result out of the body of the last answer.
  using Decode = std::function<T(const std::string& body)>;

  /// Made by functions that are called `start_…`. `decode` makes the result out of the last answer.
  Operation(OperationPoller poller, Decode decode) : poller_(std::move(poller)), decode_(std::move(decode)) {}

  /// Whether it is over, whatever its end.
  [[nodiscard]] bool done() const noexcept { return poller_.done(); }
  /// `InProgress`, `Succeeded`, …, as of the last poll.
  [[nodiscard]] const std::string& status() const& noexcept { return poller_.status(); }
  const std::string& status() const&& = delete;
  /// Asks once how it stands. Throws OperationFailed when it turns out to have failed, else as a request does.
  void poll(const CallContext& context = {}) { poller_.poll(context); }
  /// Waits for the end. Throws OperationFailed, DeadlineExceeded, Cancelled, or as a request does. It can be repeated:
  /// after Cancelled or DeadlineExceeded the operation itself goes on in the service, a result is returned again and an
  /// OperationFailed thrown again.
  T wait(const PollOptions& options = {}, const CallContext& context = {}) {
    poller_.wait(options, context);
    return decode_(poller_.result_body());
  }
  /// Contains everything that another process needs to continue waiting. No secrets in it.
  [[nodiscard]] std::string resume_token() const { return poller_.resume_token(); }

 private:
  OperationPoller poller_;
  Decode decode_;
};

BATCHAI_NAMESPACE_END
