#include "cli/app/dry_run.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

/// Token requests, and the POST calls of ARM and Batch AI that only list.
bool only_reads(const HttpRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") {
    return true;
  }
  const std::string path = to_lower(request.url.path());
  constexpr std::array<std::string_view, 5> kReading{"/oauth2/v2.0/token", "/listkeys", "/listoutputfiles",
                                                     "/listremotelogininformation", "/checknameavailability"};
  return request.method == "POST" &&
         std::any_of(kReading.begin(), kReading.end(), [&](std::string_view end) { return path.ends_with(end); });
}

void hide_secrets(json& value, bool secret_list) {
  constexpr std::array<std::string_view, 5> kSecrets{"accountKey", "adminUserPassword", "password",
                                                     "instrumentationKey", "clientSecret"};
  if (value.is_array()) {
    for (json& item : value) {
      hide_secrets(item, secret_list);
    }
  }
  if (!value.is_object()) {
    return;
  }
  for (auto& [name, member] : value.items()) {
    const bool secret =
        std::find(kSecrets.begin(), kSecrets.end(), name) != kSecrets.end() || (secret_list && name == "value");
    if (secret && member.is_string()) {
      member = "***";
    } else {
      hide_secrets(member, name == "secrets");
    }
  }
}

}  // namespace

std::string presentable_body(const std::string& body) {
  json document = json::parse(body, nullptr, false);
  if (document.is_discarded()) {
    return body.empty() ? "" : "(" + std::to_string(body.size()) + " bytes)\n";
  }
  hide_secrets(document, false);
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

HttpResponse DryRunTransport::send(const HttpRequest& request, const CallContext& context) {
  if (only_reads(request)) {
    return next_->send(request, context);
  }
  out_ << request.method << ' ' << request.url.to_string() << '\n' << presentable_body(request.body) << std::flush;
  throw DryRunEnd();
}

}  // namespace batchai::cli
