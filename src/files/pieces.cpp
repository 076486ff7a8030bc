#include "files/pieces.hpp"

#include "batchai/core/error.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace batchai::files {
namespace {

/// What the workers of one transfer share.
class PieceQueue {
 public:
  PieceQueue(std::uint64_t total, const TransferOptions& options, const CallContext& context,
             const std::function<void(const FileRange&)>& transfer)
      : total_(total), options_(options), context_(context), transfer_(transfer) {}

  /// Takes pieces until there are none left or something fails.
  void work() {
    try {
      while (const auto piece = take()) {
        transfer_(*piece);
        report(piece->length());
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) {
        error_ = std::current_exception();
      }
    }
  }

  void rethrow() const {
    if (error_) {
      std::rethrow_exception(error_);
    }
  }

 private:
  std::optional<FileRange> take() {
    const std::lock_guard lock(mutex_);
    if (error_ || next_ >= total_) {
      return std::nullopt;
    }
    if (context_.cancellation.cancelled()) {
      throw Cancelled();
    }
    const FileRange piece{next_, std::min(next_ + kLargestPiece, total_) - 1};
    next_ = piece.last + 1;
    return piece;
  }

  void report(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    done_ += bytes;
    if (options_.on_progress) {
      options_.on_progress({done_, total_});
    }
  }

  const std::uint64_t total_;
  const TransferOptions& options_;
  const CallContext& context_;
  const std::function<void(const FileRange&)>& transfer_;
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::uint64_t done_ = 0;
  std::exception_ptr error_;
};

}  // namespace

void for_each_piece(std::uint64_t total, const TransferOptions& options, const CallContext& context,
                    const std::function<void(const FileRange&)>& transfer) {
  const std::uint64_t pieces = (total + kLargestPiece - 1) / kLargestPiece;
  const auto workers = std::min<std::uint64_t>(std::max(options.concurrency, 1U), pieces);
  PieceQueue queue(total, options, context, transfer);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 1; i < workers; ++i) {
      threads.emplace_back([&queue] { queue.work(); });
    }
    queue.work();
  }
  queue.rethrow();
}

}  // namespace batchai::files
