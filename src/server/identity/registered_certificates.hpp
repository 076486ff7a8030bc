#pragma once

#include "server/identity/registration_files.hpp"
#include "signing/certificate.hpp"

#include <filesystem>
#include <vector>

namespace batchai::server {

/// The certificates that stand as `*.pem` in `folder`: one a file, with an RSA key; what follows it in the file, as the
/// rest of its chain, does not count. All of them hold, so that a new one can be added before the old one goes.
std::vector<signing::Certificate> registered_certificates(const std::filesystem::path& folder, const WarningSink& warn);

}  // namespace batchai::server
