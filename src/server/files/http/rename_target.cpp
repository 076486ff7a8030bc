#include "server/files/http/rename_target.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"
#include "server/files/auth/authorization.hpp"
#include "server/files/http/storage_error.hpp"

namespace batchai::server::files {
namespace {

constexpr const char* kSource = "x-ms-file-rename-source";

}  // namespace

bool is_rename(const Request& request) {
  const std::string* comp = request.query_parameter("comp");
  return request.method == "PUT" && comp != nullptr && iequals(*comp, "rename");
}

std::string named_account(const Request& request) {
  std::string account = signed_account(request);
  return account.empty() && is_rename(request) ? rename_source(request).account : account;
}

Address rename_source(const Request& request) {
  const std::string* text = request.headers.find(kSource);
  if (text == nullptr) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", kSource);
  }
  try {
    const Url url = Url::parse(*text);
    return parse_address(url.host(), url.path(), signed_account(request));
  } catch (const InvalidArgument&) {
    throw invalid_header(kSource, "");
  }
}

void complete_rename_target(const Request& request, Address& target, const Shares& shares) {
  const Address source = rename_source(request);
  if (source.account != target.account || shares.exists(target.account, target.share) ||
      !shares.exists(source.account, source.share)) {
    return;
  }
  if (!target.share.empty()) {
    target.path.insert(target.path.begin(), target.share);
  }
  target.share = source.share;
}

}  // namespace batchai::server::files
