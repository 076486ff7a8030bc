#pragma once

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

/// Reads the whole database (`file`, which `connection` has open), and throws StoreError if it is damaged.
void refuse_damaged(Connection& connection, const std::filesystem::path& file, CheckDepth depth);

}  // namespace sqlite

/// Reads a whole database in the background, over a connection and in a thread of its own that leaves the processor to
/// others. Where it finds damage, the store goes on: what does not meet the damage can still be read.
class IntegrityCheck {
 public:
  /// Called once at the end, on the check's thread, unless the check was stopped before: with what is wrong, or with
  /// nothing.
  using Done = std::function<void(const std::optional<std::string>& damage)>;

  IntegrityCheck(std::filesystem::path file, Done done);
  /// As stop().
  ~IntegrityCheck();
  IntegrityCheck(const IntegrityCheck&) = delete;
  IntegrityCheck& operator=(const IntegrityCheck&) = delete;

  /// To be called once. Throws std::system_error if there is no thread for it.
  void start();
  /// Ends the check wherever it is; `done` is not called after this.
  void stop();
  /// What has been found to be wrong so far. Thread-safe.
  std::optional<std::string> damage() const;

 private:
  void run();
  void open();
  /// Whether what was found counts: nobody has stopped the check.
  bool close(const std::optional<std::string>& damage);

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
/// program, from a newer version, or damaged anywhere.
void check_completely(const std::filesystem::path& file);

}  // namespace batchai::server
