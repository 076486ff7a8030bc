#pragma once

#include "support/socket_server.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace batchai::inline v1::files::test {

/// What happens to one request on its way.
struct Fault {
  enum class Kind {
    None,
    /// The connection is reset before the request gets through.
    ResetBefore,
    /// The request gets through, and its answer is lost by a reset.
    ResetAfter,
    /// Half of the answer arrives.
    Truncate,
    /// Nothing comes back until the client gives up.
    Stall,
    /// `answer` comes in place of the service's.
    Answer
  };
  Kind kind = Kind::None;
  std::string answer = {};
};

/// A TCP proxy before an HTTP service on this machine.
class FaultProxy {
 public:
  /// `decide` gets every request's head; it is called by several threads.
  FaultProxy(unsigned short upstream, std::function<Fault(const std::string& head)> decide)
      : upstream_(upstream),
        decide_(std::move(decide)),
        server_([this](batchai::test::Peer& client) { serve(client); }) {}

  std::string url() const { return server_.url(); }
  /// How many requests met a fault.
  int faults() const { return faults_; }

 private:
  /// A connection to the service.
  class Upstream {
   public:
    explicit Upstream(unsigned short port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("the service behind the proxy is not there");
      }
    }
    ~Upstream() { ::close(descriptor_); }
    Upstream(const Upstream&) = delete;
    Upstream& operator=(const Upstream&) = delete;

    std::string exchange(const std::string& request) {
      batchai::test::Peer peer(descriptor_);
      peer.write(request);
      return request.starts_with("HEAD ") ? peer.read_head() : peer.read_request();
    }

   private:
    int descriptor_;
  };

  void serve(batchai::test::Peer& client) {
    Upstream service(upstream_);
    for (std::string request = client.read_request(); !request.empty(); request = client.read_request()) {
      const Fault fault = decide_(request.substr(0, request.find("\r\n\r\n")));
      faults_ += fault.kind == Fault::Kind::None ? 0 : 1;
      if (!pass(fault, request, client, service)) {
        return;
      }
    }
  }

  /// Whether the connection goes on.
  static bool pass(const Fault& fault, const std::string& request, batchai::test::Peer& client, Upstream& service) {
    switch (fault.kind) {
      case Fault::Kind::None:
        client.write(service.exchange(request));
        return true;
      case Fault::Kind::Answer:
        client.write(fault.answer);
        return true;
      case Fault::Kind::Truncate: {
        const std::string answer = service.exchange(request);
        client.write(answer.substr(0, answer.size() / 2));
        return false;
      }
      case Fault::Kind::Stall:
        client.wait_until_closed();
        return false;
      case Fault::Kind::ResetAfter:
        service.exchange(request);
        client.reset();
        return false;
      default:
        client.reset();
        return false;
    }
  }

  const unsigned short upstream_;
  const std::function<Fault(const std::string& head)> decide_;
  std::atomic<int> faults_ = 0;
  batchai::test::SocketServer server_;
};

}  // namespace batchai::inline v1::files::test
