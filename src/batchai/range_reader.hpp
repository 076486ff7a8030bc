#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/pipeline.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace batchai::inline v1 {

/// Reads a file behind a signed URL piece by piece, also from servers that ignore Range, and asks for a new URL when
/// the old one is about to expire or is refused.
class RangeReader {
 public:
  /// Makes a fresh signed URL; empty: the file is gone.
  using Renew = std::function<std::string()>;

  /// `client` needs its transport and clock.
  RangeReader(const ClientOptions& client, std::string url, Renew renew, CallContext context);

  struct Piece {
    /// From the offset that was asked for; empty when there is nothing there (yet).
    std::string bytes;
    /// More is known to follow.
    bool more = false;
    /// The file ends before the offset: it was cut, or written anew.
    bool shorter = false;
    /// Bytes of the whole file, where the answer says that.
    std::optional<std::uint64_t> total = {};
    /// Which state of the file it is of; empty where the server does not say.
    std::string etag = {};
  };
  /// At most a few MiB, unless the server ignores Range. Throws ServiceError when the file stays refused with a fresh
  /// URL, ProtocolError when the answer is for another range than was asked for.
  Piece read(std::uint64_t offset);

 private:
  HttpResponse get(std::uint64_t offset);
  void renew_url();
  void use(std::string url);
  Piece accept(const HttpResponse& response, std::uint64_t offset) const;

  std::shared_ptr<Clock> clock_;
  std::shared_ptr<const Pipeline> pipeline_;
  std::string url_;
  Renew renew_;
  CallContext context_;
  std::chrono::steady_clock::time_point renew_at_;
};

}  // namespace batchai::inline v1
