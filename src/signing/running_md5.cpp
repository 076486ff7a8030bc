#include "signing/running_md5.hpp"

#include "signing/openssl_failure.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

namespace batchai::signing {
namespace {

constexpr std::size_t kZeroBlock = 65536;

void require_success(int result) {
  if (result != 1) {
    fail_openssl("compute a digest");
  }
}

}  // namespace

struct RunningMd5::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

RunningMd5::RunningMd5() : state_(std::make_unique<State>()) {
  require_success(state_->context != nullptr && EVP_DigestInit_ex(state_->context, EVP_md5(), nullptr) == 1 ? 1 : 0);
}

RunningMd5::~RunningMd5() { EVP_MD_CTX_free(state_->context); }

void RunningMd5::add(std::string_view bytes) {
  require_success(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

void RunningMd5::add_zeros(std::uint64_t count) {
  static const std::array<char, kZeroBlock> zeros{};
  while (count > 0) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()));
    add({zeros.data(), now});
    count -= now;
  }
}

std::string RunningMd5::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> buffer{};
  unsigned int size = 0;
  require_success(EVP_DigestFinal_ex(state_->context, buffer.data(), &size));
  return {reinterpret_cast<const char*>(buffer.data()), size};
}

}  // namespace batchai::signing
