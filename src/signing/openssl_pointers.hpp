#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>

namespace batchai::signing {

/// Frees an OpenSSL object with its own function.
template <auto Free>
struct OpensslDeleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using OpensslPointer = std::unique_ptr<T, OpensslDeleter<Free>>;

using Bio = OpensslPointer<BIO, BIO_free_all>;

/// Reads from `text`, which has to live as long.
inline Bio open_text(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/// What has been written to a BIO in memory.
inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace batchai::signing
