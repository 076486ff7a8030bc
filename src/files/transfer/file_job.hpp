#pragma once

#include "batchai/core/error.hpp"
#include "batchai/files/transfer_options.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace batchai::inline v1::files {

class Engine;

/// The source is no longer what it was when its transfer began: what was moved belongs to the old one.
class SourceChanged : public Error {
 public:
  using Error::Error;
};

/// How a job begins.
struct Beginning {
  /// How often move_piece() is to be called.
  std::size_t pieces = 0;
  /// Why nothing is to be done; empty: it is.
  std::string skipped = {};
  /// In bytes; what the report counts.
  std::uint64_t size = 0;
};

/// Moves one file, piece by piece. Everything may throw.
class FileJob {
 public:
  FileJob() = default;
  FileJob(const FileJob&) = delete;
  FileJob& operator=(const FileJob&) = delete;
  virtual ~FileJob() = default;

  virtual Beginning begin() = 0;
  /// The next one; several threads at a time.
  virtual void move_piece() {}
  /// After the last piece.
  virtual void finish() {}
  /// In place of finish() after a failure that a later run cannot resume from: removes what is incomplete.
  virtual void give_up() {}
  /// How many bytes of it the counters have counted.
  virtual std::uint64_t counted() const { return 0; }
};

/// One step of a run. `source` and `target` are texts for messages and reports.
struct PlannedStep {
  std::string source;
  std::string target;
  /// The target among all of a run: equal for the same file, and what lies in it begins with it and a slash.
  std::string key;
  /// In bytes, as far as it is known.
  std::uint64_t size = 0;
  /// What its success is reported as.
  TransferAction success = TransferAction::Copied;
  /// `again`: it has begun before, and its source has changed since it was planned.
  std::function<std::unique_ptr<FileJob>(Engine&, bool again)> make;
};

}  // namespace batchai::inline v1::files
