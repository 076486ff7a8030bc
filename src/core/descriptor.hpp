#pragma once

#include <utility>

#include <unistd.h>

namespace batchai::inline v1 {

/// Owns a file descriptor, or nothing. Movable.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = other.release();
    }
    return *this;
  }
  ~Descriptor() { reset(); }

  int get() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }
  explicit operator bool() const noexcept { return is_open(); }
  /// Gives up ownership.
  int release() noexcept { return std::exchange(number_, -1); }
  void reset() noexcept {
    if (is_open()) {
      ::close(release());
    }
  }

 private:
  int number_ = -1;
};

}  // namespace batchai::inline v1
