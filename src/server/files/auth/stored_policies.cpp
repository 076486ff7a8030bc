#include "server/files/auth/stored_policies.hpp"

#include "server/files/http/carried_text.hpp"
#include "server/files/http/request_xml.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <sstream>

#include <pugixml.hpp>

namespace batchai::server::files {
namespace {

constexpr std::size_t kMostPolicies = 5;
constexpr std::size_t kLongestId = 64;

std::string read_time(pugi::xml_node policy, const char* name) {
  const std::string text = policy.child_value(name);
  if (text.empty()) {
    return {};
  }
  const auto time = signing::parse_sas_time(text);
  if (!time) {
    throw invalid_node(name, text);
  }
  return format_iso8601_ticks(*time);
}

std::string read_permissions(pugi::xml_node policy) {
  std::string permissions = policy.child_value("Permission");
  if (permissions.find_first_not_of("rcwdl") != std::string::npos) {
    throw invalid_node("Permission", permissions);
  }
  return permissions;
}

StoredPolicy read_policy(pugi::xml_node identifier) {
  const std::string id = identifier.child_value("Id");
  if (id.empty() || id.size() > kLongestId || !is_xml_text(id)) {
    throw invalid_node("Id", id);
  }
  const auto policy = identifier.child("AccessPolicy");
  return {id, read_time(policy, "Start"), read_time(policy, "Expiry"), read_permissions(policy)};
}

void append_unless_empty(pugi::xml_node parent, const char* name, const std::string& text) {
  if (!text.empty()) {
    parent.append_child(name).text().set(text.c_str());
  }
}

/// Takes `stored` where the SAS has no value; both must not have one.
void complete(std::string& own, const std::string& stored, const char* parameter) {
  if (!own.empty() && !stored.empty()) {
    throw authentication_failed(std::string("Both the signature and its stored access policy set ") + parameter + ".");
  }
  own = own.empty() ? stored : own;
}

}  // namespace

std::vector<StoredPolicy> parse_policies(const std::string& xml) {
  std::vector<StoredPolicy> policies;
  const pugi::xml_document document = parse_request_xml(xml, "SignedIdentifiers");
  for (const auto& identifier : document.document_element().children("SignedIdentifier")) {
    policies.push_back(read_policy(identifier));
    const auto same = [&](const StoredPolicy& other) { return other.id == policies.back().id; };
    if (policies.size() > kMostPolicies || std::count_if(policies.begin(), policies.end(), same) > 1) {
      throw StorageError("InvalidXmlDocument").with_detail("Reason", "At most five identifiers, each but once.");
    }
  }
  return policies;
}

std::string policies_xml(const std::vector<StoredPolicy>& policies) {
  pugi::xml_document document;
  auto root = document.append_child("SignedIdentifiers");
  for (const StoredPolicy& policy : policies) {
    auto identifier = root.append_child("SignedIdentifier");
    identifier.append_child("Id").text().set(policy.id.c_str());
    if (policy.start.empty() && policy.expiry.empty() && policy.permissions.empty()) {
      continue;
    }
    auto access = identifier.append_child("AccessPolicy");
    append_unless_empty(access, "Start", policy.start);
    append_unless_empty(access, "Expiry", policy.expiry);
    append_unless_empty(access, "Permission", policy.permissions);
  }
  std::ostringstream stream;
  document.save(stream, "", pugi::format_raw, pugi::encoding_utf8);
  return stream.str();
}

signing::SasToken with_policy(signing::SasToken token, const std::vector<StoredPolicy>& policies) {
  const auto policy = std::find_if(policies.begin(), policies.end(),
                                   [&](const StoredPolicy& known) { return known.id == token.identifier; });
  if (policy == policies.end()) {
    throw StorageError("AuthorizationFailure")
        .with_detail("AuthenticationErrorDetail", "The share has no access policy of the name that si gives.");
  }
  complete(token.start, policy->start, "st");
  complete(token.expiry, policy->expiry, "se");
  complete(token.permissions, policy->permissions, "sp");
  return token;
}

}  // namespace batchai::server::files
