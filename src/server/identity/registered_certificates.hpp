#pragma once

#include "server/identity/registration_files.hpp"
#include "signing/certificate.hpp"

#include <filesystem>
#include <vector>

namespace batchai::server {

/// The certificates in the `*.pem` files of `folder`: one per file, with an RSA key; what follows it in the file, as
/// the rest of its chain, is ignored. All of them are valid, so that a new one can be added before the old one is
/// removed.
std::vector<signing::Certificate> registered_certificates(const std::filesystem::path& folder, const WarningSink& warn);

}  // namespace batchai::server
