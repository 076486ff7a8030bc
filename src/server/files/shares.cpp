#include "server/files/shares.hpp"

#include "core/private_file.hpp"
#include "core/random.hpp"
#include "naming/file_names.hpp"
#include "server/files/node_state.hpp"
#include "server/files/storage_error.hpp"
#include "server/files/tree.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

#include <fcntl.h>
#include <nlohmann/json.hpp>

namespace batchai::server::files {
namespace {

using nlohmann::json;

constexpr mode_t kShareMode = 0777;
constexpr const char* kTrashPrefix = ".deleted-";

/// Guards the records: a change is read, changed and written as one.
std::mutex& records_mutex() {
  static std::mutex mutex;
  return mutex;
}

void require_share_name(const std::string& share) {
  if (naming::share_name_problem(share)) {
    throw StorageError("InvalidResourceName");
  }
}

ShareRecord read_record(const std::filesystem::path& file) {
  ShareRecord record;
  const json object = json::parse(read_private_file(file).value_or(""), nullptr, false);
  if (!object.is_object()) {
    return record;
  }
  record.quota = object.value("quota", record.quota);
  record.modified = parse_iso8601(object.value("modified", "")).value_or(Timestamp());
  record.metadata = object.value("metadata", Metadata());
  return record;
}

void write_record(const std::filesystem::path& file, const ShareRecord& record) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  const json object = {
      {"quota", record.quota}, {"modified", format_iso8601_ticks(record.modified)}, {"metadata", record.metadata}};
  write_private_file(file, object.dump());
}

Timestamp now() { return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()); }

/// What a removal that was interrupted has left.
std::vector<std::filesystem::path> find_trash(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> trash;
  std::error_code error;
  for (const auto& account : std::filesystem::directory_iterator(root, error)) {
    for (const auto& entry : std::filesystem::directory_iterator(account.path(), error)) {
      if (entry.path().filename().string().starts_with(kTrashPrefix)) {
        trash.push_back(entry.path());
      }
    }
  }
  return trash;
}

}  // namespace

Shares::Shares(std::filesystem::path root) : root_(std::move(root)) {
  std::error_code ignored;
  for (const auto& folder : find_trash(root_)) {
    std::filesystem::remove_all(folder, ignored);
  }
}

std::string ShareRecord::etag() const {
  NodeState state;
  state.modified = modified;
  return state.etag();
}

std::vector<std::string> Shares::names(const std::string& account) const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / account, error)) {
    std::string name = entry.path().filename().string();
    if (!naming::share_name_problem(name) &&
        entry.symlink_status(error).type() == std::filesystem::file_type::directory) {
      names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Descriptor Shares::open(const std::string& account, const std::string& share) const {
  require_share_name(share);
  const Descriptor folder(::open((root_ / account).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  Descriptor opened = folder.is_open() ? open_directory_at(folder.get(), share) : Descriptor();
  if (!opened.is_open()) {
    throw StorageError("ShareNotFound");
  }
  return opened;
}

ShareRecord Shares::record(const std::string& account, const std::string& share) const {
  const Descriptor folder = open(account, share);
  ShareRecord record = read_record(record_file(account, share));
  if (record.modified == Timestamp()) {
    record.modified = read_state(folder.get()).created;
  }
  return record;
}

ShareRecord Shares::create(const std::string& account, const std::string& share, ShareRecord record) const {
  require_share_name(share);
  const std::lock_guard lock(records_mutex());
  std::error_code ignored;
  std::filesystem::create_directories(root_ / account, ignored);
  if (mkdir((root_ / account / share).c_str(), kShareMode) != 0) {
    throw errno == EEXIST ? StorageError("ShareAlreadyExists") : from_errno(errno);
  }
  record.modified = now();
  write_record(record_file(account, share), record);
  return record;
}

ShareRecord Shares::update(const std::string& account, const std::string& share, ShareRecord record) const {
  const std::lock_guard lock(records_mutex());
  record.modified = std::max(now(), this->record(account, share).modified + Ticks(1));
  write_record(record_file(account, share), record);
  return record;
}

void Shares::remove(const std::string& account, const std::string& share) const {
  open(account, share);
  // Out of sight in one step; a name with a dot in front is no share.
  const std::filesystem::path trash = root_ / account / (std::string(kTrashPrefix) + random_guid());
  const std::lock_guard lock(records_mutex());
  if (std::rename((root_ / account / share).c_str(), trash.c_str()) != 0) {
    throw errno == ENOENT ? StorageError("ShareNotFound") : from_errno(errno);
  }
  std::error_code ignored;
  std::filesystem::remove(record_file(account, share), ignored);
  std::filesystem::remove_all(trash, ignored);
}

std::filesystem::path Shares::record_file(const std::string& account, const std::string& share) const {
  return root_ / account / ".shares" / (share + ".json");
}

}  // namespace batchai::server::files
