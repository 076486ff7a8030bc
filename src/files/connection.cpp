#include "files/connection.hpp"

#include "batchai/core/error.hpp"
#include "core/joined.hpp"
#include "files/answers.hpp"
#include "files/sas_terms.hpp"
#include "naming/file_names.hpp"
#include "signing/shared_key.hpp"

#include <algorithm>

namespace batchai::inline v1::files {
namespace {

/// The first version in which names may end in dots, which the service cuts off otherwise.
constexpr const char* kServiceVersion = "2022-11-02";

/// Tokens for it open the files of all accounts, in every cloud.
constexpr const char* kAudience = "https://storage.azure.com/";

void require_safe_endpoint(const Url& endpoint) {
  if (endpoint.scheme() != "https" && !endpoint.is_loopback()) {
    throw InvalidArgument("refusing to send storage credentials unencrypted to '" + endpoint.origin() +
                          "': use an https endpoint (http is accepted for this machine only)");
  }
}

/// With everything that is left open filled in.
ClientOptions completed(ClientOptions options) {
  options = with_transport(std::move(options));
  if (options.clock == nullptr) {
    options.clock = system_clock();
  }
  return options;
}

RequestSigner make_signer(const StorageAccount& account, const std::shared_ptr<Clock>& clock) {
  if (account.key.empty()) {
    return {};
  }
  // A broken key is reported here and not at the first request.
  signing::shared_key_signature("", account.key);
  return [name = account.name, key = account.key, clock](HttpRequest& request) {
    signing::sign_with_shared_key(request, name, key, clock->now());
  };
}

std::string query_of_sas(const Secret& sas) {
  const std::string& text = sas.reveal();
  return text.starts_with('?') ? text.substr(1) : text;
}

}  // namespace

Connection::Connection(StorageAccount account, const ClientOptions& options)
    : account_(std::move(account)), options_(completed(options)) {
  require_safe_endpoint(account_.endpoint);
  pipeline_ = signs_in() ? make_bearer_pipeline(options_, account_.credential, kAudience, account_.endpoint.origin())
                         : make_signing_pipeline(options_, make_signer(account_, options_.clock));
}

bool Connection::signs_in() const {
  return account_.key.empty() && account_.sas.empty() && account_.credential != nullptr;
}

std::shared_ptr<const Connection> Connection::with_retry(const RetryOptions& retry) const {
  ClientOptions options = options_;
  options.retry = retry;
  const auto copy = std::make_shared<Connection>(account_, options);
  copy->snapshot_ = snapshot_;
  copy->lease_ = lease_;
  return copy;
}

std::shared_ptr<const Connection> Connection::at_snapshot(const std::string& snapshot) const {
  const auto copy = std::make_shared<Connection>(*this);
  copy->snapshot_ = snapshot;
  return copy;
}

std::shared_ptr<const Connection> Connection::with_lease(const std::string& id) const {
  const auto copy = std::make_shared<Connection>(*this);
  copy->lease_ = id;
  return copy;
}

HttpResponse Connection::send(HttpRequest request, const CallContext& context) const {
  request.headers.set("x-ms-version", kServiceVersion);
  request.headers.set("x-ms-allow-trailing-dot", "true");
  if (signs_in()) {
    request.headers.set("x-ms-file-request-intent", "backup");
  }
  if (!lease_.empty() && !request.headers.contains("x-ms-lease-id")) {
    request.headers.set("x-ms-lease-id", lease_);
  }
  if (!snapshot_.empty()) {
    request.url.add_query("sharesnapshot", snapshot_);
  }
  request.url = with_own_sas(std::move(request.url));
  HttpResponse response = pipeline_->send(std::move(request), context);
  if (response.status < 200 || response.status > 299) {
    throw_service_error(make_storage_error(response, options_.clock->now()));
  }
  return response;
}

Url Connection::share_url(std::string_view share) const {
  Url url = account_.endpoint;
  url.append_segment(share);
  return url;
}

Url Connection::path_url(std::string_view share, const std::vector<std::string>& path) const {
  Url url = share_url(share);
  for (const std::string& part : path) {
    url.append_segment(part);
  }
  return url;
}

void Connection::require_key() const {
  if (account_.key.empty()) {
    throw InvalidArgument("a URL with a signature can be made with the account key only; give the key of '" +
                          account_.name + "'");
  }
}

Url Connection::sas_url(std::string_view share, const std::vector<std::string>& path, const SasOptions& options) const {
  require_key();
  const signing::SasToken token =
      sign_service_sas(sas_terms(options, path.empty()), signing::SasService::File,
                       {account_.name, std::string(share), joined(path, "/")}, account_.key);
  return path_url(share, path).set_query(token.to_query());
}

Url Connection::account_sas_url(const AccountSasOptions& options) const {
  require_key();
  const signing::SasToken token = sign_account_sas(account_sas_terms(options), account_.name, account_.key);
  Url url = account_url();
  return url.set_query(token.to_query());
}

Url Connection::with_own_sas(Url url) const {
  if (account_.key.empty() && !account_.sas.empty()) {
    const std::string sas = query_of_sas(account_.sas);
    url.set_query(url.query().empty() ? sas : url.query() + "&" + sas);
  }
  return url;
}

std::vector<std::string> checked_path(std::string_view path) {
  auto parts = naming::split_path(path);
  const bool leads_astray = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part == "." || part == ".." || part.find('\0') != std::string::npos;
  });
  if (leads_astray) {
    throw InvalidArgument("'" + std::string(path) +
                          "' is no usable path in a share: no part of it may be '.' or '..', or hold a zero byte");
  }
  return parts;
}

void require_good_names(const std::vector<std::string>& path) {
  if (const auto problem = naming::path_problem(path)) {
    throw InvalidArgument("'" + joined(path, "/") + "' is no usable path in a share: " + *problem);
  }
}

}  // namespace batchai::inline v1::files
