#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/transport.hpp"
#include "batchai/files/share_service_client.hpp"
#include "server/files/http/files_api.hpp"
#include "signing/shared_key.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace batchai::server::files::test {

inline const Secret kKey("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==");
inline const Secret kSecondKey("c2Vjb25kIGtleQ==");

/// What the listener makes of a request on the wire.
inline Request to_received(const HttpRequest& sent) {
  Request request{.method = sent.method,
                  .target = sent.url.target(),
                  .path = sent.url.path(),
                  .query = sent.url.query(),
                  .headers = sent.headers,
                  .body = sent.whole_body(),
                  .remote_address = "127.0.0.1",
                  .over_tls = sent.url.scheme() == "https",
                  .request_id = "05946d37-401a-00a8-48e5-6fc4cd000000",
                  .parameters = sent.url.query_parameters()};
  if (!request.headers.contains("Host")) {
    request.headers.set("Host", sent.url.authority());
  }
  if (sent.method == "PUT") {
    request.headers.set("Content-Length", std::to_string(sent.body_size()));
  }
  return request;
}

inline std::string read_body(const Response& response) {
  if (!response.file) {
    return response.body;
  }
  std::string body(response.file->length(), '\0');
  const ssize_t count =
      ::pread(response.file->descriptor(), body.data(), body.size(), static_cast<off_t>(response.file->offset()));
  body.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return body;
}

/// Brings the client and the API together without a network.
class ApiTransport final : public Transport {
 public:
  explicit ApiTransport(const FilesApi& api) : api_(api) {}

  HttpResponse send(const HttpRequest& request, const CallContext&) override {
    const Response answer = api_.handle(to_received(request));
    HttpResponse response{.status = answer.status, .reason = answer.reason, .headers = answer.headers};
    if (request.method != "HEAD") {
      response.body = read_body(answer);
    }
    const std::uint64_t length = answer.head_content_length.value_or(response.body.size());
    response.headers.set("Content-Length", std::to_string(length));
    return response;
  }

 private:
  const FilesApi& api_;
};

/// A service with accounts `acct1` (two keys) and `other`, and an empty share `share1` of the first.
class FaceTest : public testing::Test {
 protected:
  FaceTest() { send("PUT", "/acct1/share1?restype=share"); }

  /// Sends a request that the account's key has signed.
  Response send(const std::string& method, const std::string& target, Headers headers = {}, std::string body = {}) {
    HttpRequest request{method, Url::parse("http://127.0.0.1:10011" + target), std::move(headers), std::move(body)};
    if (!request.headers.contains("x-ms-version")) {
      request.headers.set("x-ms-version", "2021-12-02");
    }
    signing::sign_with_shared_key(request, "acct1", kKey, clock_->now());
    return api_.handle(to_received(request));
  }

  /// Without signature; for SAS and the lack of everything.
  Response send_unsigned(const std::string& method, const std::string& target, Headers headers = {},
                         std::string body = {}) {
    return api_.handle(
        to_received({method, Url::parse("http://127.0.0.1:10011" + target), std::move(headers), std::move(body)}));
  }

  /// With a bearer token; `headers` are stronger than the usual ones.
  Response send_with_token(const std::string& token, const std::string& method, const std::string& target,
                           const Headers& headers = {}, std::string body = {}) {
    Headers all = {
        {"Authorization", "Bearer " + token}, {"x-ms-version", "2022-11-02"}, {"x-ms-file-request-intent", "backup"}};
    for (const auto& [name, value] : headers) {
      all.set(name, value);
    }
    return send_unsigned(method, target, std::move(all), std::move(body));
  }

  Response create_file(const std::string& path, std::uint64_t size, Headers headers = {}) {
    headers.set("x-ms-type", "file");
    headers.set("x-ms-content-length", std::to_string(size));
    return send("PUT", "/acct1/share1/" + path, std::move(headers));
  }

  Response put_range(const std::string& path, std::uint64_t first, const std::string& bytes, Headers headers = {}) {
    headers.set("x-ms-write", "update");
    headers.set("x-ms-range", "bytes=" + std::to_string(first) + "-" + std::to_string(first + bytes.size() - 1));
    return send("PUT", "/acct1/share1/" + path + "?comp=range", std::move(headers), bytes);
  }

  void create_file_with(const std::string& path, const std::string& content) {
    ASSERT_EQ(create_file(path, content.size()).status, 201);
    if (!content.empty()) {
      ASSERT_EQ(put_range(path, 0, content).status, 201);
    }
  }

  std::string get(const std::string& path) { return read_body(send("GET", "/acct1/share1/" + path)); }

  std::filesystem::path share_folder() const { return folder_.path() / "files" / "acct1" / "share1"; }

  /// What a job does.
  void write_as_job(const std::string& path, const std::string& content) const {
    std::ofstream(share_folder() / path, std::ios::binary) << content;
  }

  batchai::files::ShareServiceClient client() const {
    return batchai::files::ShareServiceClient({.name = "acct1", .key = kKey, .endpoint = endpoint()},
                                              {.transport = transport_, .clock = clock_});
  }
  static Url endpoint() { return Url::parse("http://127.0.0.1:10011/acct1"); }

  /// Of the error that a client throws.
  static std::string code(const std::function<void()>& call) {
    try {
      call();
    } catch (const ServiceError& error) {
      return error.code();
    }
    return "no error";
  }
  static std::string code_of(const Response& response) { return response.headers.get("x-ms-error-code"); }

  batchai::test::TemporaryFolder folder_;
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  FilesApi api_{folder_.path() / "files",
                [](std::string_view account) -> std::optional<std::vector<Secret>> {
                  if (account == "acct1") {
                    return std::vector{kSecondKey, kKey};
                  }
                  return account == "other" ? std::optional(std::vector{kSecondKey}) : std::nullopt;
                },
                *clock_,
                signing::SasService::File,
                [](const std::string&) {},
                {.check = [](std::string_view token, const std::string& account) -> BearerVerdict {
                   if (token == "token-of-a-reader-for-" + account) {
                     return {.permitted = false};
                   }
                   return token == "token-for-" + account ? BearerVerdict{.permitted = true}
                                                          : BearerVerdict{.problem = "Issuer validation failed."};
                 },
                 .authorization_uri = [] { return "https://login.test/tenant/oauth2/authorize"; }}};
  std::shared_ptr<Transport> transport_ = std::make_shared<ApiTransport>(api_);
};

}  // namespace batchai::server::files::test
