#include "server/files/operations/copy_source.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"
#include "server/files/http/carried_text.hpp"

#include <fcntl.h>

namespace batchai::server::files {
namespace {

constexpr Need kReadSource{"o", "r", "sf"};

Url parse_source(const Call& call) {
  const std::string text = call.header("x-ms-copy-source");
  try {
    if (is_header_text(text)) {
      return Url::parse(text);
    }
  } catch (const InvalidArgument&) {
    // Not shown: it may hold a signature.
  }
  throw invalid_header("x-ms-copy-source", "");
}

/// Whether the URL can be one of this service: by the host name of the request, by a name for
/// loopback, or by an account's host.
bool is_here(const Call& call, const Url& url, const Address& source) {
  return !source.path_style || url.is_loopback() || iequals(url.authority(), call.header("Host"));
}

Address authorize_source(const Call& call, const Url& url) {
  Address source = parse_address(url.host(), url.path(), {});
  if (source.share.empty() || source.path.empty() || !is_here(call, url, source)) {
    throw StorageError("ResourceNotFound");
  }
  Principal principal = call.principal;
  if (auto token = signing::SasToken::parse(url.query_parameters())) {
    principal = call.backend.authorizer.authorize_sas(std::move(*token), call.request, source);
    principal.require(kReadSource);
  } else if (!call.principal.is_owner() || source.account != call.address.account) {
    throw authentication_failed("The source is of another account: it needs a signature of its own.");
  }
  if (!principal.is_for_one_file()) {
    strip_trailing_dots(source, call.header("x-ms-source-allow-trailing-dot"));
  }
  return source;
}

Descriptor open_source_share(const Call& call, const Address& source, const Url& url) {
  for (const auto& [name, value] : url.query_parameters()) {
    if (iequals(name, "sharesnapshot") && !value.empty()) {
      const auto time = parse_iso8601(value);
      return time ? call.backend.snapshots.open(source.account, source.share, format_iso8601_ticks(*time))
                  : throw StorageError("ResourceNotFound");
    }
  }
  return call.backend.shares.open(source.account, source.share);
}

}  // namespace

CopySource open_copy_source(const Call& call) {
  const Url url = parse_source(call);
  try {
    const Address source = authorize_source(call, url);
    const Descriptor share = open_source_share(call, source, url);
    return {open_at(call.backend, locate(share.get(), source.path), O_RDONLY), url.origin() + url.path()};
  } catch (const StorageError& error) {
    throw unreadable_source(error);
  }
}

StorageError unreadable_source(const StorageError& cause) {
  return StorageError("CannotVerifyCopySource").with_status(cause.status()).with_message(cause.what());
}

}  // namespace batchai::server::files
