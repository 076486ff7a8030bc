#pragma once

#include "batchai/core/error.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// What a failure says about the same request at a later time.
enum class FailureKind {
  /// It fails again: it is refused, or its answer is not what the protocol promises; or the caller ended the call.
  Permanent,
  /// One side does not trust the other: 401, 403, no token, an untrusted certificate. It fails until that is corrected;
  /// the request itself is right.
  Untrusted,
  /// No complete answer came, or a gateway says so (502, 504).
  Unreachable,
  /// The host is unknown, or the peer does not speak the protocol of the URL. Before the first answer of a service that
  /// is most likely a wrong address, later a network or service that is down for a while.
  WrongPeer,
  /// The service asks for a pause (429, 503).
  Busy,
  /// The service failed at this request, or gave up on it (500, 408).
  Failed,
  /// The service cannot do it at the moment (507 and others above 500): another try at once would not help.
  Unable
};

/// The one place where errors are classified; errors that are not failures of a request are Permanent. Thread-safe.
[[nodiscard]] FailureKind failure_kind(const std::exception& error) noexcept;
/// The same for an answer's HTTP status. Permanent below 400, too.
[[nodiscard]] FailureKind failure_kind(int status) noexcept;

/// Whether the same request may succeed a little later by itself.
[[nodiscard]] bool is_transient(FailureKind kind) noexcept;
/// The same by failure_kind().
[[nodiscard]] bool is_transient(const std::exception& error) noexcept;

/// Whether another try within seconds may help, even where no request has succeeded so far.
[[nodiscard]] bool is_worth_repeating(FailureKind kind) noexcept;

BATCHAI_NAMESPACE_END
