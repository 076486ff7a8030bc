#include "files/transfer/journal.hpp"

#include "batchai/core/error.hpp"
#include "core/locked_file.hpp"
#include "files/transfer/local_error.hpp"
#include "signing/encoding.hpp"
#include "signing/random_bytes.hpp"

#include <array>
#include <cerrno>
#include <sstream>

#include <fcntl.h>
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

void throw_not_locked(const std::string& what, const std::string& shown) {
  if (errno == EWOULDBLOCK) {
    throw TransferredElsewhere("'" + shown + "' is being transferred by another process");
  }
  throw local_error(what, shown);
}

Journal::Journal(int folder, std::string name, std::string identity)
    : folder_(folder), name_(std::move(name)), identity_(std::move(identity)) {
  file_ = open_locked(folder_, name_, O_APPEND, kPrivate);
  if (!file_) {
    throw_not_locked("cannot open", name_);
  }
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
