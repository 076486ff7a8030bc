#include "core/answer.hpp"

#include "batchai/core/clock.hpp"
#include "core/retry_after.hpp"
#include "core/text_at.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

constexpr std::size_t kLongestForeignText = 500;

/// Those that ErrorBody has members for.
constexpr std::array<std::string_view, 4> kErrorMembers = {"code", "message", "target", "details"};

ErrorBody read_nested(const nlohmann::json& error, int depth) {
  ErrorBody body;
  if (!error.is_object()) {
    return body;
  }
  body.code = text_at(error, "code");
  body.message = text_at(error, "message");
  body.target = text_at(error, "target");
  for (const auto& [name, value] : error.items()) {
    if (name == "details" && value.is_array() && depth > 0) {
      for (const auto& detail : value) {
        body.details.push_back(read_nested(detail, depth - 1));
      }
    } else if (std::find(kErrorMembers.begin(), kErrorMembers.end(), name) == kErrorMembers.end()) {
      body.extra[name] = value.is_string() ? value.get<std::string>()
                                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
  }
  return body;
}

/// The target of a redirect, without a query that may hold a signature.
std::string describe_redirect(const std::string& location) {
  return "it leads to '" + location.substr(0, location.find('?')) + "'; redirects are not followed";
}

bool is_web_page(const HttpResponse& response) {
  constexpr std::size_t kLongestBeginning = 15;
  const auto first = response.body.find_first_not_of(" \t\r\n");
  const std::string begin =
      first == std::string::npos ? "" : to_lower(std::string_view(response.body).substr(first, kLongestBeginning));
  return to_lower(response.headers.get("Content-Type")).starts_with("text/html") ||
         begin.starts_with("<!doctype html") || begin.starts_with("<html");
}

/// Of a web page, on one line; may be empty.
std::string title_of(const std::string& page) {
  constexpr std::string_view kTag = "<title>";
  const std::string lower = to_lower(page.substr(0, 20'000));
  const auto begin = lower.find(kTag);
  const auto end = begin == std::string::npos ? begin : lower.find("</title>", begin);
  if (end == std::string::npos) {
    return {};
  }
  std::string title;
  std::istringstream words(page.substr(begin + kTag.size(), std::min(end - begin - kTag.size(), kLongestForeignText)));
  for (std::string word; words >> word;) {
    title += (title.empty() ? "" : " ") + word;
  }
  return title;
}

}  // namespace

std::optional<std::string> describe_foreign_answer(const HttpResponse& response) {
  const std::string location = response.headers.get("Location");
  if (response.status >= 300 && response.status < 400 && !location.empty()) {
    return describe_redirect(location);
  }
  if (!is_web_page(response)) {
    return std::nullopt;
  }
  const std::string title = title_of(response.body);
  return "a web page" + (title.empty() ? "" : " '" + title + "'") +
         " came instead of the service's answer; a proxy or another server may have sent it";
}

std::string describe_pause(const HttpResponse& response) {
  const auto pause = retry_after(response.headers, system_clock()->now());
  if (!pause || *pause <= Duration::zero()) {
    return {};
  }
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(*pause).count();
  const std::string length = minutes <= 2
                                 ? std::to_string(std::chrono::ceil<std::chrono::seconds>(*pause).count()) + " s"
                             : minutes < 120 ? std::to_string(minutes) + " minutes"
                                             : std::to_string((minutes + 59) / 60) + " hours";
  return " (Retry-After: a pause of " + length + ")";
}

ErrorBody read_error_body(const nlohmann::json& error) { return read_nested(error, 8); }

RefusedRequest refused_request(const HttpResponse& response, Timestamp now) {
  return {.method = response.request.method,
          .url = response.request.url,
          .client_request_id = response.request.client_request_id,
          .request_id = response.headers.get("x-ms-request-id"),
          .retry_after = retry_after(response.headers, now),
          .raw_body = response.body.substr(0, RefusedRequest::kLongest)};
}

ServiceError make_service_error(const HttpResponse& response) {
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  ErrorBody body;
  if (document.is_object()) {
    const auto error = document.find("error");
    body = read_error_body(error != document.end() && error->is_object() ? *error : document);
  }
  if (body.code.empty() && body.message.empty()) {
    const std::string& text = response.body.empty() ? response.reason : response.body;
    body.message = describe_foreign_answer(response).value_or(text.substr(0, kLongestForeignText));
  }
  if (response.status >= 400) {
    body.message += describe_pause(response);
  }
  return {response.status, std::move(body), refused_request(response, system_clock()->now())};
}

void require_success(const HttpResponse& response) {
  if (response.status < 200 || response.status > 299) {
    throw_service_error(make_service_error(response));
  }
  if (const auto foreign = describe_foreign_answer(response)) {
    throw ProtocolError("the service answered with status " + std::to_string(response.status) + ", but " + *foreign);
  }
}

nlohmann::json require_json(const HttpResponse& response) {
  require_success(response);
  auto document = nlohmann::json::parse(response.body, nullptr, false);
  if (document.is_discarded()) {
    throw ProtocolError("the service answered with status " + std::to_string(response.status) +
                        " and a body that is not JSON");
  }
  return document;
}

}  // namespace batchai::inline v1
