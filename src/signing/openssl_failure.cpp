#include "signing/openssl_failure.hpp"

#include <new>
#include <stdexcept>
#include <string>

#include <openssl/err.h>

namespace batchai::signing {
namespace {

/// Empties the queue.
bool was_short_of_memory() {
  bool result = false;
  for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
    result = result || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
  }
  return result;
}

}  // namespace

void fail_openssl(const char* what) {
  if (was_short_of_memory()) {
    throw std::bad_alloc();
  }
  throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

}  // namespace batchai::signing
