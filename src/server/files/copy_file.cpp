#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"
#include "core/random.hpp"
#include "server/files/open_node.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

constexpr Need kReadSource{"o", "r", "sf"};
constexpr std::size_t kBlock = 1U << 20U;

StorageError unreadable_source() { return StorageError("CannotVerifyCopySource"); }

Url parse_source(const Call& call) {
  try {
    return Url::parse(call.header("x-ms-copy-source"));
  } catch (const InvalidArgument&) {
    throw invalid_header("x-ms-copy-source", "");
  }
}

/// The account key opens the sources of its own account; every other one needs a SAS of its own.
Address authorize_source(const Call& call, const Url& url) {
  Address source = parse_address(url.host(), url.path(), {});
  if (source.share.empty() || source.path.empty()) {
    throw unreadable_source();
  }
  if (const auto token = signing::SasToken::parse(url.query_parameters())) {
    call.backend.authorizer.authorize_sas(*token, call.request, source).require(kReadSource);
  } else if (!call.principal.is_owner() || source.account != call.address.account) {
    throw unreadable_source();
  }
  return source;
}

OpenFile open_source(const Call& call, const Address& source) {
  try {
    return open_for_reading(call.backend, source);
  } catch (const StorageError&) {
    throw unreadable_source();
  }
}

void copy_bytes(int from, int to, std::uint64_t size) {
  std::string block(std::min<std::uint64_t>(size, kBlock), '\0');
  std::uint64_t offset = 0;
  while (offset < size) {
    const auto wanted = std::min<std::uint64_t>(block.size(), size - offset);
    const ssize_t count = pread(from, block.data(), wanted, static_cast<off_t>(offset));
    if (count == 0) {
      throw unreadable_source();
    }
    if (count < 0) {
      throw from_errno(errno);
    }
    if (pwrite(to, block.data(), static_cast<std::size_t>(count), static_cast<off_t>(offset)) != count) {
      throw from_errno(ENOSPC);
    }
    offset += static_cast<std::uint64_t>(count);
  }
}

/// Data of `source` and `attributes` into the target.
void fill_target(const Call& call, const OpenFile& source, OpenFile& target, Attributes attributes) {
  FileChange change(target.descriptor.get());
  if (source.state.id != target.state.id) {
    if (ftruncate(target.descriptor.get(), 0) != 0) {
      throw from_errno(errno);
    }
    copy_bytes(source.descriptor.get(), target.descriptor.get(), source.state.size);
  }
  call.backend.attributes.save(target.descriptor.get(), attributes);
  target.attributes = std::move(attributes);
  target.state = change.finish();
}

}  // namespace

Response copy_file(const Call& call) {
  const Url url = parse_source(call);
  const OpenFile source = open_source(call, authorize_source(call, url));
  Attributes attributes = source.attributes;
  attributes.copy_id = random_guid();
  attributes.copy_source = url.origin() + url.path();
  if (Metadata metadata = read_metadata(call.request.headers); !metadata.empty()) {
    attributes.metadata = std::move(metadata);
  }
  OpenFile target = open_for_creating(call);
  fill_target(call, source, target, std::move(attributes));
  Response response{.status = 202};
  set_moment(response, target.state.etag(), target.state.last_modified());
  response.headers.set("x-ms-copy-id", target.attributes.copy_id);
  response.headers.set("x-ms-copy-status", "success");
  return response;
}

Response abort_copy(const Call& call) {
  open_for_reading(call);
  throw StorageError("NoPendingCopyOperation");
}

}  // namespace batchai::server::files::operations
