#include "cli/app/dry_run/request_kind.hpp"

namespace batchai::cli {

bool only_reads(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD" || (request.method == "POST" && request.repeatable);
}

bool is_management(const HttpRequest& request) { return request.url.query().find("api-version=") != std::string::npos; }

}  // namespace batchai::cli
