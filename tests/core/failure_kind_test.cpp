#include "batchai/core/failure_kind.hpp"

#include "batchai/core/transport_failure.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace batchai::inline v1 {
namespace {

using enum FailureKind;

struct Row {
  std::string name;
  std::shared_ptr<const std::exception> error;
  FailureKind kind;
};

template <class E, class... Args>
Row row(std::string name, FailureKind kind, Args&&... args) {
  return {std::move(name), std::make_shared<E>(std::forward<Args>(args)...), kind};
}

Row exchange(std::string name, FailureKind kind, TransportFailure failure) {
  return row<FailedExchange>(std::move(name), kind, "https://h", "reason", failure);
}

Row status(int code, FailureKind kind) {
  return row<ServiceError>("status " + std::to_string(code), kind, code, ErrorBody{}, "");
}

std::vector<Row> failures() {
  return {row<TransportError>("no answer, cause unknown", Unreachable, "https://h", "reason"),
          exchange("refused", Unreachable, TransportFailure::Unreachable),
          exchange("timed out", Unreachable, TransportFailure::TimedOut),
          exchange("reset", Unreachable, TransportFailure::Disconnected),
          exchange("cut off", Unreachable, TransportFailure::BrokenAnswer),
          exchange("proxy", Unreachable, TransportFailure::Proxy),
          exchange("name not known", WrongPeer, TransportFailure::UnknownHost),
          exchange("no TLS", WrongPeer, TransportFailure::NoTls),
          exchange("handshake refused", WrongPeer, TransportFailure::Tls),
          exchange("no HTTP", WrongPeer, TransportFailure::NoHttp),
          row<UntrustedCertificate>("untrusted certificate", Untrusted, "https://h", "h", "self-signed"),
          row<AuthenticationError>("no token", Untrusted, "no"),
          row<Cancelled>("cancelled", Permanent),
          row<DeadlineExceeded>("deadline", Permanent, "late"),
          row<ProtocolError>("protocol", Permanent, "not JSON"),
          row<OperationFailed>("operation failed", Permanent, "Failed", ErrorBody{}),
          row<InvalidArgument>("invalid argument", Permanent, "no"),
          row<std::runtime_error>("none of ours", Permanent, "no"),
          status(400, Permanent),
          status(401, Untrusted),
          status(403, Untrusted),
          status(404, Permanent),
          status(407, Permanent),
          status(408, Failed),
          status(409, Permanent),
          status(412, Permanent),
          status(428, Permanent),
          status(429, Busy),
          status(430, Permanent),
          status(499, Permanent),
          status(500, Failed),
          status(501, Unable),
          status(502, Unreachable),
          status(503, Busy),
          status(504, Unreachable),
          status(507, Unable),
          status(599, Unable)};
}

TEST(FailureKindOf, EveryErrorIsThatOfTheTable) {
  for (const Row& row : failures()) {
    EXPECT_EQ(failure_kind(*row.error), row.kind) << row.name;
    EXPECT_EQ(is_transient(*row.error), is_transient(row.kind)) << row.name;
  }
}

TEST(FailureKindOf, AnAnswerThatIsNoErrorIsPermanent) {
  for (const int code : {200, 201, 202, 204, 304}) {
    EXPECT_EQ(failure_kind(code), Permanent) << code;
  }
}

TEST(FailureKinds, SayWhetherTheyPassAndWhetherToRepeatAtOnce) {
  struct Answer {
    FailureKind kind;
    bool transient;
    bool worth_repeating;
  };
  for (const Answer& answer : {Answer{Permanent, false, false}, Answer{Untrusted, false, false},
                               Answer{Unreachable, true, true}, Answer{WrongPeer, true, false},
                               Answer{Busy, true, true}, Answer{Failed, true, true}, Answer{Unable, true, false}}) {
    EXPECT_EQ(is_transient(answer.kind), answer.transient) << static_cast<int>(answer.kind);
    EXPECT_EQ(is_worth_repeating(answer.kind), answer.worth_repeating) << static_cast<int>(answer.kind);
  }
}

}  // namespace
}  // namespace batchai::inline v1
