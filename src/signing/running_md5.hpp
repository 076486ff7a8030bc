#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace batchai::signing {

/// The MD5 of content that arrives in parts. For Content-MD5 only. Throws std::runtime_error if OpenSSL fails.
class RunningMd5 {
 public:
  RunningMd5();
  ~RunningMd5();
  RunningMd5(const RunningMd5&) = delete;
  RunningMd5& operator=(const RunningMd5&) = delete;

  void add(std::string_view bytes);
  void add_zeros(std::uint64_t count);
  /// The 16 raw bytes. Nothing can be added afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace batchai::signing
