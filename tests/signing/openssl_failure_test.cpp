#include "signing/openssl_failure.hpp"

#include <new>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <openssl/err.h>

namespace batchai::signing {
namespace {

TEST(OpensslFailure, SaysWhatCouldNotBeDone) {
  ERR_raise(ERR_LIB_RSA, ERR_R_INTERNAL_ERROR);
  try {
    fail_openssl("generate an RSA key");
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), std::string("OpenSSL could not generate an RSA key"));
  }
  EXPECT_EQ(ERR_peek_error(), 0U) << "the next failure is told by its own errors only";
}

TEST(OpensslFailure, IsAShortageOfMemoryWhereverThatWasNoticed) {
  ERR_raise(ERR_LIB_BN, ERR_R_MALLOC_FAILURE);
  ERR_raise(ERR_LIB_RSA, ERR_R_BN_LIB);
  EXPECT_THROW(fail_openssl("generate an RSA key"), std::bad_alloc);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace batchai::signing
