#pragma once

#include "batchai/core/error.hpp"
#include "batchai/files/models.hpp"
#include "core/descriptor.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace batchai::inline v1::files {

/// Another process is transferring the same file.
class TransferredElsewhere : public Error {
 public:
  using Error::Error;
};

/// Notes which pieces of a file are moved, for a run that continues after this one was killed. Lines of text: what it
/// is about, a random session, the pieces. Thread-safe from begin() or resume() on.
class Journal {
 public:
  Journal() = default;
  /// `identity` is one line about source and target. `folder` is a descriptor (it has to outlive this object), or
  /// AT_FDCWD with a path for `name`. Throws Error when the file cannot be opened, TransferredElsewhere when another
  /// run has it.
  Journal(int folder, std::string name, std::string identity);

  bool is_open() const noexcept { return file_.is_open(); }
  /// Whether an earlier run has left notes about the same source and target.
  bool can_resume() const noexcept { return !session_.empty(); }
  /// Forgets what was noted, in the file too.
  void forget();
  /// The same, and begins a new session: base64 of 16 random bytes.
  void begin();

  const std::string& session() const noexcept { return session_; }
  const std::vector<FileRange>& done() const noexcept { return done_; }
  /// What note_digest() noted; empty before.
  const std::string& digest() const noexcept { return digest_; }

  void note_piece(const FileRange& piece);
  /// All pieces are moved, and this is the MD5 that the whole gets.
  void note_digest(const std::string& md5);
  /// Removes the file.
  void remove();

 private:
  void load();
  void append(const std::string& line);

  int folder_ = -1;
  std::string name_;
  std::string identity_;
  Descriptor file_;
  std::mutex mutex_;
  std::string session_;
  std::string digest_;
  std::vector<FileRange> done_;
};

/// After open_locked(): throws TransferredElsewhere where another run has the file, else Error with errno.
[[noreturn]] void throw_not_locked(const std::string& what, const std::string& shown);

}  // namespace batchai::inline v1::files
