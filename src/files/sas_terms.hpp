#pragma once

#include "batchai/files/models.hpp"
#include "signing/sas.hpp"

namespace batchai::inline v1::files {

/// The token without its signature, for a share or for a file. Throws InvalidArgument, saying what to set, for terms
/// that no service would take: without an end or permissions where no stored policy is named, with letters or protocols
/// that do not exist, or with an end that is not after the start. Letters are put into the order that the service
/// wants.
signing::SasToken sas_terms(const SasOptions& options, bool of_share);

/// The same for an account.
signing::SasToken account_sas_terms(const AccountSasOptions& options);

}  // namespace batchai::inline v1::files
