#include "cli/app/waiting/wait_notice.hpp"

#include "cli/frame/columns.hpp"
#include "cli/frame/printable_stream.hpp"

#include <optional>
#include <ostream>
#include <utility>

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kRedrawEvery{1};

/// Whether notices are shown.
bool is_watched(const Streams& io, const GlobalOptions& options) {
  return io.err_terminal && !options.only_show_errors;
}

/// Not between the lines of --verbose and --dry-run.
NoticeStyle style_of(const Streams& io, const GlobalOptions& options) {
  return {.moves = io.moves_cursor && io.colour && !options.no_color && !options.verbose && !options.dry_run};
}

/// Makes notices in one thread, while no other line is animated.
class Notices {
 public:
  Notices(Streams& io, NoticeStyle style) : io_(io), style_(style) {}
  NoticeStyle style() const noexcept { return style_; }

  template <class Wait>
  auto during(const std::string& what, const Wait& wait) const {
    std::optional<WaitNotice> notice;
    if (std::this_thread::get_id() == owner_ && io_.status == nullptr) {
      notice.emplace(io_, what, style_);
    }
    return wait();
  }

 private:
  Streams& io_;
  const NoticeStyle style_;
  const std::thread::id owner_ = std::this_thread::get_id();
};

class TransportWithNotices final : public Transport {
 public:
  TransportWithNotices(std::shared_ptr<Transport> next, const Notices& notices)
      : next_(std::move(next)), notices_(notices) {}

  HttpResponse send(const HttpRequest& request, const CallContext& context) override {
    return notices_.during("an answer from " + request.url.origin(), [&] { return next_->send(request, context); });
  }

 private:
  std::shared_ptr<Transport> next_;
  Notices notices_;
};

class ClockWithNotices final : public Clock {
 public:
  ClockWithNotices(std::shared_ptr<Clock> next, const Notices& notices) : next_(std::move(next)), notices_(notices) {}

  Timestamp now() const override { return next_->now(); }
  std::chrono::steady_clock::time_point steady_now() const override { return next_->steady_now(); }

  void sleep_for(Duration duration, const CancellationToken& token) override {
    if (duration < notices_.style().quiet) {
      next_->sleep_for(duration, token);
      return;
    }
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    notices_.during("the next try, in all " + std::to_string(seconds) + " s",
                    [&] { next_->sleep_for(duration, token); });
  }

 private:
  std::shared_ptr<Clock> next_;
  Notices notices_;
};

}  // namespace

WaitNotice::WaitNotice(Streams& io, std::string what, NoticeStyle style)
    : io_(io),
      what_("waiting for " + std::move(what)),
      style_(style),
      teller_([this](const std::stop_token& stop) { tell(stop); }) {}

WaitNotice::~WaitNotice() {
  teller_ = {};
  try {
    if (told_ && style_.moves) {
      behind_filter(io_.err) << "\r\x1b[K" << std::flush;
    }
  } catch (const std::exception&) {
    told_ = false;  // the terminal is gone; the next write to it will fail
  }
}

void WaitNotice::tell(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto started = std::chrono::steady_clock::now();
  try {
    for (std::chrono::milliseconds pause = style_.quiet;; pause = kRedrawEvery) {
      stopped_.wait_for(lock, stop, pause, [] { return false; });
      if (stop.stop_requested() || (told_ && !style_.moves)) {
        return;
      }
      write(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started));
    }
  } catch (const std::exception&) {
    return;
  }
}

void WaitNotice::write(std::chrono::seconds elapsed) {
  told_ = true;
  if (!style_.moves) {
    io_.err << "batchai: " << what_ << std::endl;
    return;
  }
  const std::string time = " (" + std::to_string(elapsed.count()) + " s)";
  const std::size_t columns = io_.size().columns;
  const std::size_t room = columns > time.size() ? columns - time.size() - 1 : 0;
  behind_filter(io_.err) << "\r\x1b[K" << fit_columns(what_, room) << time << std::flush;
}

std::shared_ptr<Transport> with_wait_notices(std::shared_ptr<Transport> next, Streams& io,
                                             const GlobalOptions& options) {
  if (!is_watched(io, options)) {
    return next;
  }
  return std::make_shared<TransportWithNotices>(std::move(next), Notices(io, style_of(io, options)));
}

std::shared_ptr<Clock> with_wait_notices(std::shared_ptr<Clock> next, Streams& io, const GlobalOptions& options) {
  const NoticeStyle style = style_of(io, options);
  if (!is_watched(io, options) || !style.moves) {
    return next;
  }
  return std::make_shared<ClockWithNotices>(std::move(next), Notices(io, style));
}

}  // namespace batchai::cli
