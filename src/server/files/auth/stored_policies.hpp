#pragma once

#include "signing/sas.hpp"

#include <string>
#include <vector>

/// Stored access policies of a share (learn.microsoft.com/rest/api/storageservices/define-stored-access-policy).
namespace batchai::server::files {

/// One policy; a SAS that names it takes the values that it lacks from it. Empty members are not set.
struct StoredPolicy {
  std::string id;
  /// `2018-06-07T21:16:21.0000000Z`.
  std::string start = {};
  std::string expiry = {};
  /// Letters of `rcwdl`.
  std::string permissions = {};
};

/// Reads a `SignedIdentifiers` document; an empty body is an empty list. Throws InvalidXmlDocument or
/// InvalidXmlNodeValue.
std::vector<StoredPolicy> parse_policies(const std::string& xml);

/// The document for GET.
std::string policies_xml(const std::vector<StoredPolicy>& policies);

/// `token` completed by the policy that it names. Throws AuthorizationFailure for a policy that is not there, and
/// AuthenticationFailed where both set the same thing.
signing::SasToken with_policy(signing::SasToken token, const std::vector<StoredPolicy>& policies);

}  // namespace batchai::server::files
