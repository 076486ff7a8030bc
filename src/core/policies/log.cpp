#include "batchai/core/error.hpp"
#include "core/policies/policies.hpp"
#include "core/redacted.hpp"

namespace batchai::policies {
namespace {

/// Longer bodies are cut: a listing may hold thousands of entries.
constexpr std::size_t kLongestBody = 16'000;

std::string shown_headers(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) {
    text += "\n    " + name + ": " + redacted_header(name, value);
  }
  return text;
}

/// Indented like the headers, with an empty line in front. `elsewhere`: bytes that are not in `body`.
std::string shown_body(const std::string& body, std::uint64_t elsewhere, const Headers& headers) {
  const std::string type = headers.get("Content-Type");
  std::string shown = elsewhere > 0 ? size_of_body(elsewhere, type) : redacted_body(body, type);
  if (shown.empty()) {
    return "";
  }
  shown.pop_back();
  if (shown.size() > kLongestBody) {
    shown.resize(kLongestBody);
    shown += "\n(cut; " + std::to_string(body.size()) + " bytes in all)";
  }
  std::string text = "\n\n    ";
  for (const char c : shown) {
    text += c == '\n' ? "\n    " : std::string(1, c);
  }
  return text;
}

class LogPolicy final : public Policy {
 public:
  LogPolicy(LogSink sink, LogLevel least, std::shared_ptr<Clock> clock)
      : sink_(std::move(sink)), has_debug_(least == LogLevel::Debug), clock_(std::move(clock)) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    const std::string what = request.method + " " + redacted_url(request.url);
    if (has_debug_) {
      sink_(LogLevel::Debug,
            "> " + what + shown_headers(request.headers) +
                shown_body(request.body, request.source == nullptr ? 0 : request.body_size(), request.headers));
    }
    const auto started = clock_->steady_now();
    try {
      HttpResponse response = next.send(request, context);
      if (has_debug_) {
        sink_(LogLevel::Debug, "< " + std::to_string(response.status) + " " + what + took(started) + ", " +
                                   std::to_string(response.body.size() + response.sunk) + " bytes" +
                                   shown_headers(response.headers) +
                                   shown_body(response.body, response.sunk, response.headers));
      }
      return response;
    } catch (const Error& error) {
      sink_(LogLevel::Warning, "! " + what + took(started) + ": " + error.what());
      throw;
    }
  }

 private:
  std::string took(std::chrono::steady_clock::time_point started) const {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_->steady_now() - started);
    return " in " + std::to_string(elapsed.count()) + " ms";
  }

  LogSink sink_;
  bool has_debug_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace

std::unique_ptr<const Policy> log(LogSink sink, LogLevel least, std::shared_ptr<Clock> clock) {
  return std::make_unique<LogPolicy>(std::move(sink), least, std::move(clock));
}

}  // namespace batchai::policies
