#include "core/redacted.hpp"

#include "batchai/core/error.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;

constexpr std::string_view kRedacted = "REDACTED";
constexpr const char* kMask = "***";

constexpr std::array<std::string_view, 21> kShownHeaders = {"Accept",
                                                            "Content-Length",
                                                            "Content-Range",
                                                            "Content-Type",
                                                            "Date",
                                                            "ETag",
                                                            "Last-Modified",
                                                            "Range",
                                                            "Retry-After",
                                                            "User-Agent",
                                                            "request-id",
                                                            "x-ms-client-request-id",
                                                            "x-ms-copy-status",
                                                            "x-ms-date",
                                                            "x-ms-error-code",
                                                            "x-ms-range",
                                                            "x-ms-request-id",
                                                            "x-ms-type",
                                                            "x-ms-version",
                                                            "x-ms-content-length",
                                                            "x-ms-write"};

constexpr std::array<std::string_view, 3> kUrlHeaders = {"Azure-AsyncOperation", "Location", "x-ms-copy-source"};

constexpr std::array<std::string_view, 12> kShownParameters = {"api-version",
                                                               "comp",
                                                               "directory",
                                                               "linkexpiryinminutes",
                                                               "marker",
                                                               "maxresults",
                                                               "outputdirectoryid",
                                                               "prefix",
                                                               "restype",
                                                               "include",
                                                               "sr",
                                                               "sv"};

/// Members of the API of Batch AI and of token answers that hold a secret.
constexpr std::array<std::string_view, 10> kSecretMembers = {
    "accountKey",    "adminUserPassword", "password",      "instrumentationKey", "clientSecret",
    "client_secret", "access_token",      "refresh_token", "id_token",           "client_assertion"};

/// Lists of named values, where `value` is the secret: `secrets` of a job, `keys` of a storage account.
constexpr std::array<std::string_view, 2> kSecretLists = {"secrets", "keys"};

constexpr std::array<std::string_view, 6> kShownFormFields = {
    "grant_type", "scope", "client_id", "resource", "client_assertion_type", "api-version"};

bool is_one_of(const auto& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [name](std::string_view known) { return iequals(known, name); });
}

/// Signed URLs are in the middle of answers, as downloadUrl of a file.
std::string without_signatures(std::string text) {
  constexpr std::string_view kField = "sig=";
  for (std::size_t at = text.find(kField); at != std::string::npos; at = text.find(kField, at + kField.size())) {
    if (at > 0 && (text[at - 1] == '?' || text[at - 1] == '&')) {
      const std::size_t begin = at + kField.size();
      text.replace(begin, std::min(text.find_first_of("& \"'", begin), text.size()) - begin, kMask);
    }
  }
  return text;
}

void hide_secrets(json& value, bool secret_list) {
  if (value.is_string()) {
    value = without_signatures(value.get<std::string>());
  } else if (value.is_array()) {
    for (json& item : value) {
      hide_secrets(item, secret_list);
    }
  } else if (value.is_object()) {
    for (auto& [name, member] : value.items()) {
      const bool secret = is_one_of(kSecretMembers, name) || (secret_list && name == "value");
      if (secret && member.is_primitive() && !member.is_null()) {
        member = kMask;
      } else {
        hide_secrets(member, is_one_of(kSecretLists, name));
      }
    }
  }
}

std::string redacted_form(const std::string& body) {
  const Url form = Url::parse("http://form/").set_query(body);
  std::string text;
  for (const auto& [name, value] : form.query_parameters()) {
    text += (text.empty() ? "" : "&") + name + "=" + (is_one_of(kShownFormFields, name) ? value : kMask);
  }
  return text + "\n";
}

}  // namespace

std::string redacted_url(const Url& url) {
  Url shown = url;
  shown.set_query({});
  for (const auto& [name, value] : url.query_parameters()) {
    shown.add_query(name, is_one_of(kShownParameters, name) ? std::string_view(value) : kRedacted);
  }
  return shown.to_string();
}

std::string redacted_header(std::string_view name, const std::string& value) {
  if (is_one_of(kShownHeaders, name)) {
    return value;
  }
  if (is_one_of(kUrlHeaders, name)) {
    try {
      return redacted_url(Url::parse(value));
    } catch (const InvalidArgument&) {
      return std::string(kRedacted);
    }
  }
  return std::string(kRedacted);
}

std::string size_of_body(std::uint64_t bytes, std::string_view content_type) {
  const std::string type = content_type.empty() ? "" : " of " + std::string(content_type);
  return "(" + std::to_string(bytes) + " bytes" + type + ")\n";
}

std::string redacted_body(const std::string& body, std::string_view content_type) {
  if (body.empty()) {
    return "";
  }
  if (content_type.starts_with("application/x-www-form-urlencoded")) {
    return redacted_form(body);
  }
  // A file may hold JSON too, and its name says nothing of what is secret in it: only bodies with the type of JSON are
  // shown.
  json document =
      content_type.starts_with("application/json") ? json::parse(body, nullptr, false) : json(json::value_t::discarded);
  if (document.is_discarded()) {
    return size_of_body(body.size(), content_type);
  }
  hide_secrets(document, false);
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace batchai::inline v1
