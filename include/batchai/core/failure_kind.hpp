#pragma once

#include "batchai/core/error.hpp"

namespace batchai {

/// What a failure says about the same request at a later time.
enum class FailureKind {
  /// It fails again: it is refused, or its answer is not what the protocol promises; or the caller ended the call.
  Permanent,
  /// One side does not trust the other: 401, 403, no token, an untrusted certificate. It fails until somebody puts that
  /// right, and there is nothing wrong with the request.
  Untrusted,
  /// No whole answer came, or a gateway says so (502, 504).
  Unreachable,
  /// The host is unknown, or what is there does not speak what the URL says. Before the first answer of a service most
  /// likely a wrong address, later a network or a service that is away for a while.
  WrongPeer,
  /// The service asks for a pause (429, 503).
  Busy,
  /// The service failed at this request, or gave up on it (500, 408).
  Failed,
  /// The service cannot do it for now (507 and what else there is from 500 on): another try at once would not help.
  Unable
};

/// The one place where errors are sorted; what is no failure of a request is Permanent. Thread-safe.
FailureKind failure_kind(const std::exception& error) noexcept;
/// The same for an answer's HTTP status. Permanent below 400, too.
FailureKind failure_kind(int status) noexcept;

/// Whether the same request may well succeed a little later, with nobody doing anything about it.
bool is_transient(FailureKind kind) noexcept;
bool is_transient(const std::exception& error) noexcept;

/// Whether another try within seconds is worth its while, also where no request has succeeded so far.
bool is_worth_repeating(FailureKind kind) noexcept;

}  // namespace batchai
