#include "server/engine/node_ssh.hpp"

#include "core/private_file.hpp"
#include "server/engine/node_listener.hpp"
#include "server/engine/pidfd.hpp"
#include "server/engine/ssh_session.hpp"
#include "server/run/command.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/watch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// Each takes a descriptor, and two while it is used: what the service itself needs is more.
constexpr std::size_t kMostNodes = 1'000;
constexpr std::size_t kMostConnections = 100;
constexpr std::size_t kMostOfOneNode = 20;
constexpr std::size_t kLongestLine = 500;

/// Made once; the public half is beside it, for known_hosts.
std::string host_key(const fs::path& folder) {
  const auto file = folder / "host_key";
  if (auto key = read_file(file); key && !key->empty()) {
    return *key;
  }
  make_private_folder(folder);
  const auto made = folder / "host_key.new";
  fs::remove(made);
  const auto result = run_command(
      {.program = "ssh-keygen", .arguments = {"-q", "-t", "ed25519", "-N", "", "-C", "batchai", "-f", made}});
  if (!result.succeeded()) {
    throw std::runtime_error("ssh-keygen cannot make " + made.string() + ": " + result.errors);
  }
  fs::rename(made.string() + ".pub", file.string() + ".pub");
  fs::rename(made, file);
  return read_file(file).value();
}

}  // namespace

class NodeSsh::State {
 public:
  explicit State(NodeSshOptions options)
      : options_(std::move(options)),
        host_key_(host_key(options_.folder)),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_) {
      throw_errno("cannot wait for connections to nodes");
    }
    thread_ = std::thread([this] { run(); });
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    wake();
    thread_.join();
  }

  void set_nodes(const std::string& cluster, const std::map<std::string, std::string>& nodes) {
    const std::scoped_lock lock(mutex_);
    for (auto node = nodes_.begin(); node != nodes_.end();) {
      const bool gone = node->second.cluster == cluster && !nodes.contains(node->first);
      node = gone ? nodes_.erase(node) : std::next(node);
    }
    for (const auto& [id, address] : nodes) {
      if (!nodes_.contains(id)) {
        add_node(cluster, id, address);
      }
    }
    wake();
  }

  std::optional<std::uint16_t> port_of(const std::string& id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? std::nullopt : std::optional(found->second.listener.port);
  }

 private:
  struct ListenedNode {
    std::string cluster;
    NodeListener listener;
  };
  struct Connection {
    std::string node;
    SshSession session;
    /// Of what the server has said, the line that has not ended.
    std::string line = {};
    /// Its limits, and who looks whether it keeps them.
    RunPlan limited = {};
    std::optional<Watch> watch = {};
  };
  /// What is waited for, in the order of the descriptors.
  struct Awaited {
    std::vector<pollfd> entries;
    std::vector<std::string> nodes;
  };

  void wake() const { ::eventfd_write(wake_.get(), 1); }

  void add_node(const std::string& cluster, const std::string& id, const std::string& address) {
    try {
      if (nodes_.size() >= kMostNodes) {
        throw std::runtime_error("there are " + std::to_string(kMostNodes) + " already");
      }
      nodes_.emplace(id, ListenedNode{cluster, listen_for_node(options_.host, address)});
    } catch (const std::exception& error) {
      if (std::exchange(last_refused_, id) != id) {
        options_.report(id, std::string("it gets no SSH server: ") + error.what());
      }
    }
  }

  void run() {
    while (true) {
      auto awaited = await();
      ::poll(awaited.entries.data(), awaited.entries.size(), poll_timeout(next_look()));
      eventfd_t ignored = 0;
      ::eventfd_read(wake_.get(), &ignored);
      if (is_ending()) {
        break;
      }
      look_at_connections();
      for (std::size_t index = 0; index < awaited.nodes.size(); ++index) {
        if (awaited.entries[index + 1].revents != 0) {
          accept_at(awaited.nodes[index]);
        }
      }
    }
    for (auto& connection : connections_) {
      end(connection);
    }
  }

  bool is_ending() const {
    const std::scoped_lock lock(mutex_);
    return ending_;
  }

  Awaited await() const {
    Awaited result;
    const auto add = [&](int descriptor) {
      result.entries.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
    };
    add(wake_.get());
    {
      const std::scoped_lock lock(mutex_);
      for (const auto& [id, node] : nodes_) {
        add(node.listener.socket.get());
        result.nodes.push_back(id);
      }
    }
    for (const auto& connection : connections_) {
      add(connection.session.process.get());
      add(connection.session.report.get());
    }
    return result;
  }

  void accept_at(const std::string& id) {
    Descriptor accepted;
    std::string cluster;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = nodes_.find(id);
      if (found == nodes_.end()) {
        return;
      }
      cluster = found->second.cluster;
      accepted = Descriptor(::accept4(found->second.listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    }
    const auto same = std::ranges::count(connections_, id, &Connection::node);
    if (!accepted) {
      if (errno == EMFILE || errno == ENFILE) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // it stays readable
      }
      return;
    }
    if (connections_.size() >= kMostConnections || static_cast<std::size_t>(same) >= kMostOfOneNode) {
      options_.report(id, "a connection is refused: there are too many");
      return;
    }
    serve(cluster, id, accepted);
  }

  void serve(const std::string& cluster, const std::string& id, const Descriptor& accepted) {
    try {
      if (const auto login = options_.login(cluster, id)) {
        auto& connection = connections_.emplace_back();
        connection.node = id;
        try {
          connection.session = start_ssh_session(*login, host_key_, accepted);
        } catch (...) {
          connections_.pop_back();
          throw;
        }
        watch(connection, login->plan.limits);
      } else {
        const std::scoped_lock lock(mutex_);
        nodes_.erase(id);
      }
    } catch (const std::exception& error) {
      options_.report(id, std::string("a connection is refused: ") + error.what());
    }
  }

  /// As a job on one node, but for the node's disk, of which others have their part.
  static void watch(Connection& connection, const RunLimits& limits) {
    connection.limited.limits = limits;
    connection.limited.limits.disk_bytes = 0;
    connection.watch.emplace(connection.limited, 1, connection.session.pid);
  }

  std::optional<Watch::Time> next_look() const {
    std::optional<Watch::Time> next;
    for (const auto& connection : connections_) {
      if (const auto time = connection.watch->next(); time && (!next || *time < *next)) {
        next = time;
      }
    }
    return next;
  }

  bool is_over_limit(Connection& connection) const {
    const auto passed = connection.watch->look();
    if (passed) {
      options_.report(connection.node, "a connection is ended: " + *passed);
    }
    return passed.has_value();
  }

  void look_at_connections() {
    for (auto connection = connections_.begin(); connection != connections_.end();) {
      pollfd entries[] = {{.fd = connection->session.process.get(), .events = POLLIN, .revents = 0},
                          {.fd = connection->session.report.get(), .events = POLLIN, .revents = 0}};
      ::poll(entries, 2, 0);
      if (entries[1].revents != 0) {
        read_report(*connection);
      }
      if (entries[0].revents != 0 || !port_of(connection->node) || is_over_limit(*connection)) {
        end(*connection);
        connection = connections_.erase(connection);
      } else {
        ++connection;
      }
    }
  }

  void read_report(Connection& connection) const {
    std::array<char, 4096> buffer{};
    const auto count = ::read(connection.session.report.get(), buffer.data(), buffer.size());
    if (count <= 0) {
      connection.session.report.reset();
      return;
    }
    connection.line.append(buffer.data(), static_cast<std::size_t>(count));
    for (auto end = connection.line.find('\n'); end != std::string::npos; end = connection.line.find('\n')) {
      tell(connection, connection.line.substr(0, end));
      connection.line.erase(0, end + 1);
    }
    connection.line.resize(std::min(connection.line.size(), kLongestLine));
  }

  void tell(const Connection& connection, std::string line) const {
    line.resize(std::min(line.size(), kLongestLine));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
      line.pop_back();
    }
    // It has no rights for that, and needs none.
    if (!line.empty() && !line.starts_with("Attempt to write login records")) {
      options_.report(connection.node, line);
    }
  }

  /// The kernel ends all that is in the sandbox with the process.
  void end(Connection& connection) const {
    signal_process(connection.session.process, SIGKILL);
    while (::waitpid(connection.session.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    while (connection.session.report) {
      pollfd entry{.fd = connection.session.report.get(), .events = POLLIN, .revents = 0};
      if (::poll(&entry, 1, 0) <= 0) {
        break;
      }
      read_report(connection);
    }
  }

  const NodeSshOptions options_;
  const std::string host_key_;
  mutable std::mutex mutex_;
  bool ending_ = false;
  /// By id.
  std::map<std::string, ListenedNode> nodes_;
  /// So that it is not reported each time.
  std::string last_refused_;
  /// Of the thread.
  std::list<Connection> connections_;
  Descriptor wake_;
  std::thread thread_;
};

NodeSsh::NodeSsh(NodeSshOptions options) : state_(std::make_unique<State>(std::move(options))) {}
NodeSsh::~NodeSsh() = default;
void NodeSsh::set_nodes(const std::string& cluster, const std::map<std::string, std::string>& nodes) {
  state_->set_nodes(cluster, nodes);
}
std::optional<std::uint16_t> NodeSsh::port_of(const std::string& node) const { return state_->port_of(node); }

std::optional<std::string> why_no_sshd() {
  if (::access(kSshd, X_OK) != 0) {
    return std::string("openssh-server is not installed: there is no ") + kSshd;
  }
  return std::nullopt;
}

}  // namespace batchai::server
