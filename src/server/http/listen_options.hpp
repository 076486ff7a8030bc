#pragma once

#include "server/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server {

/// What one peer may ask of the listener.
struct ListenLimits {
  /// Request line and header fields together; above it the answer is 431.
  std::size_t head_bytes = 64 * 1024;
  /// Above it the answer is 413.
  std::uint64_t body_bytes = 16 * 1024 * 1024;
  /// Of the bodies of all requests together, from their first byte to the end of the answer; bodies of up to 64 KiB are
  /// not counted. Above it the answer is 503. Never less than one body may have.
  std::uint64_t buffered_bytes = 256 * 1024 * 1024;
  /// What a byte of a body counts in `buffered_bytes`: what is parsed from it takes memory, too.
  std::uint64_t body_cost = 1;
  /// When all are in use, those that are idle make room, then those whose peers have kept an incomplete request for
  /// long and have not signed in. Where there are none the next connection waits in the kernel's queue. A sixteenth is
  /// reserved for this machine, and any other network gets three quarters at most: connections beyond that are closed.
  std::size_t connections = 512;
  /// From the first byte of a request to the end of its head; also for the TLS handshake.
  std::chrono::milliseconds head_time{15'000};
  /// From the end of the head to the end of the body.
  std::chrono::milliseconds body_time{300'000};
  /// Until then at least `body_rate` bytes a second have to come, after a start of `body_grace`.
  std::chrono::milliseconds body_grace{15'000};
  std::uint64_t body_rate = 1024;
  /// Between two requests of a connection.
  std::chrono::milliseconds idle_time{120'000};
  /// For the peer to take one piece (256 KiB at most) of an answer.
  std::chrono::milliseconds write_time{60'000};
};

/// PEM files.
struct TlsFiles {
  /// The certificate of the host and those between it and the root.
  std::filesystem::path certificate_chain;
  std::filesystem::path private_key;
};

/// A request and its result.
struct Exchange {
  /// As far as it was read: without a method where not even the first line could be used.
  const Request& request;
  int status = 0;
  const std::string& principal;
  std::string_view principal_name = {};
  std::string_view operation = {};
  /// Heads and bodies.
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  /// From the end of the request to the beginning of its answer.
  std::chrono::microseconds handling_time{};
  /// From the first byte of the request to the last of the answer.
  std::chrono::microseconds total_time{};
  /// Whether the peer received the whole answer.
  bool complete = true;
};

/// What is decided about a request before its body is read.
struct Admission {
  /// The answer, if the request is not let in.
  std::optional<Response> refusal = {};
  /// Whether the caller is authenticated. Others may send 64 KiB at most, and make room when connections are short.
  bool proved = true;
};

struct ListenOptions {
  /// Numeric address or host name.
  std::string host = "127.0.0.1";
  /// 0: a free one.
  std::uint16_t port = 0;
  std::optional<TlsFiles> tls = {};
  ListenLimits limits = {};
  /// Threads that run the handler.
  unsigned workers = 8;
  /// Judges the head of a request whose body has not come with it; what it throws is a 500. Without it all are
  /// admitted. Thread-safe.
  std::function<Admission(const Request&)> gatekeeper = {};
  /// Whether a request is answered even while all workers are busy. Thread-safe; the handler takes no time for these.
  std::function<bool(const Request&)> is_urgent = {};
  /// Makes the answers that the listener gives by itself (400, 413, 431, 500, …) look like the API behind it. Without
  /// it they are plain text. Thread-safe.
  std::function<Response(int status, std::string_view message)> refusal = {};
  /// Called with what a handler threw. Thread-safe.
  std::function<void(const Request&, std::string_view what)> on_handler_failure = {};
  /// Called for every request that was answered, also by the listener itself. Thread-safe.
  std::function<void(const Exchange&)> on_exchange = {};
};

}  // namespace batchai::server
