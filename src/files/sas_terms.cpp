#include "files/sas_terms.hpp"

#include "batchai/core/error.hpp"
#include "core/seconds.hpp"

#include <string>
#include <string_view>

namespace batchai::inline v1::files {
namespace {

/// Understood by every service and emulator that speaks Files.
constexpr const char* kSasVersion = "2018-11-09";

/// In the order of learn.microsoft.com/rest/api/storageservices/create-service-sas and create-account-sas.
constexpr std::string_view kOfFile = "rcwd";
constexpr std::string_view kOfShare = "rcwdl";
constexpr std::string_view kOfAccount = "rwdlc";
constexpr std::string_view kResourceTypes = "sco";

[[noreturn]] void refuse_terms(const std::string& reason) {
  throw InvalidArgument("a shared access signature cannot be made: " + reason);
}

/// `letters` in the order of `known`, each once.
std::string in_order(const char* what, std::string_view letters, std::string_view known) {
  const std::size_t wrong = letters.find_first_not_of(known);
  if (wrong != std::string_view::npos) {
    refuse_terms(std::string(what) + " are letters out of '" + std::string(known) + "', and '" + std::string(letters) +
                 "' holds '" + letters[wrong] + "'");
  }
  std::string ordered;
  for (const char letter : known) {
    if (letters.find(letter) != std::string_view::npos) {
      ordered += letter;
    }
  }
  return ordered;
}

std::string sas_time(const std::optional<Timestamp>& time) { return time ? format_iso8601_seconds(*time) : ""; }

/// What both kinds of options have.
template <class Options>
void require_sound(const Options& options, std::string_view policy) {
  const bool ends = options.expiry && *options.expiry != Timestamp{};
  if (!ends && policy.empty()) {
    refuse_terms("it has no end; set `expiry`");
  }
  if (options.permissions.empty() && policy.empty()) {
    refuse_terms("it allows nothing; set `permissions`");
  }
  if (ends && options.start && *options.expiry <= *options.start) {
    refuse_terms("its end " + sas_time(options.expiry) + " is not after its start " + sas_time(options.start));
  }
  if (!options.protocols.empty() && options.protocols != "https" && options.protocols != "https,http") {
    refuse_terms("`protocols` is 'https' or 'https,http', not '" + options.protocols + "'");
  }
}

}  // namespace

signing::SasToken sas_terms(const SasOptions& options, bool of_share) {
  require_sound(options, options.policy);
  return {.version = kSasVersion,
          .resource = of_share ? "s" : "f",
          .permissions = in_order("permissions", options.permissions, of_share ? kOfShare : kOfFile),
          .start = sas_time(options.start),
          .expiry = options.expiry == Timestamp{} ? "" : sas_time(options.expiry),
          .identifier = options.policy,
          .ip_range = options.ip_range,
          .protocols = options.protocols};
}

signing::SasToken account_sas_terms(const AccountSasOptions& options) {
  require_sound(options, "");
  if (options.resource_types.empty()) {
    refuse_terms("it is for nothing; set `resource_types`");
  }
  return {.version = kSasVersion,
          .services = "f",
          .resource_types = in_order("resource types", options.resource_types, kResourceTypes),
          .permissions = in_order("permissions", options.permissions, kOfAccount),
          .start = sas_time(options.start),
          .expiry = sas_time(options.expiry),
          .ip_range = options.ip_range,
          .protocols = options.protocols};
}

}  // namespace batchai::inline v1::files
