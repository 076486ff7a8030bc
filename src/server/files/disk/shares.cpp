#include "server/files/disk/shares.hpp"

#include "naming/file_names.hpp"
#include "server/files/disk/node_state.hpp"
#include "server/files/disk/tree.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

#include <fcntl.h>

namespace batchai::server::files {
namespace {

constexpr mode_t kShareMode = 0777;

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

Timestamp now() { return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()); }

}  // namespace

Shares::Shares(std::filesystem::path root, const AttributeStore& attributes,
               std::function<void(const std::string&)> report)
    : root_(std::move(root)),
      trash_(std::make_unique<Trash>(TrashOptions{
          .folder = root_ / ".deleted",
          .before = [attributes](int directory, const std::string& name) { attributes.erase_at(directory, name); },
          .report = std::move(report)})) {}

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

bool Shares::exists(const std::string& account, const std::string& share) const {
  const Descriptor folder(::open((root_ / account).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return !naming::share_name_problem(share) && folder.is_open() && open_directory_at(folder.get(), share).is_open();
}

ShareRecord Shares::record(const std::string& account, const std::string& share) const {
  return record(account, share, open(account, share).get());
}

ShareRecord Shares::record(const std::string& account, const std::string& share, int folder) const {
  ShareRecord record = read_share_record(side_file(account, share, "json"));
  if (record.modified == Timestamp()) {
    record.modified = read_state(folder).created;
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
  write_share_record(side_file(account, share, "json"), record);
  return record;
}

ShareRecord Shares::update(const std::string& account, const std::string& share,
                           const std::function<void(ShareRecord&)>& edit, Visibility visibility) const {
  const std::lock_guard lock(records_mutex());
  ShareRecord record = this->record(account, share);
  const Timestamp before = record.modified;
  edit(record);
  record.modified = visibility == Visibility::Seen ? std::max(now(), before + Ticks(1)) : before;
  write_share_record(side_file(account, share, "json"), record);
  return record;
}

void Shares::remove(const std::string& account, const std::string& share,
                    const std::function<void(const ShareRecord&)>& check) const {
  const std::lock_guard lock(records_mutex());
  const ShareRecord record = this->record(account, share);
  if (check) {
    check(record);
  }
  discard(root_ / account / share);
  std::error_code ignored;
  for (const char* suffix : {"json", "permissions"}) {
    std::filesystem::remove(side_file(account, share, suffix), ignored);
  }
}

void Shares::remove_account(const std::string& account) const {
  const std::lock_guard lock(records_mutex());
  if (const auto error = trash_->take(root_ / account); error && error != std::errc::no_such_file_or_directory) {
    throw std::system_error(error, "the shares of the account " + account);
  }
}

std::filesystem::path Shares::side_file(const std::string& account, const std::string& share,
                                        const char* suffix) const {
  return root_ / account / ".shares" / (share + "." + suffix);
}

void Shares::discard(const std::filesystem::path& folder) const {
  if (const auto error = trash_->take(folder)) {
    throw error == std::errc::no_such_file_or_directory ? StorageError("ShareNotFound") : from_errno(error.value());
  }
}

}  // namespace batchai::server::files
