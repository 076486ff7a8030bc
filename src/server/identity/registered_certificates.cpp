#include "server/identity/registered_certificates.hpp"

namespace batchai::server {

std::vector<signing::Certificate> registered_certificates(const std::filesystem::path& folder,
                                                          const WarningSink& warn) {
  std::vector<signing::Certificate> certificates;
  read_registrations(folder, ".pem", warn, [&](const std::string& text) {
    const signing::Certificate certificate = signing::Certificate::all_from_pem(text).front();
    certificate.public_key();  // throws unless it is one of RSA
    certificates.push_back(certificate);
  });
  return certificates;
}

}  // namespace batchai::server
