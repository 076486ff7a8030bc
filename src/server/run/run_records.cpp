#include "server/run/run_records.hpp"

#include "core/private_file.hpp"
#include "core/random.hpp"
#include "server/run/system_error.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

namespace batchai::server {

namespace {

using nlohmann::json;
using Kind = RunOutcome::Kind;

constexpr std::size_t kReserve = 4'096;

constexpr std::array<std::pair<Kind, std::string_view>, 10> kKindNames{{{Kind::Exited, "exited"},
                                                                        {Kind::PreparationFailed, "preparationFailed"},
                                                                        {Kind::NotStarted, "notStarted"},
                                                                        {Kind::NoContainer, "noContainer"},
                                                                        {Kind::TimedOut, "timedOut"},
                                                                        {Kind::Stopped, "stopped"},
                                                                        {Kind::Cancelled, "cancelled"},
                                                                        {Kind::Lost, "lost"},
                                                                        {Kind::OverLimit, "overLimit"},
                                                                        {Kind::Busy, "busy"}}};

std::string name_of(Kind kind) {
  for (const auto& [value, name] : kKindNames) {
    if (value == kind) {
      return std::string(name);
    }
  }
  throw std::logic_error("outcome of an unknown kind");
}

Kind kind_of(const std::string& text) {
  for (const auto& [value, name] : kKindNames) {
    if (name == text) {
      return value;
    }
  }
  throw std::invalid_argument("unknown kind of outcome: " + text);
}

std::int64_t ticks(Timestamp time) { return time.time_since_epoch().count(); }

Timestamp timestamp(const json& value) { return Timestamp(Ticks(value.get<std::int64_t>())); }

/// Nothing if there is no such file or it is not what `read` expects.
template <class T>
std::optional<T> read_record(const std::filesystem::path& path, T (*read)(const json&)) {
  const auto text = read_file(path);
  if (!text) {
    return std::nullopt;
  }
  try {
    return read(json::parse(*text));
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

SupervisorRecord supervisor_from(const json& object) {
  SupervisorRecord record{
      .pid = object.at("pid"),
      .start_time = object.at("startTime"),
      .started = timestamp(object.at("started")),
      .grace = std::chrono::milliseconds(object.value("graceMs", std::int64_t{SupervisorRecord().grace.count()}))};
  if (object.contains("limitSeconds")) {
    record.limit = std::chrono::seconds(object.at("limitSeconds").get<std::int64_t>());
  }
  for (const auto& mount : object.at("mounts")) {
    record.mounts.emplace_back(mount.at(0).get<std::string>(), mount.at(1).get<std::string>());
  }
  for (const auto& folder : object.value("writable", json::array())) {
    record.writable.emplace_back(folder.get<std::string>());
  }
  return record;
}

RunOutcome outcome_from(const json& object) {
  RunOutcome outcome;
  outcome.kind = kind_of(object.at("kind"));
  outcome.ended = timestamp(object.at("ended"));
  outcome.message = object.at("message");
  if (object.contains("exitCode")) {
    outcome.exit_code = object.at("exitCode").get<int>();
  }
  if (object.contains("started")) {
    outcome.started = timestamp(object.at("started"));
  }
  return outcome;
}

/// Messages may quote paths that are not UTF-8.
std::string dump(const json& object) { return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n"; }

}  // namespace

bool is_run_id(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= 200 && text.front() != '.' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool RunRecords::exist() const {
  std::error_code error;
  return std::filesystem::exists(folder_, error) || error;
}

void RunRecords::look_anew() const noexcept {
  try {
    const auto file = folder_ / (".look-" + random_guid());
    const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    ::unlink(file.c_str());
  } catch (const std::exception&) {
    return;  // what is known will have to do
  }
}

Descriptor RunRecords::try_lock() const {
  const auto path = folder_ / "lock";
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) {
    throw_errno("cannot make " + path.string());
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
    return lock;
  }
  if (errno != EWOULDBLOCK) {
    throw_errno("cannot lock " + path.string());
  }
  return {};
}

std::optional<SupervisorRecord> RunRecords::read_supervisor() const {
  return read_record(folder_ / "supervisor.json", supervisor_from);
}

void RunRecords::write_supervisor(const SupervisorRecord& record) const {
  json mounts = json::array();
  for (const auto& [path, target] : record.mounts) {
    mounts.push_back({path.string(), target.string()});
  }
  json object = {{"pid", record.pid},
                 {"startTime", record.start_time},
                 {"started", ticks(record.started)},
                 {"graceMs", record.grace.count()},
                 {"mounts", mounts},
                 {"writable", json::array()}};
  for (const auto& folder : record.writable) {
    object["writable"].push_back(folder.string());
  }
  if (record.limit) {
    object["limitSeconds"] = record.limit->count();
  }
  // Half of it, after a crash, is none: the run has not begun.
  make_private_file(folder_ / "supervisor.json", dump(object));
}

void RunRecords::note_sandbox(const SandboxRecord& sandbox) const {
  const auto path = folder_ / "sandboxes";
  const auto line = std::to_string(sandbox.pid) + " " + std::to_string(sandbox.start_time) + "\n";
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file || ::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw_errno("cannot write " + path.string());
  }
}

std::vector<SandboxRecord> RunRecords::read_sandboxes() const {
  std::vector<SandboxRecord> result;
  std::istringstream text(read_file(folder_ / "sandboxes").value_or(""));
  for (SandboxRecord sandbox; text >> sandbox.pid >> sandbox.start_time;) {
    result.push_back(sandbox);
  }
  return result;
}

std::optional<RunOutcome> RunRecords::read_outcome() const {
  return read_record(folder_ / "outcome.json", outcome_from);
}

void RunRecords::reserve_outcome() const {
  const auto path = folder_ / "reserve";
  std::ofstream file(path, std::ios::binary);
  file << std::string(kReserve, ' ');
  if (!file.flush()) {
    throw_errno("cannot write " + path.string());
  }
}

void RunRecords::write_outcome(const RunOutcome& outcome) const {
  json object = {{"kind", name_of(outcome.kind)}, {"ended", ticks(outcome.ended)}, {"message", outcome.message}};
  if (outcome.exit_code) {
    object["exitCode"] = *outcome.exit_code;
  }
  if (outcome.started) {
    object["started"] = ticks(*outcome.started);
  }
  const auto reserve = folder_ / "reserve";
  const auto text = dump(object);
  std::error_code ignored;
  try {
    if (std::filesystem::exists(reserve, ignored)) {
      return reuse_private_file(reserve, folder_ / "outcome.json", text);
    }
  } catch (const std::system_error&) {
    std::filesystem::remove(reserve, ignored);
  }
  replace_private_file(folder_ / "outcome.json", text);
}

}  // namespace batchai::server
