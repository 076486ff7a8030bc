#pragma once

namespace batchai::signing {

/// A call of OpenSSL has failed in this thread: throws std::bad_alloc if that was for want of memory, else
/// std::runtime_error "OpenSSL could not `what`". Leaves nothing in OpenSSL's queue of errors.
[[noreturn]] void fail_openssl(const char* what);

}  // namespace batchai::signing
