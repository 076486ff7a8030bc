#include "cli/local/server_process.hpp"

#include "cli/frame/errors.hpp"
#include "core/pointers_to.hpp"
#include "core/private_file.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPoll{10};

/// File actions and attributes of posix_spawn, freed together.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }

  /// A session of its own, and signals as a fresh program expects them: this one blocks and ignores some.
  void detach() {
    sigset_t none;
    sigset_t usual;
    ::sigemptyset(&none);
    ::sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT}) {
      ::sigaddset(&usual, signal);
    }
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

std::string describe_end(int status) {
  return WIFSIGNALED(status) ? "was killed by signal " + std::to_string(WTERMSIG(status))
                             : "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

bool says_ready(const fs::path& log, std::size_t from) {
  std::ifstream stream(log, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(from));
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return text.starts_with("ready") || text.find("\nready") != std::string::npos;
}

/// Whether the process was started with this data folder: by its command line, or by a file that this names.
bool works_on(int pid, const fs::path& data) {
  const std::string end(1, '\0');
  const std::string line = read_file("/proc/" + std::to_string(pid) + "/cmdline").value_or("");
  if (line.find(end + data.string() + end) != std::string::npos ||
      line.find(end + "--data-dir=" + data.string() + end) != std::string::npos) {
    return true;
  }
  const std::string program = fs::path(line.substr(0, line.find('\0'))).filename().string();
  return program == "batchai-server" && line.find(end + "--config") != std::string::npos &&
         line.find(end + "--data-dir") == std::string::npos;
}

/// Throws CommandError where the file is there and this account must not read it.
std::optional<std::string> read_of_service(const fs::path& file) {
  try {
    return read_file(file);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::permission_denied) {
      throw CommandError(kFailed, error.what(),
                         "the service runs under another account: run the command as that one or as root, with sudo");
    }
    throw;
  }
}

/// A process that has ended and has not been waited for still has a folder in /proc.
bool is_alive(int pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat").value_or("");
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.substr(name_end, 3) != ") Z";
}

std::string last_lines(const std::string& text, int lines) {
  // The line end of the last line does not begin another line.
  std::size_t begin = text.ends_with('\n') ? text.size() - 1 : text.size();
  for (int i = 0; i < lines; ++i) {
    const std::size_t newline = begin == 0 ? std::string::npos : text.rfind('\n', begin - 1);
    if (newline == std::string::npos) {
      return text;
    }
    begin = newline;
  }
  return text.substr(begin + 1);
}

void end_process(int pid) {
  ::kill(pid, SIGTERM);
  for (int i = 0; i < 100; ++i) {
    if (::waitpid(pid, nullptr, WNOHANG) != 0) {
      return;
    }
    ::usleep(50'000);
  }
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

}  // namespace

std::optional<LocalEndpoints> ServerProcess::endpoints() const {
  const fs::path file = data_ / "endpoints.json";
  const std::optional<std::string> text = read_of_service(file);
  if (!text) {
    return std::nullopt;
  }
  try {
    const nlohmann::json document = nlohmann::json::parse(*text);
    const auto member = [&](const char* name) {
      const auto found = document.find(name);
      return found == document.end() || found->is_null() ? std::string() : found->get<std::string>();
    };
    return LocalEndpoints{.management = member("managementEndpoint"),
                          .files = member("filesEndpoint"),
                          .ca_bundle = member("caBundle"),
                          .tenant = member("tenantId"),
                          .subscription = member("subscriptionId"),
                          .client_id = member("clientId"),
                          .client_secret = member("clientSecret"),
                          .storage_account = member("storageAccount"),
                          .storage_key = member("storageKey"),
                          .pid = document.value("pid", 0)};
  } catch (const nlohmann::json::exception&) {
    throw CommandError(kFailed, file.string() + " is broken", "stop the service and start it again");
  }
}

std::optional<int> ServerProcess::running_pid() const {
  const std::optional<LocalEndpoints> known = endpoints();
  const bool running = known && known->pid > 1 && is_alive(known->pid) && works_on(known->pid, data_);
  return running ? std::optional(known->pid) : std::nullopt;
}

int ServerProcess::spawn(const fs::path& program, const std::vector<std::string>& options) const {
  std::vector<std::string> words{program.string(), "--data-dir", data_.string()};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<std::string> variables = inherited_variables();
  SpawnPlan plan;
  plan.detach();
  const std::string log = log_file().string();
  ::posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&plan.actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&plan.actions, STDOUT_FILENO, STDERR_FILENO);
  ::posix_spawn_file_actions_addchdir_np(&plan.actions, data_.c_str());
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes, pointers_to(words).data(),
                                  pointers_to(variables).data());
  if (error != 0) {
    throw CommandError(kFailed, "cannot start " + program.string() + ": " + std::strerror(error));
  }
  return pid;
}

void ServerProcess::start(const fs::path& program, const std::vector<std::string>& options, Clock& clock,
                          const CancellationToken& cancellation, Duration retry) const {
  make_private_folder(log_file().parent_path());
  std::error_code none_yet;
  const std::uintmax_t log_size = fs::file_size(log_file(), none_yet);
  const std::size_t log_begin = none_yet ? 0 : log_size;
  const int pid = spawn(program, options);
  const auto deadline = clock.steady_now() + std::chrono::duration_cast<std::chrono::nanoseconds>(retry);
  while (!says_ready(log_file(), log_begin)) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      // It ends with 2, as everything does, when its options or their file are wrong.
      const ExitCode code = WIFEXITED(status) && WEXITSTATUS(status) == kUsage ? kUsage : kFailed;
      throw CommandError(code, "the service " + describe_end(status) + " before it was ready", {}, words(log_begin));
    }
    if (cancellation.cancelled()) {
      end_process(pid);
      throw Cancelled();
    }
    if (clock.steady_now() >= deadline) {
      end_process(pid);
      throw CommandError(kFailed, "the service was not ready in time", "see 'batchai local logs'", words(log_begin));
    }
    clock.sleep_for(kPoll, cancellation);
  }
}

bool ServerProcess::stop(Clock& clock, const CancellationToken& cancellation, Duration retry) const {
  const std::optional<int> pid = running_pid();
  if (!pid) {
    return false;
  }
  if (::kill(*pid, SIGTERM) != 0 && errno != ESRCH) {
    throw CommandError(kFailed, "cannot stop process " + std::to_string(*pid) + ": " + std::strerror(errno),
                       "it runs under another account: use that one or root, or what has started it, as systemctl");
  }
  const auto deadline = clock.steady_now() + std::chrono::duration_cast<std::chrono::nanoseconds>(retry);
  while (is_alive(*pid) && works_on(*pid, data_)) {
    ::waitpid(*pid, nullptr, WNOHANG);  // a child of this very process, in tests, would stay otherwise
    if (cancellation.cancelled()) {
      throw Interrupted("interrupted; the service goes on stopping", "see 'batchai local status'");
    }
    if (clock.steady_now() >= deadline) {
      throw CommandError(kFailed, "process " + std::to_string(*pid) + " does not end", "see 'batchai local logs'");
    }
    clock.sleep_for(kPoll, cancellation);
  }
  return true;
}

std::string ServerProcess::words(std::size_t from) const {
  constexpr int kLastWords = 3;
  std::string text = last_lines(read_file(log_file()).value_or("").substr(from), kLastWords);
  return text.empty() || text.ends_with('\n') ? text : text + "\n";
}

std::string ServerProcess::log_tail(int lines, std::size_t end) const {
  std::string text = read_file(log_file()).value_or("").substr(0, end);
  return lines < 0 ? text : last_lines(text, lines);
}

fs::path find_server_program(const Environment& environment, const fs::path& executable) {
  if (const auto named = environment.find("BATCHAI_SERVER")) {
    return fs::absolute(*named);
  }
  fs::path beside = executable.parent_path() / "batchai-server";
  if (::access(beside.c_str(), X_OK) == 0) {
    return beside;
  }
  throw CommandError(kFailed, "there is no program " + beside.string(), "name it in BATCHAI_SERVER");
}

}  // namespace batchai::cli
