#include "cli/files/transfer_progress.hpp"

#include "cli/output/human_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kRateWindow{10};
constexpr std::chrono::milliseconds kOnTerminals{100};
constexpr std::chrono::seconds kInLogs{1};

std::string with_one_decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

/// `1:02:03` or `2:03`.
std::string time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  std::array<char, 32> text{};
  if (whole >= 3600) {
    std::snprintf(text.data(), text.size(), "%llu:%02u:%02u", static_cast<unsigned long long>(whole / 3600),
                  static_cast<unsigned>(whole / 60 % 60), static_cast<unsigned>(whole % 60));
  } else {
    std::snprintf(text.data(), text.size(), "%u:%02u", static_cast<unsigned>(whole / 60),
                  static_cast<unsigned>(whole % 60));
  }
  return text.data();
}

std::string percent_text(const files::TransferProgress& state) {
  const double part =
      state.total_bytes == 0 ? 1 : static_cast<double>(state.bytes) / static_cast<double>(state.total_bytes);
  return std::to_string(static_cast<int>(std::min(part, 1.0) * 100)) + " %";
}

}  // namespace

std::string seconds_text(double seconds) {
  return (seconds < 10 ? with_one_decimal(seconds)
                       : std::to_string(static_cast<std::uint64_t>(std::llround(seconds)))) +
         " s";
}

std::vector<std::string> transfer_state_texts(const files::TransferProgress& state, double rate) {
  const std::string bytes = size_text(state.bytes) + " of " + size_text(state.total_bytes);
  const std::string files = ", " + std::to_string(state.files) + " of " + std::to_string(state.total_files) + " files";
  const std::string percent = percent_text(state);
  if (rate < 1) {
    return {bytes + files, bytes, percent};
  }
  const std::uint64_t left = state.total_bytes > state.bytes ? state.total_bytes - state.bytes : 0;
  const std::string speed = ", " + size_text(static_cast<std::uint64_t>(rate)) + "/s";
  const std::string time = ", " + time_left(static_cast<double>(left) / rate) + " left";
  return {bytes + files + speed + time, bytes + speed + time, percent + speed + time, percent + time, percent};
}

TransferProgressLine::TransferProgressLine(const Context& context, std::string doing) : context_(context) {
  progress_.emplace(context, std::move(doing));
}

void TransferProgressLine::show(const files::TransferProgress& state) {
  const auto now = context_.clock().steady_now();
  const auto pause = context_.io.err_terminal ? std::chrono::steady_clock::duration(kOnTerminals) : kInLogs;
  if (!progress_ || (!samples_.empty() && now - samples_.back().time < pause)) {
    return;
  }
  progress_->show(transfer_state_texts(state, rate(state, now)));
}

double TransferProgressLine::rate(const files::TransferProgress& state, std::chrono::steady_clock::time_point now) {
  samples_.push_back({now, state.bytes});
  while (samples_.size() > 2 && now - samples_[1].time >= kRateWindow) {
    samples_.pop_front();
  }
  const double seconds = std::chrono::duration<double>(now - samples_.front().time).count();
  const auto bytes = state.bytes > samples_.front().bytes ? state.bytes - samples_.front().bytes : 0;
  return seconds > 0 ? static_cast<double>(bytes) / seconds : 0;
}

}  // namespace batchai::cli
