#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/outage.hpp"
#include "batchai/models/job.hpp"
#include "batchai/models/output_file.hpp"
#include "batchai/version.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class JobsClient;

/// A directory of a job's output.
struct OutputPlace {
  /// `id` of one of the job's output directories; `stdouterr` is what the job itself prints.
  std::string directory_id = "stdouterr";
  /// Below that directory; empty or `.`: the directory itself.
  std::string path = {};
};

/// There is no such file or directory in the job's output.
class OutputNotFound : public Error {
 public:
  /// `is_file`: there is a file of that name.
  OutputNotFound(const std::string& message, bool is_file) : Error(message), is_file_(is_file) {}
  /// A file is there, where a directory was meant.
  bool is_file() const noexcept { return is_file_; }

 private:
  bool is_file_;
};

/// The entry of that name, if it is a file; null if there is none. Names are given as they are on disk; one that is not
/// UTF-8 may also be given percent-encoded, as it is listed.
const File* find_output_file(const std::vector<File>& files, const std::string& name);
/// What the job's first process prints: `stdout.txt` or, where the service starts several processes, `stdout-0.txt` or
/// `stdout-wk-0.txt`; null if there is none of these.
const File* find_main_output(const std::vector<File>& files);
/// The same for what it writes to standard error.
const File* find_main_errors(const std::vector<File>& files);

/// A file that is followed while the job writes it.
struct FollowedFile {
  /// Empty: what the job's first process prints, whatever its toolkit calls the file.
  std::string name = {};
  OutputPlace place = {};
  /// Without a name: what that process writes to standard error.
  bool errors = false;
  /// Bytes at its beginning that are left out; not of a file that is written anew.
  std::uint64_t from = 0;
};

/// Which files are followed, and how.
struct FollowOptions {
  /// All are followed by one thread; their pieces come as they are found.
  std::vector<FollowedFile> files = {FollowedFile{}};
  /// Between two looks at the job and its files.
  Duration interval = std::chrono::seconds(1);

  // Called on the thread that asks for pieces. What they throw ends the following.
  /// Before each pause, when all that is there has come, with the job as it is.
  std::function<void(const Job&)> on_wait = {};
  /// At each look for a file that the job has not made yet, with what is in its directory instead.
  std::function<void(const FollowedFile&, const Job&, const std::vector<File>& there)> on_missing = {};
  /// The job has been deleted. What is there of its files still comes.
  std::function<void()> on_deleted = {};
  OutageOptions outage = {};
};

/// What is new in a file.
struct OutputPiece {
  /// Which one: an index into FollowOptions::files.
  std::size_t file = 0;
  /// Where in the file the bytes are.
  std::uint64_t offset = 0;
  /// At most a few MiB, unless the server ignores Range.
  std::string bytes = {};
  /// The file has been written anew, as by a job that was put back into the queue: what follows is from its beginning.
  /// There are no bytes.
  bool restarted = false;
};

/// What a job writes to files, while it writes it: a range of pieces that ends when the job is over and all has come.
/// Each byte comes once and in order, also over a restart of the service and over the end of the signed URLs. A file
/// that is written anew comes from its beginning where that can be seen: it is shorter than before, or the job has been
/// found in the queue and the last 4 KiB that came are not where they were. Else it is taken for the old one with more
/// behind it, as of a run that appends. Single pass; movable; belongs to one thread at a time.
class [[nodiscard]] OutputFollower {
 public:
  ~OutputFollower();
  /// What is moved from can only be assigned to or destroyed.
  OutputFollower(OutputFollower&& other) noexcept;
  /// The same.
  OutputFollower& operator=(OutputFollower&& other) noexcept;

  /// Waits for the next piece; nothing after the last one. Throws DeadlineExceeded, Cancelled, ProtocolError for
  /// another piece than was asked for, and as a request does; called again, it goes on where it was.
  std::optional<OutputPiece> next();

  /// Indices of the files that have not been found so far; after the end, of those that the job has not made.
  std::vector<std::size_t> missing() const;

  /// Belongs to the thread of the follower.
  class Iterator {
   public:
    /// As every input iterator has it.
    using value_type = OutputPiece;
    /// The same.
    using difference_type = std::ptrdiff_t;

    /// Made by OutputFollower::begin; `follower` has to outlive it. Waits for the first piece.
    explicit Iterator(OutputFollower* follower) : follower_(follower), piece_(follower->next()) {}
    /// The piece; valid until the iterator moves on.
    const OutputPiece& operator*() const { return *piece_; }
    /// The same.
    const OutputPiece* operator->() const { return &*piece_; }
    /// Waits for the next piece. Throws as next().
    Iterator& operator++() {
      piece_ = follower_->next();
      return *this;
    }
    /// The same.
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) { return !it.piece_; }

   private:
    OutputFollower* follower_;
    std::optional<OutputPiece> piece_;
  };

  /// Waits for the first piece. To be called once.
  [[nodiscard]] Iterator begin() & { return Iterator(this); }
  /// Where iterating ends.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  friend class JobsClient;
  struct State;
  explicit OutputFollower(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// A file that a download has brought.
struct DownloadedOutput {
  /// As it is on disk there.
  std::string name;
  std::string path;
  /// In bytes.
  std::uint64_t size = 0;
  /// Whether it was here already, or in part.
  bool resumed = false;
};

/// What a download could not bring.
struct OutputFailure {
  /// In the job's output, below OutputPlace::directory_id.
  std::string path;
  /// One sentence.
  std::string reason;
  std::exception_ptr error;
};

/// What is downloaded of the output of a job.
struct DownloadOutputsOptions {
  OutputPlace place = {};
  /// Only this file of `place`; else all files there, and the directories below.
  std::optional<std::string> name = {};
  /// Looks only: the report says what would be brought, and nothing is made.
  bool dry_run = false;

  // Called on the thread that downloads.
  /// Before a file is fetched and after each piece, with how many bytes there are of it.
  std::function<void(const File&, std::uint64_t received)> on_progress = {};
  /// When a file is complete, or was here already.
  std::function<void(const DownloadedOutput&)> on_file = {};
  std::function<void(const OutputFailure&)> on_failure = {};
  OutageOptions outage = {};
};

/// What a download has brought.
struct DownloadOutputsReport {
  std::vector<DownloadedOutput> files = {};
  std::vector<OutputFailure> failures = {};
};

BATCHAI_NAMESPACE_END
