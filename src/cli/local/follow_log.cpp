#include "cli/local/follow_log.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <ostream>

namespace batchai::cli {
namespace {

constexpr std::chrono::milliseconds kPause{300};

/// Copies what is behind `offset` and returns the new end.
std::uintmax_t copy_new(const std::filesystem::path& log, std::uintmax_t offset, std::ostream& out) {
  std::error_code gone;
  const std::uintmax_t size = std::filesystem::file_size(log, gone);
  if (gone || size < offset) {
    return 0;
  }
  std::ifstream file(log, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  std::array<char, 1 << 14> piece{};
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    out.write(piece.data(), file.gcount());
    offset += static_cast<std::uintmax_t>(file.gcount());
  }
  out.flush();
  return offset;
}

}  // namespace

void follow_log(const std::filesystem::path& log, std::uintmax_t offset, const Context& context) {
  for (;;) {
    offset = copy_new(log, offset, context.io.out);
    context.pause(kPause);
    if (context.io.out_closed()) {
      throw OutputError(EPIPE);
    }
  }
}

}  // namespace batchai::cli
