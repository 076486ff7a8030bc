#include "cli/jobs/range_reader.hpp"

#include "cli/app/services.hpp"

#include <charconv>
#include <utility>

namespace batchai::cli {
namespace {

constexpr std::uint64_t kPiece = 4ULL * 1024 * 1024;
/// URLs are asked to last an hour.
constexpr std::chrono::minutes kRenewAfter{45};

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t total = 0;
};

/// `bytes 10-19/20` (RFC 9110 14.4). An unknown total counts as none.
ContentRange parse_content_range(std::string_view text) {
  const auto number_at = [&](std::size_t at) {
    std::uint64_t value = 0;
    if (at < text.size()) {
      std::from_chars(text.data() + at, text.data() + text.size(), value);
    }
    return value;
  };
  const std::size_t blank = text.find(' ');
  const std::size_t slash = text.find('/');
  return {blank == std::string_view::npos ? 0 : number_at(blank + 1),
          slash == std::string_view::npos ? 0 : number_at(slash + 1)};
}

/// Without the query, which holds the signature.
std::string nameable(const std::string& url) { return url.substr(0, url.find('?')); }

}  // namespace

RangeReader::RangeReader(const Context& context, std::string url, Renew renew)
    : context_(context),
      pipeline_(make_signing_pipeline(context.services.client_options(), {})),
      url_(std::move(url)),
      renew_(std::move(renew)),
      renew_at_(context.clock().steady_now() + kRenewAfter) {}

void RangeReader::renew_url() {
  if (std::string fresh = renew_(); !fresh.empty()) {
    url_ = std::move(fresh);
  }
  renew_at_ = context_.clock().steady_now() + kRenewAfter;
}

HttpResponse RangeReader::get(std::uint64_t offset) {
  HttpRequest request{.method = "GET", .url = Url::parse(url_)};
  request.headers.set("Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + kPiece - 1));
  return pipeline_->send(std::move(request), context_.call());
}

RangeReader::Piece RangeReader::read(std::uint64_t offset) {
  if (context_.clock().steady_now() >= renew_at_) {
    renew_url();
  }
  HttpResponse response = get(offset);
  if (response.status == 401 || response.status == 403) {
    renew_url();
    response = get(offset);
  }
  return accept(response, offset);
}

RangeReader::Piece RangeReader::accept(const HttpResponse& response, std::uint64_t offset) const {
  if (response.status == 206) {
    const ContentRange range = parse_content_range(response.headers.get("Content-Range"));
    const std::uint64_t first = response.headers.contains("Content-Range") ? range.first : offset;
    const std::uint64_t skipped = offset > first ? offset - first : 0;
    std::string bytes = skipped < response.body.size() ? response.body.substr(skipped) : "";
    const bool more = offset + bytes.size() < range.total;
    return {std::move(bytes), more};
  }
  if (response.status == 200) {  // the whole file: Range was ignored
    return {offset < response.body.size() ? response.body.substr(offset) : "", false};
  }
  if (response.status == 416 || response.status == 404) {
    return {};
  }
  throw ServiceError(response.status,
                     {.code = response.headers.get("x-ms-error-code"),
                      .message = "cannot read " + nameable(url_) + " (HTTP " + std::to_string(response.status) + ")"},
                     response.headers.get("x-ms-request-id"));
}

}  // namespace batchai::cli
