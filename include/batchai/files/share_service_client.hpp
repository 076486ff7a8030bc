#pragma once

#include "batchai/core/pageable.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/files/service_properties.hpp"
#include "batchai/files/share_client.hpp"
#include "batchai/files/storage_account.hpp"
#include "batchai/version.hpp"

#include <optional>
#include <string>
#include <string_view>

BATCHAI_NAMESPACE_BEGIN
namespace files {

/// What a list of shares shows.
struct ListSharesOptions {
  std::string prefix = {};
  /// Entries of one page, 1 to 5000; it does not bound the whole list. The service takes 5000 where it is absent.
  std::optional<int> page_size = {};
  /// Whether snapshots are listed, too.
  bool snapshots = false;
  /// Whether ShareItem::metadata is filled.
  bool metadata = false;
};

/// All shares of one storage account. Thread-safe, cheap to copy.
///
/// Every request of this and the other clients throws ServiceError with the service's code, else as Pipeline::send.
class ShareServiceClient {
 public:
  /// Throws InvalidArgument for a broken key, and for plain http to another machine.
  explicit ShareServiceClient(const StorageAccount& account, const ClientOptions& options = {});

  /// The shares of the account, page by page.
  [[nodiscard]] Pageable<ShareItem> list(const ListSharesOptions& options = {}, const CallContext& context = {}) const;
  /// Settings of the account: metrics and cross-origin rules.
  [[nodiscard]] ServiceProperties get_properties(const CallContext& context = {}) const;
  /// Replaces all of them.
  WriteResult set_properties(const ServiceProperties& properties, const CallContext& context = {}) const;
  /// The account's URL with a signature that opens what `options` say. It is a secret. Throws InvalidArgument
  /// without the account key, and for options that have no end or permissions that do not exist.
  [[nodiscard]] Url sas_url(const AccountSasOptions& options) const;
  /// Throws InvalidArgument for a name against the rules.
  [[nodiscard]] ShareClient share(std::string_view name) const;

 private:
  std::shared_ptr<const Connection> connection_;
};

}  // namespace files
BATCHAI_NAMESPACE_END
