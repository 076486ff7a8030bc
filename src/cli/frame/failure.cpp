#include "cli/frame/failure.hpp"

#include "batchai/core/transport_failure.hpp"
#include "batchai/core/url.hpp"
#include "cli/frame/errors.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace batchai::cli {
namespace {

constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool is_loopback(const std::string& endpoint) {
  try {
    return Url::parse(endpoint).is_loopback();
  } catch (const InvalidArgument&) {
    return false;
  }
}

Failure from_service(const ServiceError& error) {
  const bool storage_refusal = error.status() == 403 && error.code() == "AuthenticationFailed";
  if (error.status() == 401 || storage_refusal) {
    return {kSignIn, error.what(),
            storage_refusal ? "check the account key or SAS token" : "sign in with 'batchai login'"};
  }
  if (error.status() == 404 && error.code() == "AccountNotFound") {
    return {kNotFound, error.what(),
            "name another one with --account-name; the one of a service on this machine is made again when that is "
            "restarted ('batchai local stop', 'batchai local start')"};
  }
  if (error.status() == 404) {
    return {kNotFound, error.what()};
  }
  if (error.code() == "MissingSubscriptionRegistration") {
    return {
        kFailed, error.what(),
        "somebody who may do so has to run 'batchai provider register -n NAMESPACE --wait' first, for Batch AI with "
        "Microsoft.BatchAI"};
  }
  const std::string& id = error.request_id();
  const std::string for_log = id.empty() || error.status() < 500 ? "" : "request id for the service's log: " + id;
  if (error.status() == kTooManyRequests || error.status() == kUnavailable) {
    return {kFailed, error.what(),
            "try again later; with --timeout SECONDS, pauses that the service asks for are waited for" +
                (for_log.empty() ? "" : "; " + for_log)};
  }
  return {kFailed, error.what(), for_log};
}

std::string hint_of(const TransportError& error) {
  const bool here = is_loopback(error.endpoint());
  const bool tls = error.endpoint().starts_with("https");
  switch (failure_of(error)) {
    case TransportFailure::UnknownHost:
      return "check the name; if it is right, check the network and its name service";
    case TransportFailure::TimedOut:
      return here ? "see whether the service there still works: 'batchai local status', 'batchai local logs'"
                  : "check the network and the proxy (HTTPS_PROXY), or try again later";
    case TransportFailure::Disconnected:
      return tls ? "try again; if that does not help, see what runs there"
                 : "if the service there wants TLS, its URL begins with https://";
    case TransportFailure::NoTls:
      return "if the service there has no TLS, its URL begins with http://; else another program has the port";
    case TransportFailure::NoHttp:
      return "see what runs there: another program may have the port";
    case TransportFailure::Tls:
      return "see which versions of TLS and which ciphers the server takes";
    case TransportFailure::BrokenAnswer:
      return "try again; if that does not help, see the log of the service, or of a proxy on the way";
    case TransportFailure::Proxy:
      return "check HTTPS_PROXY or HTTP_PROXY, as http://USER:PASSWORD@HOST:PORT; hosts in NO_PROXY go without it";
    case TransportFailure::Unreachable:
      break;
  }
  return here ? "nothing answers there; start the local service with 'batchai local start'"
              : "check the network, the proxy (HTTPS_PROXY) and BATCHAI_CA_BUNDLE";
}

Failure from_transport(const TransportError& error) {
  if (dynamic_cast<const UntrustedCertificate*>(&error) != nullptr) {
    const std::string local = ", for the local service by running 'eval \"$(batchai local env)\"'";
    return {kFailed, error.what(),
            "name a PEM file with the certificates to trust in BATCHAI_CA_BUNDLE" +
                (is_loopback(error.endpoint()) ? local : "")};
  }
  return {kFailed, error.what(), hint_of(error)};
}

Failure classify(const std::exception& error) {
  if (const auto* command = dynamic_cast<const CommandError*>(&error)) {
    return {command->exit_code(), command->what(), command->hint(), command->excerpt()};
  }
  if (const auto* output = dynamic_cast<const OutputError*>(&error)) {
    return output->closed() ? Failure{kDone} : Failure{kFailed, output->what()};
  }
  if (dynamic_cast<const Cancelled*>(&error) != nullptr) {
    return {kInterrupted, "interrupted"};
  }
  if (const auto* service = dynamic_cast<const ServiceError*>(&error)) {
    return from_service(*service);
  }
  if (const auto* transport = dynamic_cast<const TransportError*>(&error)) {
    return from_transport(*transport);
  }
  if (dynamic_cast<const AuthenticationError*>(&error) != nullptr) {
    return {kSignIn, error.what()};
  }
  if (dynamic_cast<const InvalidArgument*>(&error) != nullptr) {
    return {kUsage, error.what()};
  }
  if (const auto* local = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    return {kFailed, "'" + local->path1().string() + "': " + local->code().message()};
  }
  return {kFailed, error.what()};
}

}  // namespace

Failure describe_failure(const std::exception& error) {
  Failure failure = classify(error);
  failure.message = one_line(std::move(failure.message));
  failure.hint = one_line(std::move(failure.hint));
  return failure;
}

void print_failure(const Failure& failure, std::ostream& err) {
  if (failure.message.empty()) {
    return;
  }
  const bool beside = failure.exit_code == kUsage && !failure.hint.empty();
  err << "batchai: error: " << failure.message << (beside ? " (" + failure.hint + ")" : "") << '\n' << failure.excerpt;
  if (!beside && !failure.hint.empty()) {
    err << "batchai: hint: " << failure.hint << '\n';
  }
  err.flush();
}

}  // namespace batchai::cli
