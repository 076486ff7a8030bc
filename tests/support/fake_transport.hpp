#pragma once

#include "batchai/core/transport.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace batchai::test {

/// A scripted network. Answers are given in the order of the script, each to the request it names; any other request
/// fails the test and the call. Answers left over when it is destroyed fail the test too. Thread-safe.
class FakeTransport final : public Transport {
 public:
  /// Makes the answer, or throws in its place (TransportError, …).
  using Answer = std::function<HttpResponse(const HttpRequest& request, const CallContext& context)>;

  ~FakeTransport() override {
    for (const Expectation& left : script_) {
      ADD_FAILURE() << "never requested: " << left.method << ' ' << left.url;
    }
  }

  /// `url` is the whole URL, as `https://management.azure.com/subscriptions?api-version=2019-11-01`.
  FakeTransport& on(std::string method, std::string url, HttpResponse response) {
    return on_call(std::move(method), std::move(url),
                   [response = std::move(response)](const HttpRequest&, const CallContext&) { return response; });
  }

  /// Any URL that begins with `prefix`, for names that are random.
  FakeTransport& on_below(std::string method, std::string prefix, HttpResponse response) {
    on(std::move(method), std::move(prefix), std::move(response));
    script_.back().whole = false;
    return *this;
  }

  FakeTransport& on_call(std::string method, std::string url, Answer answer) {
    const std::lock_guard lock(mutex_);
    script_.push_back({std::move(method), std::move(url), std::move(answer)});
    return *this;
  }

  HttpResponse send(const HttpRequest& request, const CallContext& context) override {
    return take(request)(request, context);
  }

  /// All requests so far, also the unexpected ones.
  std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  HttpRequest last_request() const {
    const std::lock_guard lock(mutex_);
    if (requests_.empty()) {
      throw std::logic_error("no request was sent");
    }
    return requests_.back();
  }

 private:
  struct Expectation {
    std::string method;
    std::string url;
    Answer answer;
    bool whole = true;
  };

  Answer take(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const std::string got = request.method + ' ' + request.url.to_string();
    if (script_.empty()) {
      ADD_FAILURE() << "unexpected request: " << got;
      throw std::logic_error("unexpected request: " + got);
    }
    const std::string expected = script_.front().method + ' ' + script_.front().url;
    if (script_.front().whole ? got != expected : !got.starts_with(expected)) {
      ADD_FAILURE() << "unexpected request: " << got << "\n          expected: " << expected;
      throw std::logic_error("unexpected request: " + got);
    }
    Answer answer = std::move(script_.front().answer);
    script_.pop_front();
    return answer;
  }

  mutable std::mutex mutex_;
  std::deque<Expectation> script_;
  std::vector<HttpRequest> requests_;
};

/// An answer with a JSON body.
inline HttpResponse json_response(int status, std::string body, Headers headers = {}) {
  headers.set("Content-Type", "application/json; charset=utf-8");
  return {.status = status, .reason = {}, .headers = std::move(headers), .body = std::move(body)};
}

/// An answer without a body.
inline HttpResponse empty_response(int status, Headers headers = {}) {
  return {.status = status, .reason = {}, .headers = std::move(headers), .body = {}};
}

}  // namespace batchai::test
