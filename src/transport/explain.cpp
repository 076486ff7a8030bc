#include "transport/explain.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace batchai::inline v1 {
namespace {

enum class Step { Resolve, Connect, Handshake, Send, Head, NoHttp, Body, Chunk, Length, Other };

struct KnownText {
  std::string_view text;
  Step step;
  /// The error is of the connection to a proxy that tunnels TLS.
  bool tunnel = false;
};

/// cpprestsdk's words, all of them, and ours: nothing else distinguishes the steps.
constexpr std::array<KnownText, 18> kTexts = {
    {{"Error resolving address", Step::Resolve},
     {"Failed to resolve address", Step::Resolve},
     {"Failed to connect to any resolved endpoint", Step::Connect},
     {"Error in SSL handshake", Step::Handshake},
     {"Failed to write request headers", Step::Send},
     {"Failed to write request body", Step::Send},
     {"Failed to read HTTP status line", Step::Head},
     {"Invalid HTTP status line", Step::NoHttp},
     {"Retrieving message chunk header", Step::Body},
     {"Failed to read chunked response part", Step::Body},
     {"Failed to read response body", Step::Body},
     {"Invalid chunked response header", Step::Chunk},
     {kInvalidLength, Step::Length},
     {"Error resolving proxy address", Step::Resolve, true},
     {"Failed to connect to any resolved proxy endpoint", Step::Connect, true},
     {"Failed to send connect request to proxy.", Step::Send, true},
     {"Failed to read HTTP status line from proxy", Step::Head, true},
     {"Invalid HTTP status line during proxy connection", Step::NoHttp, true}}};

constexpr std::string_view kTunnelRefused = "Expected a 200 response from proxy, received: ";

KnownText known(std::string_view text) {
  const auto* found =
      std::find_if(kTexts.begin(), kTexts.end(), [text](const KnownText& entry) { return entry.text == text; });
  return found == kTexts.end() ? KnownText{text, Step::Other} : *found;
}

// What getaddrinfo() and Asio's streams say.
constexpr int kHostNotFound = 1;
constexpr int kTryAgain = 2;

/// OpenSSL packs library and reason into one number, far above the numbers of other libraries.
bool is_of_openssl(int code) { return code > 0 && ERR_GET_LIB(static_cast<unsigned long>(code)) == ERR_LIB_SSL; }

int openssl_reason(int code) { return is_of_openssl(code) ? ERR_GET_REASON(static_cast<unsigned long>(code)) : 0; }

std::string openssl_words(int code) {
  const char* words = ERR_reason_error_string(static_cast<unsigned long>(code));
  return words == nullptr ? "OpenSSL error " + std::to_string(code) : words;
}

/// How the peer ended the connection; a closed one has three numbers.
std::string ending(int code) {
  if (is_of_openssl(code)) {
    return "ended the connection (" + openssl_words(code) + ")";
  }
  return code == ECONNRESET ? "reset the connection" : "closed the connection";
}

struct Cause {
  std::string text;
  TransportFailure failure;
};

Cause explain_resolve(const std::string& host, int code) {
  if (code == kHostNotFound) {
    return {"no host has the name '" + host + "'", TransportFailure::UnknownHost};
  }
  const char* when = code == kTryAgain ? "the name service does not answer" : "the name service failed";
  return {"the address of '" + host + "' cannot be looked up: " + when, TransportFailure::Unreachable};
}

/// cpprestsdk calls a refused connection one to a host that cannot be reached.
Cause explain_connect(const Url& peer, int code) {
  if (code != EHOSTUNREACH) {
    return {std::string("no connection could be made: ") + std::strerror(code), TransportFailure::Unreachable};
  }
  return {std::string("no connection could be made: ") +
              (peer.is_loopback() ? "nothing listens there" : "it is refused, or the host cannot be reached"),
          TransportFailure::Unreachable};
}

Cause explain_handshake(int code) {
  // What a server without TLS answers is taken for the head of a TLS record.
  constexpr std::array<int, 5> kNoRecord{SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST,
                                         SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_UNEXPECTED_MESSAGE};
  const int reason = openssl_reason(code);
  if (std::find(kNoRecord.begin(), kNoRecord.end(), reason) != kNoRecord.end()) {
    return {"what answers there does not speak TLS", TransportFailure::NoTls};
  }
  if (is_of_openssl(code) && reason != SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {"no TLS connection could be agreed on: " + openssl_words(code), TransportFailure::Tls};
  }
  return {std::string("it ") + (code == ECONNRESET ? "reset" : "closed") + " the connection in the TLS handshake",
          TransportFailure::Disconnected};
}

Cause explain_step(Step step, const Url& peer, const NativeFailure& failure) {
  switch (step) {
    case Step::Resolve:
      return explain_resolve(peer.host(), failure.code);
    case Step::Connect:
      return explain_connect(peer, failure.code);
    case Step::Handshake:
      return explain_handshake(failure.code);
    case Step::Send:
      return {"it " + ending(failure.code) + " while the request was sent", TransportFailure::Disconnected};
    case Step::Head:
      return {"it " + ending(failure.code) + " without a whole answer", TransportFailure::Disconnected};
    case Step::NoHttp:
      return {"what answers there does not speak HTTP", TransportFailure::NoHttp};
    case Step::Body:
      return {"it " + ending(failure.code) + " before the end of the body", TransportFailure::BrokenAnswer};
    case Step::Chunk:
      return {"its body comes in chunks, one of which has no valid length", TransportFailure::BrokenAnswer};
    case Step::Length:
      return {"its Content-Length is no length", TransportFailure::BrokenAnswer};
    case Step::Other:
      break;
  }
  return {failure.text, TransportFailure::Disconnected};
}

std::string shown(const std::string& proxy) { return proxy.empty() ? "a proxy on the way" : "the proxy " + proxy; }

FailedExchange of_proxy(const Url& target, const std::string& text) {
  return {target.origin(), text, TransportFailure::Proxy};
}

FailedExchange tunnel_refused(const Url& target, const std::string& proxy, const std::string& status) {
  return status == "407" ? proxy_wants_password(target, proxy)
                         : of_proxy(target, shown(proxy) + " does not let requests through (status " + status + ")");
}

}  // namespace

FailedExchange explain(const NativeFailure& failure, const Url& target, const std::string& proxy) {
  if (failure.text.starts_with(kTunnelRefused)) {
    return tunnel_refused(target, proxy, failure.text.substr(kTunnelRefused.size()));
  }
  const KnownText text = known(failure.text);
  const bool at_proxy = text.tunnel || (!proxy.empty() && (text.step == Step::Resolve || text.step == Step::Connect));
  if (failure.code == ETIMEDOUT) {
    return {target.origin(), at_proxy ? shown(proxy) + " does not answer" : "the time for a request is over",
            at_proxy ? TransportFailure::Proxy : TransportFailure::TimedOut};
  }
  if (at_proxy) {
    return of_proxy(target,
                    shown(proxy) + " cannot be used: " + explain_step(text.step, Url::parse(proxy), failure).text);
  }
  const Cause cause = explain_step(text.step, target, failure);
  return {target.origin(), cause.text, cause.failure};
}

FailedExchange proxy_wants_password(const Url& target, const std::string& proxy) {
  return of_proxy(target, shown(proxy) + " asks for a user name and a password (status 407)");
}

}  // namespace batchai::inline v1
