#include "arm/registration.hpp"

#include "core/answer.hpp"

#include <algorithm>

namespace batchai::inline v1 {
namespace {

constexpr int kConflict = 409;

bool is_namespace(std::string_view text) {
  return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
}

/// The quoted name in `The subscription is not registered to use namespace 'Microsoft.BatchAI'.`
std::string_view between_quotes(std::string_view message) {
  const std::size_t begin = message.find('\'');
  const std::size_t end = begin == std::string_view::npos ? begin : message.find('\'', begin + 1);
  return end == std::string_view::npos ? std::string_view() : message.substr(begin + 1, end - begin - 1);
}

/// The provider that the request was for.
std::string_view addressed(std::string_view path) {
  constexpr std::string_view kSegment = "/providers/";
  const std::size_t found = path.rfind(kSegment);
  const std::string_view rest = found == std::string_view::npos ? "" : path.substr(found + kSegment.size());
  return rest.substr(0, rest.find('/'));
}

}  // namespace

std::string unregistered_provider(const HttpRequest& request, const HttpResponse& response) {
  if (response.status != kConflict) {
    return {};
  }
  const ServiceError error = make_service_error(response);
  if (error.code() != "MissingSubscriptionRegistration") {
    return {};
  }
  const std::string_view named = between_quotes(error.body().message);
  return std::string(is_namespace(named) ? named : addressed(request.url.path()));
}

}  // namespace batchai::inline v1
