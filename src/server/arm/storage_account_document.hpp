#pragma once

#include "server/records/store.hpp"

#include <string>

namespace batchai::server {

std::string storage_account_id(const std::string& subscription, const std::string& group, const std::string& name);

/// Throws ServiceFault 404.
Document require_account(Transaction& transaction, const std::string& subscription, const std::string& group,
                         const std::string& name);

/// Throws ServiceFault 409 for a locked account. `scope` is the id of what was to be deleted, it or its group.
void refuse_locked(const Document& account, const std::string& scope);

/// An account as clients see it: path-style endpoints below `files_url`, no keys.
nlohmann::json shown_account(const Document& account, const std::string& files_url);

/// `{"keys": […]}` with the secrets.
nlohmann::json shown_keys(const Document& account);

/// As `Standard_LRS`.
void set_sku(Document& account, const std::string& name);

/// `name` is `key1` or `key2`.
void renew_key(Document& account, const std::string& name, Timestamp now);

}  // namespace batchai::server
