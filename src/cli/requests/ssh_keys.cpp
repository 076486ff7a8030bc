#include "cli/requests/admin_account.hpp"
#include "core/private_file.hpp"
#include "signing/encoding.hpp"
#include "signing/rsa.hpp"

#include <sstream>

#include <sys/stat.h>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

/// RFC 4251 5: a length of four bytes, and the bytes.
std::string ssh_string(const std::string& bytes) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>((bytes.size() >> static_cast<unsigned>(shift)) & 0xFFU);
  }
  return out + bytes;
}

/// RFC 4251 5: a number that would look negative gets a zero byte in front.
std::string ssh_number(const std::string& base64url) {
  const std::string bytes = signing::base64url_decode(base64url).value_or("");
  const bool high = !bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0;
  return ssh_string(high ? std::string(1, '\0') + bytes : bytes);
}

/// RFC 4253 6.6.
std::string public_line(const signing::RsaPublicKey& key) {
  const signing::RsaNumbers numbers = key.numbers();
  const std::string blob = ssh_string("ssh-rsa") + ssh_number(numbers.e) + ssh_number(numbers.n);
  return "ssh-rsa " + signing::base64_encode(blob) + "\n";
}

}  // namespace

void generate_ssh_keys(const fs::path& folder) {
  const fs::path private_file = folder / "id_rsa";
  const fs::path public_file = folder / "id_rsa.pub";
  if (fs::exists(public_file)) {
    return;
  }
  std::optional<std::string> pem = read_file(private_file);
  if (!pem) {
    const Secret made = signing::RsaPrivateKey::generate().to_pem();
    pem = made.reveal();
    write_private_file(private_file, *pem);
  }
  write_private_file(public_file, public_line(signing::RsaPrivateKey::from_pem(Secret(*pem)).public_key()));
  ::chmod(public_file.c_str(), 0644);
}

void generate_wanted_ssh_keys(const Arguments& arguments, const Context& context) {
  const auto home = context.settings.environment().find("HOME");
  if (!arguments.flag("generate-ssh-keys") || arguments.has("ssh-key") || !home) {
    return;
  }
  const fs::path folder = fs::path(*home) / ".ssh";
  if (!context.options.dry_run) {
    generate_ssh_keys(folder);
  } else if (!fs::exists(folder / "id_rsa.pub")) {
    context.dry_run_action("make SSH keys, " + (folder / "id_rsa.pub").string());
  }
}

bool is_ssh_public_key(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string kind;
  std::string base64;
  words >> kind >> base64;
  const std::optional<std::string> blob = signing::base64_decode(base64);
  return !kind.empty() && blob && blob->starts_with(ssh_string(kind));
}

}  // namespace batchai::cli
