#include "server/http/raw_client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

RawAnswer parse_head(const std::string& head) {
  RawAnswer answer;
  std::istringstream lines(head);
  std::string line;
  std::getline(lines, line);
  answer.status_line = line.substr(0, line.find('\r'));
  while (std::getline(lines, line) && line != "\r") {
    const std::size_t colon = line.find(": ");
    EXPECT_NE(colon, std::string::npos) << line;
    answer.fields.emplace(lower(line.substr(0, colon)), line.substr(colon + 2, line.size() - colon - 3));
  }
  return answer;
}

}  // namespace

int RawAnswer::status() const { return std::stoi(status_line.substr(9, 3)); }

std::string RawAnswer::field(const std::string& name) const {
  EXPECT_LE(fields.count(name), 1u) << name;
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval limit{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::fill() {
  std::array<char, 65536> piece;
  const ssize_t got = ::recv(socket_, piece.data(), piece.size(), 0);
  EXPECT_FALSE(got < 0 && errno == EAGAIN) << "the listener neither answered nor closed";
  if (got > 0) {
    input_.append(piece.data(), static_cast<std::size_t>(got));
  }
  return got > 0;
}

std::optional<RawAnswer> RawClient::receive(bool to_head) {
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) {
      return std::nullopt;
    }
  }
  RawAnswer answer = parse_head(input_.substr(0, end + 4));
  input_.erase(0, end + 4);
  const std::string length = answer.field("content-length");
  const std::size_t size = to_head || length.empty() ? 0 : std::stoul(length);
  while (input_.size() < size) {
    if (!fill()) {
      return std::nullopt;
    }
  }
  answer.body = input_.substr(0, size);
  input_.erase(0, size);
  input_.shrink_to_fit();  // some tests count the memory in use
  return answer;
}

std::string RawClient::receive_all() {
  while (fill()) {
  }
  return std::exchange(input_, {});
}

bool RawClient::is_closed_by_peer() { return input_.empty() && !fill(); }

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

std::optional<RawAnswer> exchange(std::uint16_t port, std::string_view text) {
  RawClient client(port);
  client.send(text);
  return client.receive();
}

}  // namespace batchai::server::test
