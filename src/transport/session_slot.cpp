#include "transport/session_slot.hpp"

#include "transport/context_data.hpp"

namespace batchai::inline v1 {
namespace {

using SlotOfContext = ContextData<SessionSlot>;

/// Returns 0: the session stays with the connection.
int take_session(SSL* connection, SSL_SESSION* session) {
  SlotOfContext::of(SSL_get_SSL_CTX(connection)).keep(session);
  return 0;
}

}  // namespace

// Slot and connections have copies each: OpenSSL spoils the session of a connection that ends without a farewell, as
// those of cpprestsdk do. TLS has not asked for that since version 1.1 (RFC 4346, 7.2.1).

void SessionSlot::keep(const SSL_SESSION* session) {
  Session copy(SSL_SESSION_dup(session));
  const std::scoped_lock lock(mutex_);
  session_.swap(copy);
}

void SessionSlot::offer_to(SSL* connection) const {
  if (SSL_in_before(connection) != 1) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  if (session_ != nullptr) {
    const Session copy(SSL_SESSION_dup(session_.get()));
    SSL_set_session(connection, copy.get());
  }
}

void keep_sessions(SSL_CTX* context, std::shared_ptr<SessionSlot> slot) {
  if (SlotOfContext::attach(context, std::move(slot)) != nullptr) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, &take_session);
  }
}

}  // namespace batchai::inline v1
