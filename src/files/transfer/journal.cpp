#include "files/transfer/journal.hpp"

#include "batchai/core/error.hpp"
#include "files/transfer/local_error.hpp"
#include "signing/encoding.hpp"
#include "signing/random_bytes.hpp"

#include <array>
#include <cerrno>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace batchai::inline v1::files {
namespace {

constexpr const char* kFirstLine = "batchai-transfer 1";
constexpr mode_t kPrivate = 0600;
constexpr std::size_t kMd5Size = 16;

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t count = ::pread(descriptor, block.data(), block.size(), static_cast<off_t>(text.size()));
    if (count <= 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

void lock_file(int descriptor, const std::string& shown) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      throw TransferredElsewhere("'" + shown + "' is being transferred by another process");
    }
    throw local_error("cannot lock", shown);
  }
}

bool is_still(int descriptor, int folder, const std::string& name) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::fstatat(folder, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

Journal::Journal(int folder, std::string name, std::string identity)
    : folder_(folder), name_(std::move(name)), identity_(std::move(identity)) {
  do {
    file_ =
        Descriptor(::openat(folder_, name_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, kPrivate));
    if (!file_) {
      throw local_error("cannot open", name_);
    }
    lock_file(file_.get(), name_);
  } while (!is_still(file_.get(), folder_, name_));
  load();
}

void Journal::load() {
  std::istringstream lines(read_all(file_.get()));
  std::string line;
  if (!std::getline(lines, line) || line != kFirstLine || !std::getline(lines, line) || line != identity_) {
    return;
  }
  while (std::getline(lines, line) && !lines.eof()) {  // the last line may be half of one
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word == "session") {
      words >> session_;
    } else if (word == "md5") {
      words >> digest_;
    } else if (std::uint64_t first = 0, last = 0; word == "piece" && words >> first >> last && first <= last) {
      done_.push_back({first, last - first + 1});
    }
  }
}

void Journal::forget() {
  done_.clear();
  digest_.clear();
  session_.clear();
  if (file_ && ::ftruncate(file_.get(), 0) != 0) {
    throw local_error("cannot write", name_);
  }
}

void Journal::begin() {
  const std::string session = signing::base64_encode(signing::random_bytes(kMd5Size));
  forget();
  session_ = session;
  append(std::string(kFirstLine) + "\n" + identity_ + "\nsession " + session_ + "\n");
}

void Journal::note_piece(const FileRange& piece) {
  append("piece " + std::to_string(piece.offset) + " " + std::to_string(piece.end() - 1) + "\n");
}

void Journal::note_digest(const std::string& md5) { append("md5 " + md5 + "\n"); }

void Journal::append(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (file_ && ::write(file_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw local_error("cannot write", name_);
  }
}

void Journal::remove() {
  const std::lock_guard lock(mutex_);
  if (file_) {
    ::unlinkat(folder_, name_.c_str(), 0);
    file_.reset();
  }
}

}  // namespace batchai::inline v1::files
