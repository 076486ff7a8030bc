#include "batchai/core/error.hpp"
#include "core/policies/policies.hpp"

#include <algorithm>
#include <array>

namespace batchai::policies {
namespace {

constexpr std::array<std::string_view, 20> kShownHeaders = {"Accept",
                                                            "Content-Length",
                                                            "Content-Range",
                                                            "Content-Type",
                                                            "Date",
                                                            "ETag",
                                                            "Last-Modified",
                                                            "Range",
                                                            "Retry-After",
                                                            "User-Agent",
                                                            "request-id",
                                                            "x-ms-client-request-id",
                                                            "x-ms-date",
                                                            "x-ms-error-code",
                                                            "x-ms-range",
                                                            "x-ms-request-id",
                                                            "x-ms-type",
                                                            "x-ms-version",
                                                            "x-ms-content-length",
                                                            "x-ms-write"};

constexpr std::array<std::string_view, 12> kShownParameters = {"api-version",
                                                               "comp",
                                                               "directory",
                                                               "linkexpiryinminutes",
                                                               "marker",
                                                               "maxresults",
                                                               "outputdirectoryid",
                                                               "prefix",
                                                               "restype",
                                                               "include",
                                                               "sr",
                                                               "sv"};

bool is_shown(const auto& allowed, std::string_view name) {
  return std::any_of(allowed.begin(), allowed.end(), [name](std::string_view known) { return iequals(known, name); });
}

std::string shown_url(const Url& url) {
  Url shown = url;
  shown.set_query({});
  for (const auto& [name, value] : url.query_parameters()) {
    shown.add_query(name, is_shown(kShownParameters, name) ? value : "REDACTED");
  }
  return shown.to_string();
}

std::string shown_headers(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) {
    text += "\n    " + name + ": " + (is_shown(kShownHeaders, name) ? value : "REDACTED");
  }
  return text;
}

class LogPolicy final : public Policy {
 public:
  LogPolicy(LogSink sink, std::shared_ptr<Clock> clock) : sink_(std::move(sink)), clock_(std::move(clock)) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    const std::string what = request.method + " " + shown_url(request.url);
    sink_(LogLevel::Debug, "> " + what + shown_headers(request.headers));
    const auto started = clock_->steady_now();
    try {
      HttpResponse response = next.send(request, context);
      sink_(LogLevel::Debug, "< " + std::to_string(response.status) + " " + what + took(started) + ", " +
                                 std::to_string(response.body.size()) + " bytes" + shown_headers(response.headers));
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
  std::shared_ptr<Clock> clock_;
};

}  // namespace

std::unique_ptr<const Policy> log(LogSink sink, std::shared_ptr<Clock> clock) {
  return std::make_unique<LogPolicy>(std::move(sink), std::move(clock));
}

}  // namespace batchai::policies
