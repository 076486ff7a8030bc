#include "batchai/range_reader.hpp"

#include "batchai/core/error.hpp"
#include "core/answer.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace batchai::inline v1 {
namespace {

constexpr std::uint64_t kPiece = 4ULL * 1024 * 1024;
/// The first version in which names may end in dots.
constexpr const char* kDotsVersion = "2022-11-02";
/// For URLs that do not say when they expire: they are requested for an hour.
constexpr std::chrono::minutes kRenewAfter{45};

struct ContentRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> total = {};
};

/// `bytes 10-19/20`, `bytes */20` or `bytes 10-19/*` (RFC 9110 14.4).
ContentRange parse_content_range(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const std::size_t slash = text.find('/');
  ContentRange range;
  if (blank != std::string_view::npos) {
    const std::string_view first = text.substr(blank + 1, text.find('-', blank) - blank - 1);
    range.first = parse_number<std::uint64_t>(first).value_or(0);
  }
  if (slash != std::string_view::npos) {
    range.total = parse_number<std::uint64_t>(text.substr(slash + 1));
  }
  return range;
}

/// How long a signed URL may be used: a part of the time that is left until its `se`, since clocks differ.
Duration time_to_use(const Url& url, Timestamp now) {
  for (const auto& [name, value] : url.query_parameters()) {
    const auto end = name == "se" ? parse_iso8601(value) : std::nullopt;
    if (end && *end > now) {
      return std::min<Duration>(kRenewAfter, (*end - now) * 3 / 4);
    }
  }
  return kRenewAfter;
}

/// Whether a name in it ends in a dot. Azure Files drops such dots unless a header says that they are meant.
bool has_trailing_dot(const Url& url) {
  return url.path().ends_with('.') || url.path().find("./") != std::string::npos;
}

/// Without the query, which holds the signature.
std::string nameable(const std::string& url) { return url.substr(0, url.find('?')); }

}  // namespace

RangeReader::RangeReader(const ClientOptions& client, std::string url, Renew renew, CallContext context)
    : clock_(client.clock),
      pipeline_(make_signing_pipeline(client, {})),
      renew_(std::move(renew)),
      context_(std::move(context)) {
  use(std::move(url));
}

void RangeReader::use(std::string url) {
  url_ = std::move(url);
  renew_at_ = clock_->steady_now() + time_to_use(Url::parse(url_), clock_->now());
}

void RangeReader::renew_url() {
  std::string fresh = renew_();
  use(fresh.empty() ? url_ : std::move(fresh));
}

HttpResponse RangeReader::get(std::uint64_t offset) {
  HttpRequest request{.method = "GET", .url = Url::parse(url_)};
  request.headers.set("Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + kPiece - 1));
  if (has_trailing_dot(request.url)) {
    request.headers.set("x-ms-version", kDotsVersion);
    request.headers.set("x-ms-allow-trailing-dot", "true");
  }
  return pipeline_->send(std::move(request), context_);
}

RangeReader::Piece RangeReader::read(std::uint64_t offset) {
  if (clock_->steady_now() >= renew_at_) {
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
  const std::string field = response.headers.get("Content-Range");
  const std::string etag = response.headers.get("ETag");
  if (response.status == 206) {
    const ContentRange range = field.empty() ? ContentRange{.first = offset} : parse_content_range(field);
    if (range.first > offset) {
      throw ProtocolError("the server of " + nameable(url_) + " answered with another part of the file than asked for");
    }
    const std::uint64_t skipped = offset - range.first;
    std::string bytes = skipped < response.body.size() ? response.body.substr(skipped) : "";
    const bool more = offset + bytes.size() < range.total.value_or(0);
    return {.bytes = std::move(bytes), .more = more, .total = range.total, .etag = etag};
  }
  if (response.status == 200) {  // the whole file: Range was ignored
    const std::size_t size = response.body.size();
    return {.bytes = offset < size ? response.body.substr(offset) : "",
            .shorter = size < offset,
            .total = size,
            .etag = etag};
  }
  if (response.status == 416) {
    const auto total = parse_content_range(field).total;
    return {.shorter = total.value_or(offset) < offset, .total = total};
  }
  if (response.status == 404) {
    return {};
  }
  throw_service_error(
      ServiceError(response.status,
                   {.code = response.headers.get("x-ms-error-code"),
                    .message = "cannot read " + nameable(url_) + " (HTTP " + std::to_string(response.status) + ")"},
                   refused_request(response, clock_->now())));
}

}  // namespace batchai::inline v1
