#include "identity/token_answer.hpp"

#include "batchai/core/error.hpp"
#include "core/answer.hpp"
#include "core/parse_number.hpp"
#include "core/text_at.hpp"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;
using std::chrono::seconds;

/// `AADSTS7000215: …`, without the trace ids that follow on further lines.
std::string first_line(const std::string& text) { return text.substr(0, text.find_first_of("\r\n")); }

[[noreturn]] void refuse(const std::string& refusal, const HttpResponse& response, const json& answer) {
  std::string description = first_line(text_at(answer, "error_description"));
  const std::string code =
      description.starts_with("AADSTS") ? description.substr(0, description.find(':')) : text_at(answer, "error");
  if (description.empty()) {
    description = first_line(text_at(answer, "message"));  // of App Service
  }
  const std::string status = "the answer was status " + std::to_string(response.status);
  const auto foreign = describe_foreign_answer(response);
  const std::string reason = !description.empty() ? description : status + (foreign ? ": " + *foreign : "");
  throw AuthenticationError(refusal + ": " + reason, code);
}

/// A number in v2 answers, a string in v1 ones and those of managed identities.
std::optional<std::int64_t> number_member(const json& answer, const char* name) {
  const auto it = answer.is_object() ? answer.find(name) : answer.end();
  if (it == answer.end()) {
    return std::nullopt;
  }
  if (it->is_number()) {
    return it->get<std::int64_t>();
  }
  return it->is_string() ? parse_number<std::int64_t>(it->get_ref<const std::string&>()) : std::nullopt;
}

/// The earlier one of `expires_in` and `expires_on` where both are there: a metadata service that gives a token from
/// its cache may still count the seconds from when the token was new. App Service gives `expires_on` alone.
std::optional<Timestamp> expiry(const json& answer, Timestamp now) {
  std::optional<Timestamp> result;
  if (const auto lasts = number_member(answer, "expires_in")) {
    result = now + seconds(*lasts);
  }
  if (const auto moment = number_member(answer, "expires_on")) {
    result = std::min(result.value_or(Timestamp::max()), Timestamp(seconds(*moment)));
  }
  return result;
}

}  // namespace

AccessToken read_token_answer(const HttpResponse& response, const std::string& refusal, Timestamp now) {
  const json answer = json::parse(response.body, nullptr, false);
  if (response.status != 200) {
    refuse(refusal, response, answer);
  }
  const std::string token = text_at(answer, "access_token");
  const auto expires_on = expiry(answer, now);
  if (token.empty() || !expires_on) {
    const auto foreign = describe_foreign_answer(response);
    throw ProtocolError(refusal + ": " + foreign.value_or("the answer lacks access_token or expires_in"));
  }
  return {Secret(token), *expires_on};
}

}  // namespace batchai::inline v1
