#include "server/program/hosted_folders.hpp"

#include "server/faults/fault.hpp"
#include "server/files/http/files_api.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/http/storage_error.hpp"
#include "server/files/operations/operations.hpp"

#include <cctype>

namespace batchai::server {
namespace {

using files::ShareRecord;
using files::StorageError;

/// With a capital, as the resource manager writes it.
std::string shown_state(const char* name) {
  std::string text = name;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

StorageFolder shown(const std::string& name, const ShareRecord& record, Timestamp now) {
  const files::LeaseState lease = files::lease_state(record.lease, now);
  return {.name = name,
          .etag = record.etag(),
          .modified = record.modified,
          .metadata = record.metadata,
          .quota = record.quota,
          .access_tier = record.access_tier.empty() ? "TransactionOptimized" : record.access_tier,
          .lease_state = shown_state(files::lease_state_name(lease)),
          .is_locked = files::is_held(lease)};
}

void apply(const StorageFolderSettings& settings, ShareRecord& record, Timestamp now) {
  Headers headers;
  if (settings.quota) {
    headers.set("x-ms-share-quota", std::to_string(*settings.quota));
  }
  if (settings.access_tier) {
    headers.set("x-ms-access-tier", *settings.access_tier);
  }
  files::operations::read_share_settings(headers, record, now);
  if (settings.metadata) {
    Headers metadata;
    for (const auto& [name, value] : *settings.metadata) {
      metadata.add("x-ms-meta-" + name, value);
    }
    record.metadata = files::read_metadata(metadata);
  }
}

/// The member that a request set wrongly; the Files protocol names its header.
ServiceFault refused_setting(const StorageError& error) {
  std::string what;
  for (const auto& [element, text] : error.details()) {
    what += what.empty() ? text : " = '" + text + "'";
  }
  return {400, "InvalidRequestPropertyValue", "A property is not valid: " + (what.empty() ? error.what() : what) + "."};
}

bool is_about_settings(const std::string& code) {
  return code == "InvalidHeaderValue" || code == "InvalidMetadata" || code == "EmptyMetadataKey" ||
         code == "MetadataTooLarge";
}

class HostedFolders final : public StorageFolders {
 public:
  HostedFolders(const files::FilesApi& api, const Clock& clock, HostedKind kind)
      : api_(api), clock_(clock), kind_(kind) {}

  std::vector<StorageFolder> list(const std::string& account) const override {
    std::vector<StorageFolder> folders;
    for (const std::string& name : api_.shares().names(account)) {
      try {
        folders.push_back(shown(name, api_.shares().record(account, name), clock_.now()));
      } catch (const StorageError&) {
        continue;  // deleted since its name was read
      }
    }
    return folders;
  }

  StorageFolder get(const std::string& account, const std::string& name) const override {
    return as_faults([&] { return shown(name, api_.shares().record(account, name), clock_.now()); });
  }

  Put put(const std::string& account, const std::string& name, const StorageFolderSettings& settings) const override {
    return as_faults([&]() -> Put {
      try {
        ShareRecord record;
        apply(settings, record, clock_.now());
        return {shown(name, api_.shares().create(account, name, std::move(record)), clock_.now()), true};
      } catch (const StorageError& error) {
        if (error.code() != "ShareAlreadyExists") {
          throw;
        }
      }
      return {set(account, name, settings), false};
    });
  }

  StorageFolder change(const std::string& account, const std::string& name,
                       const StorageFolderSettings& settings) const override {
    return as_faults([&] { return set(account, name, settings); });
  }

  bool remove(const std::string& account, const std::string& name, bool with_snapshots) const override {
    const auto check = [&](const ShareRecord& record) {
      files::require_lease(record.lease, {}, files::LeaseKind::Share, clock_.now());
      if (!with_snapshots && !api_.snapshots().times(account, name).empty()) {
        throw StorageError("ShareHasSnapshots");
      }
      api_.snapshots().remove_all(account, name);
    };
    return as_faults([&] {
      try {
        api_.shares().remove(account, name, check);
      } catch (const StorageError& error) {
        if (error.code() == "ShareNotFound") {
          return false;
        }
        throw;
      }
      return true;
    });
  }

 private:
  StorageFolder set(const std::string& account, const std::string& name, const StorageFolderSettings& settings) const {
    const bool keeps = !settings.metadata && !settings.quota && !settings.access_tier;
    return shown(name,
                 keeps ? api_.shares().record(account, name)
                       : api_.shares().update(account, name,
                                              [&](ShareRecord& record) { apply(settings, record, clock_.now()); }),
                 clock_.now());
  }

  /// Refusals in the resource manager's form, with the word for the resource.
  template <class Work>
  auto as_faults(const Work& work) const -> decltype(work()) {
    try {
      return work();
    } catch (const StorageError& error) {
      if (is_about_settings(error.code())) {
        throw refused_setting(error);
      }
      throw ServiceFault(error.status(), in_words(error.code(), "Container"), in_words(error.what(), "container"));
    } catch (const std::system_error& error) {
      const StorageError refusal = files::from_errno(error.code().value());
      throw ServiceFault(refusal.status(), refusal.code(), refusal.what());
    }
  }

  /// The same text for a container, where this is about containers.
  std::string in_words(std::string text, const std::string& word) const {
    const std::string other = word == "Container" ? "Share" : "share";
    if (const auto at = text.find(other); kind_ == HostedKind::Container && at != std::string::npos) {
      text.replace(at, other.size(), word);
    }
    return text;
  }

  const files::FilesApi& api_;
  const Clock& clock_;
  HostedKind kind_;
};

}  // namespace

std::shared_ptr<const StorageFolders> hosted_folders(const files::FilesApi& api, const Clock& clock, HostedKind kind) {
  return std::make_shared<const HostedFolders>(api, clock, kind);
}

}  // namespace batchai::server
