#include "batchai/core/error.hpp"
#include "batchai/files/streams.hpp"
#include "core/signals_blocked.hpp"
#include "files/transfer/plan.hpp"
#include "files/transfer/stream_download.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace batchai::inline v1::files {

/// A download in a thread of its own that hands over one piece after another.
class FileReader::Fetching {
 public:
  Fetching(const FileClient& source, TransferOptions options, CallContext context)
      : properties_(source.get_properties(context)), options_(std::move(options)), context_(std::move(context)) {
    following_ = context_.cancellation.on_cancel([stop = stop_]() mutable { stop.cancel(); });
    context_.cancellation = stop_.token();
    const SignalsBlocked blocked;
    thread_ = std::thread([this, file = once(source)] { fetch(file); });
  }
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;
  ~Fetching() {
    stop_.cancel();
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  const FileProperties& properties() const noexcept { return properties_; }

  std::size_t read(std::span<std::byte> into) {
    std::size_t done = 0;
    std::unique_lock lock(mutex_);
    while (done < into.size()) {
      changed_.wait(lock, [&] { return taken_ < piece_.size() || over_; });
      if (taken_ == piece_.size()) {
        break;
      }
      const auto ready = std::as_bytes(std::span(piece_)).subspan(taken_);
      const auto next = ready.first(std::min(ready.size(), into.size() - done));
      std::copy(next.begin(), next.end(), into.begin() + static_cast<std::ptrdiff_t>(done));
      taken_ += next.size();
      done += next.size();
      changed_.notify_all();
    }
    if (done == 0 && !into.empty() && failure_) {
      std::rethrow_exception(failure_);
    }
    return done;
  }

 private:
  void fetch(const FileClient& source) {
    std::exception_ptr failure;
    try {
      download_in_order({source, properties_, [this](std::string piece) { put(std::move(piece)); }}, options_,
                        context_);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    over_ = true;
    changed_.notify_all();
  }

  /// Waits until the last piece has been read.
  void put(std::string piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return taken_ == piece_.size() || closed_; });
    if (closed_) {
      throw Cancelled();
    }
    piece_ = std::move(piece);
    taken_ = 0;
    changed_.notify_all();
  }

  const FileProperties properties_;
  const TransferOptions options_;
  CallContext context_;
  CancellationSource stop_;
  CancellationRegistration following_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string piece_;
  std::size_t taken_ = 0;
  bool over_ = false;
  bool closed_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

FileReader::FileReader(const FileClient& source, TransferOptions options, CallContext context)
    : fetching_(std::make_unique<Fetching>(source, std::move(options), std::move(context))) {}

FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

const FileProperties& FileReader::properties() const noexcept { return fetching_->properties(); }

std::size_t FileReader::read(std::span<std::byte> into) { return fetching_->read(into); }

}  // namespace batchai::inline v1::files
