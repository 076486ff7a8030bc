#pragma once

#include "server/batchai/batchai_api.hpp"
#include "server/http/message.hpp"
#include "server/records/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

/// GET requests whose client would rather wait than ask again: `Prefer: wait=SECONDS` (RFC 7240 4.3).
namespace batchai::server {

/// What a request asks for, a minute at most; nothing where it does not.
std::optional<std::chrono::seconds> preferred_wait(const Request& request);

/// The wait that a request asks for, from before the state is read, so that no change is missed.
class Wait {
 public:
  /// For a change of the document with that key.
  Wait(const Request& request, const AwaitChange& await, const std::string& key);

  /// To be returned instead of an answer that says nothing new; nothing where that has to be given now.
  std::optional<Response> instead() const;
  /// `answer`, which says that the preference was honoured (RFC 7240 3) if it was.
  Response mark(Response answer) const;

 private:
  std::optional<std::chrono::seconds> length_;
  std::shared_ptr<AwaitedChange> change_;
  bool honoured_ = false;
};

/// The document as resource_response() has it. Where the request prefers to wait and has `If-None-Match`: once its ETag
/// is another one, or 304 when the time is over. A text that is momentary comes once more after ten seconds at most.
Response read_or_wait(const Request& request, const AwaitChange& await, const std::string& key,
                      const std::function<DocumentText()>& read);

}  // namespace batchai::server
