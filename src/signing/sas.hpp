#pragma once

#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Shared access signatures of Azure Storage
/// (learn.microsoft.com/rest/api/storageservices/create-service-sas and create-account-sas).
namespace batchai::signing {

enum class SasService { File, Blob };

/// The parameters of a SAS, decoded; texts are as they were received, because that text is signed.
struct SasToken {
  /// `sv`.
  std::string version = "2018-11-09";
  /// `sr`: service SAS only (Files: s, f; Blob: c, b).
  std::string resource = {};
  /// `ss`: account SAS only.
  std::string services = {};
  /// `srt`: account SAS only.
  std::string resource_types = {};
  /// `sp`.
  std::string permissions = {};
  /// `st`.
  std::string start = {};
  /// `se`.
  std::string expiry = {};
  /// `si`: name of a stored access policy.
  std::string identifier = {};
  /// `sip`.
  std::string ip_range = {};
  /// `spr`.
  std::string protocols = {};
  /// `ses`.
  std::string encryption_scope = {};
  /// `snapshot` (Blob).
  std::string snapshot = {};
  /// `rscc`, `rscd`, `rsce`, `rscl`, `rsct`: override headers of the answer.
  std::string cache_control = {};
  std::string content_disposition = {};
  std::string content_encoding = {};
  std::string content_language = {};
  std::string content_type = {};
  /// `sig`.
  std::string signature = {};

  bool is_account_sas() const noexcept { return !services.empty(); }

  /// Nothing unless there is a `sig`. `parameters` are decoded; names compare without regard to case.
  static std::optional<SasToken> parse(const std::vector<std::pair<std::string, std::string>>& parameters);
  /// Encoded query without question mark; absent parameters are left out. It is a secret.
  std::string to_query() const;
};

/// What a service SAS is for: decoded names, `path` empty for the share or container itself.
struct SasTarget {
  std::string account;
  std::string share;
  std::string path = {};
};

std::string service_sas_string_to_sign(const SasToken& token, SasService service, const SasTarget& target);
std::string account_sas_string_to_sign(const SasToken& token, std::string_view account);

/// The token with its signature. Throws InvalidArgument when the key is not base64.
SasToken sign_service_sas(SasToken token, SasService service, const SasTarget& target, const Secret& key);
SasToken sign_account_sas(SasToken token, std::string_view account, const Secret& key);

/// Signature only; times, addresses, protocol and permissions are the caller's to check.
bool verify_service_sas(const SasToken& token, SasService service, const SasTarget& target,
                        std::span<const Secret> keys);
bool verify_account_sas(const SasToken& token, std::string_view account, std::span<const Secret> keys);

/// The forms that `st` and `se` take: a date alone, without seconds, or RFC 3339.
std::optional<Timestamp> parse_sas_time(std::string_view text);

}  // namespace batchai::signing
