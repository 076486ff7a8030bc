#include "cli/app/request_kind.hpp"

#include <algorithm>
#include <array>

namespace batchai::cli {

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

bool is_management(const HttpRequest& request) { return request.url.query().find("api-version=") != std::string::npos; }

}  // namespace batchai::cli
