#include "batchai/models/names.hpp"

#include "batchai/core/error.hpp"

#include <algorithm>
#include <string>

namespace batchai::inline v1 {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

struct Rule {
  std::size_t shortest;
  std::size_t longest;
  bool upper_case;
  /// Allowed beside letters and digits.
  std::string_view further;
  const char* text;
};

bool fits(std::string_view name, const Rule& rule) {
  return name.size() >= rule.shortest && name.size() <= rule.longest &&
         std::all_of(name.begin(), name.end(), [&rule](char c) {
           return is_digit(c) || is_lower(c) || (rule.upper_case && is_upper(c)) ||
                  rule.further.find(c) != std::string_view::npos;
         });
}

[[noreturn]] void refuse(std::string_view name, std::string_view what, const char* rule) {
  throw InvalidArgument(std::string(what) + " '" + std::string(name) + "' is not allowed: it has to be " + rule);
}

void check(std::string_view name, std::string_view what, const Rule& rule) {
  if (!fits(name, rule)) {
    refuse(name, what, rule.text);
  }
}

constexpr Rule kName = {1, 64, true, "-_", "1 to 64 letters, digits, dashes and underscores"};
constexpr Rule kGroup = {
    1, 90, true, "-_.()",
    "1 to 90 letters, digits, dashes, underscores, full stops and parentheses, the last no full stop"};
constexpr Rule kBatchAiGroup = {1, 90, true, "-_.",
                                "1 to 90 letters, digits, dashes, underscores and full stops, the last no full stop"};
constexpr Rule kLocation = {1, 64, true, "-_.", "1 to 64 letters, digits, dashes, underscores and full stops"};
constexpr Rule kSubscription = {1, 64, true, "-", "the subscription's GUID"};
constexpr Rule kProvider = {1, 100, true, ".",
                            "words of letters and digits joined by full stops, as Microsoft.BatchAI"};
constexpr Rule kAccount = {3, 24, false, "", "3 to 24 lower-case letters and digits"};

void check_group(std::string_view name, const Rule& rule) {
  check(name, "resource group name", rule);
  if (name.back() == '.') {
    refuse(name, "resource group name", rule.text);
  }
}

}  // namespace

void check_name(std::string_view name, std::string_view what) { check(name, what, kName); }

void check_group_name(std::string_view name) { check_group(name, kGroup); }

void check_batchai_group_name(std::string_view name) { check_group(name, kBatchAiGroup); }

void check_location(std::string_view location) {
  check(location, "location", kLocation);
  if (location.front() == '.') {
    refuse(location, "location", kLocation.text);
  }
}

void check_subscription(std::string_view subscription) { check(subscription, "subscription", kSubscription); }

void check_provider_namespace(std::string_view provider_namespace) {
  check(provider_namespace, "provider namespace", kProvider);
  if (provider_namespace.front() == '.') {
    refuse(provider_namespace, "provider namespace", kProvider.text);
  }
}

void check_storage_account_name(std::string_view name) { check(name, "storage account name", kAccount); }

}  // namespace batchai::inline v1
