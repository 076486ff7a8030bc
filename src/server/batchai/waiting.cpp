#include "server/batchai/waiting.hpp"

#include "core/parse_number.hpp"
#include "server/batchai/answer.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

namespace batchai::server {

namespace {

constexpr int kLongestWait = 60;
/// What a job waits for may change although the job does not.
constexpr std::chrono::seconds kLongestMomentaryWait{10};

std::string without_blanks(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t");
  const auto end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

/// The value of a preference `name=value`.
std::optional<std::string> value_of(const std::string& preference, std::string_view name) {
  const std::size_t equals = preference.find('=');
  if (equals == std::string::npos || !iequals(without_blanks(preference.substr(0, equals)), name)) {
    return std::nullopt;
  }
  return without_blanks(preference.substr(equals + 1, preference.find(';') - equals - 1));
}

Response not_modified(const DocumentText& document) {
  Response response = resource_response(DocumentText{.changed = document.changed});
  response.status = 304;
  response.body.clear();
  response.headers.remove("Content-Type");
  return response;
}

}  // namespace

std::optional<std::chrono::seconds> preferred_wait(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (!iequals(name, "Prefer")) {
      continue;
    }
    std::istringstream preferences(value);
    for (std::string preference; std::getline(preferences, preference, ',');) {
      const auto text = value_of(preference, "wait");
      const auto seconds = text ? parse_number<int>(*text) : std::nullopt;
      if (seconds && *seconds > 0) {
        return std::chrono::seconds(std::min(*seconds, kLongestWait));
      }
    }
  }
  return std::nullopt;
}

Wait::Wait(const Request& request, const AwaitChange& await, const std::string& key)
    : length_(await ? preferred_wait(request) : std::nullopt) {
  if (length_) {
    change_ = request.may_wait ? await(key) : nullptr;
    honoured_ = change_ != nullptr || !request.may_wait;
  }
}

std::optional<Response> Wait::instead() const {
  return change_ ? std::optional(Response{.awaits = change_, .wait_time = *length_}) : std::nullopt;
}

Response Wait::mark(Response answer) const {
  if (honoured_) {
    answer.headers.set("Preference-Applied", "wait=" + std::to_string(length_->count()));
  }
  return answer;
}

Response read_or_wait(const Request& request, const AwaitChange& await, const std::string& key,
                      const std::function<DocumentText()>& read) {
  const Wait wait(request, await, key);
  DocumentText document = read();
  const std::string* known = request.headers.find("If-None-Match");
  // By itself If-None-Match means nothing to a GET of the API.
  if (known == nullptr || !preferred_wait(request) || !names_etag(*known, document.changed)) {
    return wait.mark(resource_response(std::move(document)));
  }
  auto later = wait.instead();
  if (!later) {
    return wait.mark(document.momentary ? resource_response(std::move(document)) : not_modified(document));
  }
  if (document.momentary) {
    later->wait_time = std::min<std::chrono::milliseconds>(later->wait_time, kLongestMomentaryWait);
  }
  return *std::move(later);
}

}  // namespace batchai::server
