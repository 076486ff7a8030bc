#pragma once

#include "server/records/store_error.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace batchai::server {

namespace sqlite {

class Connection;

/// Structure: that each page is what it should be. Contents: also that each index fits its table; half as long again.
enum class CheckDepth { Structure, Contents };

/// The database is not what it should be.
class DamageError : public StoreError {
 public:
  using StoreError::StoreError;
};

/// Reads the whole database (`file`, which `connection` has open). Throws DamageError if it is damaged, and another
/// StoreError if it could not be read: this says nothing about what is in it.
void refuse_damaged(Connection& connection, const std::filesystem::path& file, CheckDepth depth);

}  // namespace sqlite

/// How a check has ended.
struct CheckResult {
  /// Unchecked: it could not read all of the database, for want of memory or descriptors, say.
  enum class Verdict { Sound, Damaged, Unchecked };

  Verdict verdict = Verdict::Sound;
  /// What is wrong, or why it could not be read; a sentence. Empty for a sound database.
  std::string problem = {};

  bool operator==(const CheckResult&) const = default;
};

/// Reads a whole database in the background, over a connection and in a thread of its own that leaves the processor to
/// others. Where it finds damage, the store goes on: what does not meet the damage can still be read. It is not tried
/// again.
class IntegrityCheck {
 public:
  /// Called once at the end, unless the check was stopped before: on the check's thread, or by start() where there is
  /// none.
  using Done = std::function<void(const CheckResult&)>;

  IntegrityCheck(std::filesystem::path file, Done done);
  /// As stop().
  ~IntegrityCheck();
  IntegrityCheck(const IntegrityCheck&) = delete;
  IntegrityCheck& operator=(const IntegrityCheck&) = delete;

  /// To be called once.
  void start();
  /// Ends the check wherever it is; `done` is not called after this.
  void stop();
  /// The damage that has been found so far. Thread-safe.
  std::optional<std::string> damage() const;

 private:
  void run();
  CheckResult check();
  void open();
  /// Whether what was found counts: nobody has stopped the check.
  bool close(const CheckResult& result);

  std::filesystem::path file_;
  Done done_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  /// While it reads.
  std::unique_ptr<sqlite::Connection> connection_;
  bool is_running_ = false;
  bool is_stopped_ = false;
  std::optional<std::string> damage_;
  std::thread thread_;
};

/// Reads all of a database, whether a service has it open or not. Throws StoreError if it is missing, empty, of another
/// program, from a newer version, or damaged anywhere, or if it cannot be read.
void check_completely(const std::filesystem::path& file);

}  // namespace batchai::server
