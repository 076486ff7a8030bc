#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server::test {

/// An answer as it came over the wire.
struct RawAnswer {
  std::string status_line;
  /// Names in lower case.
  std::multimap<std::string, std::string> fields;
  std::string body;

  int status() const;
  /// The only field of that name; fails the test where there are several. Empty where there is none.
  std::string field(const std::string& name) const;
};

/// A bare TCP connection to the loopback address. Every read gives up (and fails the test) after 20 s, so that a
/// listener that hangs cannot hang the test.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the peer has cut the connection.
  bool send(std::string_view bytes);
  /// The next answer; nothing if the peer closed before a whole one. `to_head`: it answers a HEAD request.
  std::optional<RawAnswer> receive(bool to_head = false);
  /// Everything up to the end of the connection.
  std::string receive_all();
  /// Whether the peer closes without sending anything more.
  bool is_closed_by_peer();
  void finish_sending();

 private:
  bool fill();

  int socket_;
  std::string input_;
};

/// Sends `text` over a new connection and takes the first answer.
std::optional<RawAnswer> exchange(std::uint16_t port, std::string_view text);

}  // namespace batchai::server::test
