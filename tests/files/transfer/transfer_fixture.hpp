#pragma once

#include "batchai/core/error.hpp"
#include "batchai/files/transfer.hpp"
#include "server/files/api_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>

#include <gmock/gmock.h>

namespace batchai::files::test {

/// Passes requests on, and lets the test look at them and spoil them. Thread-safe.
class WatchedTransport final : public Transport {
 public:
  explicit WatchedTransport(std::shared_ptr<Transport> next) : next_(std::move(next)) {}

  HttpResponse send(const HttpRequest& request, const CallContext& context) override {
    if (context.cancellation.cancelled()) {
      throw Cancelled();
    }
    {
      const std::lock_guard lock(mutex_);
      requests.push_back(request.method + " " + request.url.path() + "?" + request.url.query());
    }
    if (before) {
      if (auto answer = before(request)) {
        return std::move(*answer);
      }
    }
    HttpResponse response = next_->send(request, context);
    if (after) {
      after(request, response);
    }
    return response;
  }

  /// Those that hold `text`.
  std::size_t count(const std::string& text) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        requests.begin(), requests.end(), [&](const auto& line) { return line.find(text) != std::string::npos; }));
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    requests.clear();
  }

  /// An answer in place of the service's, or an exception.
  std::function<std::optional<HttpResponse>(const HttpRequest&)> before;
  std::function<void(const HttpRequest&, HttpResponse&)> after;
  std::vector<std::string> requests;

 private:
  std::shared_ptr<Transport> next_;
  std::mutex mutex_;
};

inline bool writes_piece(const HttpRequest& request) {
  return request.method == "PUT" && request.url.query().find("comp=range") != std::string::npos;
}

inline bool reads_piece(const HttpRequest& request) {
  return request.method == "GET" && request.headers.contains("x-ms-range");
}

/// The engine against the API, without a network between.
class TransferTest : public server::files::test::FaceTest {
 protected:
  TransferTest()
      : network_(std::make_shared<WatchedTransport>(transport_)),
        share_(ShareServiceClient({.name = "acct1", .key = server::files::test::kKey, .endpoint = endpoint()},
                                  {.transport = network_, .clock = clock_})
                   .share("share1")),
        local_(folder_.path() / "local") {
    std::filesystem::create_directory(local_);
    options_.clock = clock_;
    options_.journal_folder = folder_.path() / "journals";
    options_.on_event = [this](const TransferEvent& event) { events_.push_back(event); };
  }

  std::filesystem::path write(const std::string& name, const std::string& content) const {
    const auto path = local_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  static std::string read(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  /// Different in every piece, without zeros.
  static std::string content(std::size_t size) {
    std::string text(size, '\0');
    std::uint32_t state = 12345;
    for (char& c : text) {
      state = state * 1664525 + 1013904223;
      c = static_cast<char>('!' + (state >> 24U) % 90);
    }
    return text;
  }
  std::vector<std::string> names_in(const std::filesystem::path& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      names.push_back(entry.path().lexically_relative(folder).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  /// The share as by TLS, which verifies what is sent.
  ShareClient share_by_tls() const {
    Url by_tls = Url::parse("https" + endpoint().to_string().substr(4));
    return ShareServiceClient({.name = "acct1", .key = server::files::test::kKey, .endpoint = std::move(by_tls)},
                              {.transport = network_, .clock = clock_})
        .share("share1");
  }
  TransferReport upload_folder(const std::string& target = "in") {
    Transfer transfer(options_, context_);
    transfer.upload_folder(local_, target.empty() ? share_.root() : share_.directory(target));
    return transfer.run();
  }
  TransferReport download_folder(const std::filesystem::path& target, const std::string& source = "in") {
    Transfer transfer(options_, context_);
    transfer.download_folder(source.empty() ? share_.root() : share_.directory(source), target);
    return transfer.run();
  }
  static std::vector<std::string> reasons(const TransferReport& report) {
    std::vector<std::string> all;
    for (const TransferFailure& failure : report.failures) {
      all.push_back(failure.event.source + ": " + failure.event.reason);
    }
    return all;
  }

  std::shared_ptr<WatchedTransport> network_;
  ShareClient share_;
  std::filesystem::path local_;
  TransferOptions options_;
  CallContext context_;
  std::vector<TransferEvent> events_;
};

inline constexpr std::size_t kPiece = kLargestPiece;

}  // namespace batchai::files::test
