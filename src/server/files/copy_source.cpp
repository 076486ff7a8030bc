#include "server/files/copy_source.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"

#include <fcntl.h>

namespace batchai::server::files {
namespace {

constexpr Need kReadSource{"o", "r", "sf"};

Url parse_source(const Call& call) {
  try {
    return Url::parse(call.header("x-ms-copy-source"));
  } catch (const InvalidArgument&) {
    throw invalid_header("x-ms-copy-source", "");
  }
}

/// Whether the URL can be one of this service: by the name that the request has reached it under, by a name for
/// loopback, or by an account's host.
bool is_here(const Call& call, const Url& url, const Address& source) {
  return !source.path_style || url.is_loopback() || iequals(url.authority(), call.header("Host"));
}

Address authorize_source(const Call& call, const Url& url) {
  Address source = parse_address(url.host(), url.path(), {});
  if (source.share.empty() || source.path.empty() || !is_here(call, url, source)) {
    throw unreadable_source();
  }
  if (auto token = signing::SasToken::parse(url.query_parameters())) {
    call.backend.authorizer.authorize_sas(std::move(*token), call.request, source).require(kReadSource);
  } else if (!call.principal.is_owner() || source.account != call.address.account) {
    throw unreadable_source();
  }
  return source;
}

Descriptor open_source_share(const Call& call, const Address& source, const Url& url) {
  for (const auto& [name, value] : url.query_parameters()) {
    if (iequals(name, "sharesnapshot") && !value.empty()) {
      const auto time = parse_iso8601(value);
      return time ? call.backend.snapshots.open(source.account, source.share, format_iso8601_ticks(*time))
                  : throw unreadable_source();
    }
  }
  return call.backend.shares.open(source.account, source.share);
}

}  // namespace

CopySource open_copy_source(const Call& call) {
  const Url url = parse_source(call);
  const Address source = authorize_source(call, url);
  try {
    const Descriptor share = open_source_share(call, source, url);
    return {open_at(call.backend, locate(share.get(), source.path), O_RDONLY), url.origin() + url.path()};
  } catch (const StorageError&) {
    throw unreadable_source();
  }
}

StorageError unreadable_source() { return StorageError("CannotVerifyCopySource"); }

}  // namespace batchai::server::files
