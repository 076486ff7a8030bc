#pragma once

#include <memory>
#include <utility>

#include <openssl/ssl.h>

namespace batchai::inline v1 {

/// An object of ours that belongs to OpenSSL's contexts, for its callbacks: one of each type for each context.
template <class T>
class ContextData {
 public:
  /// `data` then lives as long as the context. Null: there was no memory.
  static T* attach(SSL_CTX* context, std::shared_ptr<T> data) {
    auto owned = std::make_unique<Shared>(std::move(data));
    T* const seen = owned->get();
    if (SSL_CTX_set_ex_data(context, index(), owned.get()) != 1) {
      return nullptr;
    }
    (void)owned.release();  // it goes with the context
    return seen;
  }
  /// Of a context that has one.
  static T& of(const SSL_CTX* context) { return **static_cast<Shared*>(SSL_CTX_get_ex_data(context, index())); }

 private:
  using Shared = std::shared_ptr<T>;

  static void release(void*, void* owned, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Shared*>(owned); }
  static int index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &release);
    return index;
  }
};

}  // namespace batchai::inline v1
