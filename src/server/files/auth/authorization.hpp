#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/secret.hpp"
#include "server/files/auth/stored_policies.hpp"
#include "server/files/http/address.hpp"
#include "server/files/http/storage_error.hpp"
#include "server/http/message.hpp"
#include "signing/sas.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server::files {

/// The keys of a storage account by its name; nothing for an unknown one. Called on many threads.
using AccountLookup = std::function<std::optional<std::vector<Secret>>(std::string_view account)>;

/// The stored access policies of a share; none for one that is not there. Called on many threads.
using PolicyLookup = std::function<std::vector<StoredPolicy>(const std::string& account, const std::string& share)>;

/// What a bearer token is worth.
struct BearerVerdict {
  /// What is wrong with it; empty for a good one.
  std::string problem = {};
  /// Whether it is of somebody who may use the account as the holder of its key does.
  bool permitted = false;
  /// Who has it, for the log: application id and name.
  std::string principal = {};
  std::string principal_name = {};
};

/// How bearer tokens are checked. Called on many threads.
struct BearerTokens {
  /// Of a token for the files of an account. Null: none is accepted.
  std::function<BearerVerdict(std::string_view token, const std::string& account)> check = {};
  /// Where tokens are issued: `https://HOST/TENANT/oauth2/authorize`.
  std::function<std::string()> authorization_uri = {};
};

/// What a SAS has to allow for an operation.
struct Need {
  /// Type of resource in an account SAS: s, c or o; any one of these letters.
  std::string_view resource_type;
  /// Any one of these letters has to be among the permissions.
  std::string_view permissions;
  /// Whether a service SAS may be used, and which: `s`, `f`, both, or none.
  std::string_view service_sas;
};

/// The caller, whose signature has already been verified.
class Principal {
 public:
  /// The account's owner: a request signed with the account key, or one with a bearer token.
  Principal() = default;
  explicit Principal(signing::SasToken token) : token_(std::move(token)) {}

  /// Throws the 403 of the rule that is broken.
  void require(const Need& need) const;
  /// Whether an existing file may be overwritten; `c` alone allows new ones only.
  bool may_overwrite() const;
  bool is_owner() const noexcept { return !token_.has_value(); }
  /// Whether the signature is one for the very file that is named. The holder of such a URL cannot add anything to its
  /// name, and must not reach another file with it.
  bool is_for_one_file() const { return token_ && !token_->is_account_sas() && token_->resource == "f"; }
  const std::optional<signing::SasToken>& token() const noexcept { return token_; }

  /// For the log: who has signed in by a token, else empty.
  std::string id = {};
  std::string name = {};

 private:
  std::optional<signing::SasToken> token_;
};

/// Checks signatures, dates, addresses and protocols. Thread-safe.
class Authorizer {
 public:
  /// For blobs, a service SAS for one blob opens that blob, and nothing else opens anything.
  Authorizer(AccountLookup accounts, PolicyLookup policies, const Clock& clock,
             signing::SasService service = signing::SasService::File, BearerTokens bearer = {})
      : accounts_(std::move(accounts)),
        policies_(std::move(policies)),
        clock_(clock),
        service_(service),
        bearer_(std::move(bearer)) {}

  /// Throws 400, 401 or 403 unless the request carries a valid signature or a valid token for the account of `address`.
  Principal authorize(const Request& request, const Address& address) const;
  /// Whether a SAS opens `address` to `request`'s sender; throws 403 otherwise.
  Principal authorize_sas(signing::SasToken token, const Request& request, const Address& address) const;

 private:
  Principal authorize_shared_key(const Request& request, const Address& address, std::string_view header) const;
  Principal authorize_bearer(const Request& request, const Address& address, std::string_view token) const;
  StorageError challenge(std::string_view code) const;
  void check_times(const signing::SasToken& token) const;
  bool is_signed(const signing::SasToken& token, const Address& address, const std::vector<Secret>& keys) const;

  AccountLookup accounts_;
  PolicyLookup policies_;
  const Clock& clock_;
  signing::SasService service_;
  BearerTokens bearer_;
};

/// The account that a SharedKey header names, else empty.
std::string signed_account(const Request& request);

}  // namespace batchai::server::files
