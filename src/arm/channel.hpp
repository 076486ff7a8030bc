#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/models/model.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {

/// How messages about a broken answer begin.
constexpr std::string_view kAnswer = "answer of the service";

/// Of groups and providers.
constexpr std::string_view kResourcesVersion = "2021-04-01";

/// What the clients of one subscription share: endpoint, pipeline, and the one way from an answer to a value or an
/// error. Immutable, thread-safe.
class ManagementChannel {
 public:
  ManagementChannel(std::shared_ptr<TokenCredential> credential, std::string subscription,
                    const ManagementOptions& options);

  /// The endpoint with path segments, which are encoded, and the api-version.
  Url url(std::initializer_list<std::string_view> segments, std::string_view api_version) const;
  /// The same below `/subscriptions/{subscription}`. Throws InvalidArgument if there is no subscription or an odd one.
  Url subscription_url(std::initializer_list<std::string_view> segments, std::string_view api_version) const;

  /// Any status is an answer. A PUT that is refused because the subscription has not been registered with the resource
  /// provider registers it, waits until that is done, at most a quarter of an hour, and is sent once more. Where it
  /// cannot be registered, the refusal is the answer.
  HttpResponse send(const HttpRequest& request, const CallContext& context) const;
  /// Sends a GET that a service which can wait may answer late: see prefer_wait().
  HttpResponse send_patiently(HttpRequest request, const CallContext& context) const;
  /// The body of a successful answer. Throws ServiceError for another one.
  std::string fetch(const HttpRequest& request, const CallContext& context) const;
  /// Sends the first request of a long-running operation.
  OperationPoller start(const HttpRequest& request, const CallContext& context) const;
  /// Continues an operation that makes a resource of that type, as `Microsoft.Storage/storageAccounts`; empty: one that
  /// makes none. Throws InvalidArgument for a broken token, one of another endpoint and one of another operation.
  OperationPoller resume(const std::string& token, std::string_view type) const;
  /// What the pipeline was made with, with transport and clock: for requests that do not go to the endpoint.
  const ClientOptions& client() const noexcept { return client_; }
  /// GET for the next page. Throws ProtocolError for a link that leads away from the endpoint: the token stays here.
  HttpRequest next_page(const std::string& link) const;

 private:
  bool register_provider(const std::string& provider, const CallContext& context) const;

  Url endpoint_;
  std::string subscription_;
  ClientOptions client_;
  std::shared_ptr<const Pipeline> pipeline_;
};

/// The type of the resources that are made by operations with the result T; empty where there is no result.
template <class T>
inline constexpr std::string_view kTypeOf{};

using Channel = std::shared_ptr<const ManagementChannel>;

/// A request without a body, or with a JSON one. Throws InvalidArgument for text that is not UTF-8.
HttpRequest make_request(std::string method, Url url, const std::optional<nlohmann::json>& body = {});

/// A POST that only reads, such as one that lists keys: it may be repeated like a GET.
HttpRequest make_reading_post(Url url, const std::optional<nlohmann::json>& body = {});

/// Appends `name=value`. Throws InvalidArgument naming the limits if the number is outside of them.
void add_bounded(Url& url, std::string_view name, std::optional<int> value, int least, int most);
/// `maxresults`, which many lists have.
void add_page_size(Url& url, std::optional<int> page_size);

template <class T>
T call(const Channel& channel, const HttpRequest& request, const CallContext& context) {
  return parse_json<T>(channel->fetch(request, context), kAnswer);
}

template <class T>
Operation<T> make_operation(OperationPoller poller) {
  return Operation<T>(std::move(poller), [](const std::string& body) {
    if constexpr (std::is_same_v<T, std::monostate>) {
      return T{};
    } else {
      return parse_json<T>(body, kAnswer);
    }
  });
}

template <class T>
Operation<T> resume(const Channel& channel, const std::string& token) {
  return make_operation<T>(channel->resume(token, kTypeOf<T>));
}

template <class T>
Operation<T> start(const Channel& channel, const HttpRequest& request, const CallContext& context) {
  return make_operation<T>(channel->start(request, context));
}

/// `first` asks for the first page; the following ones are fetched with GET whatever its method.
template <class T>
Pageable<T> list(const Channel& channel, HttpRequest first, const CallContext& context) {
  return Pageable<T>([channel, first = std::move(first), context](const std::string& link) {
    return parse_page<T>(channel->fetch(link.empty() ? first : channel->next_page(link), context), kAnswer);
  });
}

}  // namespace batchai::inline v1
