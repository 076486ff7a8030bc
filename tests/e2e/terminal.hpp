#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace batchai::test {

/// A program on a terminal of its own (a pseudo-terminal), of `columns` by 24.
class Terminal {
 public:
  Terminal(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
           int columns);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  /// Reads until the text has appeared; fails the test when it has not after a minute.
  void expect(const std::string& text);
  /// As typed; `\x03` is Ctrl-C.
  void type(const std::string& text) const;
  /// Reads to the end and gives the exit code.
  int wait();
  /// All bytes so far.
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  /// False at the end.
  bool read_some();

  pid_t pid_ = -1;
  int terminal_ = -1;
  std::string bytes_;
};

}  // namespace batchai::test
