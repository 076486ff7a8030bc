#include "cli/app/waiting/watch.hpp"

#include "batchai/core/failure_kind.hpp"
#include "cli/app/waiting/live_text.hpp"
#include "core/seconds.hpp"

#include <cerrno>
#include <memory>
#include <sstream>

namespace batchai::cli {
namespace {

constexpr int kInterval = 2;

/// Where the text is shown.
class Display {
 public:
  virtual ~Display() = default;
  virtual void show(const std::string& text) = 0;
  virtual void show_trouble(const Error& error) = 0;
  virtual void finish() {}
};

/// The text and below it a line that says how old it is.
class TerminalDisplay final : public Display {
 public:
  TerminalDisplay(const Context& context, int interval) : context_(context), live_(context.io), interval_(interval) {}

  void show(const std::string& text) override {
    lines_.clear();
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      lines_.push_back(line);
    }
    seen_ = time();
    draw("every " + std::to_string(interval_) + " s, last at " + seen_ + "; Ctrl-C ends");
  }

  void show_trouble(const Error& error) override {
    draw(time() + ": " + error.what() + "; trying again. Last seen at " + seen_);
  }

  void finish() override { live_.finish(); }

 private:
  /// `17:21:03Z`
  std::string time() const {
    const std::string now = format_iso8601_seconds(context_.clock().now());
    return now.substr(now.find('T') + 1);
  }

  void draw(const std::string& status) {
    std::vector<std::string> lines = lines_;
    lines.push_back(status);
    live_.show(lines);
  }

  const Context& context_;
  LiveText live_;
  int interval_;
  std::vector<std::string> lines_;
  std::string seen_;
};

/// Only what is new.
class PlainDisplay final : public Display {
 public:
  explicit PlainDisplay(const Context& context) : context_(context) {}

  void show(const std::string& text) override {
    in_trouble_ = false;
    if (text == last_) {
      return;
    }
    const bool separated = !last_.empty() && !text.starts_with('{') && !text.starts_with('[');
    context_.io.out << (separated ? "\n" : "") << text << std::flush;
    last_ = text;
  }

  void show_trouble(const Error& error) override {
    if (!in_trouble_) {
      context_.warn(std::string(error.what()) + "; trying again");
    }
    in_trouble_ = true;
  }

 private:
  const Context& context_;
  std::string last_;
  bool in_trouble_ = false;
};

std::unique_ptr<Display> make_display(const Context& context, int interval) {
  // The lines of --verbose would come between.
  if (context.io.out_terminal && context.io.moves_cursor && !context.options.verbose) {
    return std::make_unique<TerminalDisplay>(context, interval);
  }
  return std::make_unique<PlainDisplay>(context);
}

int interval_of(const Arguments& arguments) { return arguments.integer("interval").value_or(kInterval); }

[[noreturn]] void follow(const std::function<std::string()>& render, Display& display, int interval,
                         const Context& context) {
  for (bool reached = false;;) {
    try {
      display.show(render());
      reached = true;
    } catch (const Error& error) {
      if (!reached || !is_transient(error)) {
        throw;
      }
      display.show_trouble(error);
    }
    context.pause(std::chrono::seconds(interval));
    if (context.io.out_closed()) {
      throw OutputError(EPIPE);
    }
  }
}

}  // namespace

std::vector<OptionSpec> watch_options() {
  return {{.name = "watch", .summary = "Look again and again, until Ctrl-C; as a table.", .kind = OptionKind::Flag},
          {.name = "interval",
           .summary = "Seconds between two looks of --watch; default: 2.",
           .kind = OptionKind::Integer,
           .value_name = "SECONDS"}};
}

bool is_watching(const Arguments& arguments) {
  const bool watching = arguments.flag("watch");
  if (!watching) {
    return false;
  }
  if (interval_of(arguments) <= 0) {
    throw UsageError("--interval: the number of seconds must be above 0");
  }
  return true;
}

int watch(const std::function<std::string()>& render, const Arguments& arguments, const Context& context) {
  const int interval = interval_of(arguments);
  const std::unique_ptr<Display> display = make_display(context, interval);
  try {
    follow(render, *display, interval, context);
  } catch (const Cancelled&) {
    display->finish();
    return kInterrupted;
  }
}

}  // namespace batchai::cli
