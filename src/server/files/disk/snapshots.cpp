#include "server/files/disk/snapshots.hpp"

#include "core/random.hpp"
#include "server/files/disk/tree_copy.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <mutex>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::server::files {
namespace {

constexpr std::size_t kMostSnapshots = 200;
constexpr const char* kTree = "tree";
constexpr const char* kRecord = "record.json";
constexpr mode_t kFolderMode = 0777;

}  // namespace

std::string Snapshots::create(const std::string& account, const std::string& share, ShareRecord record,
                              Timestamp now) const {
  const Descriptor source = shares_.open(account, share);
  const auto taken = times(account, share);
  if (taken.size() >= kMostSnapshots) {
    throw StorageError("ShareSnapshotCountExceeded");
  }
  // Under a name that is no time until it is complete.
  const std::filesystem::path parent = folder(account, share);
  const std::filesystem::path making = parent / (".making-" + random_guid());
  std::error_code ignored;
  std::filesystem::create_directories(making, ignored);
  try {
    if (mkdir((making / kTree).c_str(), kFolderMode) != 0) {
      throw from_errno(errno);
    }
    copy_tree(source.get(), open_directory_at(AT_FDCWD, making / kTree).get(), attributes_);
    record.lease.reset();
    record.policies.clear();
    write_share_record(making / kRecord, record);
    const Timestamp last = taken.empty() ? Timestamp() : *parse_iso8601(taken.back());
    std::string time = format_iso8601_ticks(std::max(now, last + Ticks(1)));
    if (std::rename(making.c_str(), (parent / time).c_str()) != 0) {
      throw errno == EEXIST || errno == ENOTEMPTY ? StorageError("ShareSnapshotInProgress") : from_errno(errno);
    }
    return time;
  } catch (...) {
    shares_.discard(making);
    throw;
  }
}

std::vector<std::string> Snapshots::times(const std::string& account, const std::string& share) const {
  std::vector<std::string> times;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder(account, share), error)) {
    std::string name = entry.path().filename();
    if (parse_iso8601(name)) {
      times.push_back(std::move(name));
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

Descriptor Snapshots::open(const std::string& account, const std::string& share, const std::string& time) const {
  shares_.open(account, share);
  Descriptor opened = open_directory_at(AT_FDCWD, folder(account, share) / time / kTree);
  if (!opened.is_open()) {
    throw StorageError("ShareNotFound");
  }
  return opened;
}

ShareRecord Snapshots::record(const std::string& account, const std::string& share, const std::string& time) const {
  open(account, share, time);
  return read_share_record(folder(account, share) / time / kRecord);
}

ShareRecord Snapshots::update(const std::string& account, const std::string& share, const std::string& time,
                              const std::function<void(ShareRecord&)>& edit) const {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  ShareRecord record = this->record(account, share, time);
  edit(record);
  write_share_record(folder(account, share) / time / kRecord, record);
  return record;
}

void Snapshots::remove(const std::string& account, const std::string& share, const std::string& time) const {
  open(account, share, time);
  shares_.discard(folder(account, share) / time);
}

void Snapshots::remove_all(const std::string& account, const std::string& share) const {
  if (!times(account, share).empty()) {
    shares_.discard(folder(account, share));
  }
}

std::filesystem::path Snapshots::folder(const std::string& account, const std::string& share) const {
  return shares_.root() / account / ".snapshots" / share;
}

}  // namespace batchai::server::files
