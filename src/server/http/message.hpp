#pragma once

#include "batchai/core/http.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::server {

/// A request as the listener read it: head and body within the limits, framing already checked.
struct Request {
  std::string method;
  /// Path and query exactly as received: signatures cover them.
  std::string target;
  /// Encoded path, the part of `target` before the question mark.
  std::string path;
  /// Encoded query without the question mark.
  std::string query;
  Headers headers;
  std::string body;
  /// Numeric address of the peer.
  std::string remote_address;
  bool over_tls = false;
  /// GUID of this request in the log and in the answer.
  std::string request_id;
  /// The resource groups that whoever asks may see; empty: all. Set where who that is has been found out.
  std::vector<std::string> visible_groups = {};
  /// Whether the answer may await a change (Response::awaits). No longer when its time is over or the listener stops.
  bool may_wait = false;

  /// Decoded query parameter by case-insensitive name, or null. (`+` is a blank.)
  const std::string* query_parameter(std::string_view name) const;
  /// Decoded query parameters in order of appearance.
  std::vector<std::pair<std::string, std::string>> parameters;
};

/// A part of a file as a body: sent piece by piece, never held in memory as a whole.
class FileBody {
 public:
  /// Takes over `descriptor`.
  FileBody(int descriptor, std::uint64_t offset, std::uint64_t length);
  ~FileBody();
  FileBody(const FileBody&) = delete;
  FileBody& operator=(const FileBody&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  std::uint64_t offset() const noexcept { return offset_; }
  std::uint64_t length() const noexcept { return length_; }

 private:
  int descriptor_;
  std::uint64_t offset_;
  std::uint64_t length_;
};

/// Something that will happen, or not. Its end means that nobody waits for it any more. Thread-safe.
class AwaitedChange {
 public:
  virtual ~AwaitedChange() = default;
  /// Calls `wake` when it has happened: at once, or later on any thread, even a moment after the end of this object.
  /// Once only.
  virtual void on_change(std::function<void()> wake) = 0;
};

/// An answer. The listener adds Content-Length (0 for an empty body; none on 1xx, 204 and 304), Date and Server.
struct Response {
  int status = 200;
  /// Empty: the standard phrase of the status.
  std::string reason = {};
  Headers headers = {};
  std::string body = {};
  /// Instead of `body`.
  std::shared_ptr<const FileBody> file = nullptr;
  /// Answer to HEAD: the length that GET would have; no body is sent.
  std::optional<std::uint64_t> head_content_length = {};
  /// Instead of an answer: the handler is called again with the same request when this has happened, and a last time,
  /// with Request::may_wait false, `wait_time` after the first call. No thread waits meanwhile.
  std::shared_ptr<AwaitedChange> awaits = nullptr;
  std::chrono::milliseconds wait_time{};
  /// The authenticated caller, its name where it has one, and what it asked for (Route::operation). For the log, not
  /// sent.
  std::string principal = {};
  std::string principal_name = {};
  std::string operation = {};
};

/// Answers one request, which it may change. Called on worker threads, several at a time; an exception that it throws
/// becomes a 500.
using Handler = std::function<Response(Request&)>;

}  // namespace batchai::server
