#pragma once

#include <filesystem>
#include <stdexcept>

#include <unistd.h>

namespace batchai::test {

/// While it lives, permissions bite: a test that runs as root acts as `nobody`, who is given `folder` with all in it.
class Unprivileged {
 public:
  explicit Unprivileged(const std::filesystem::path& folder) {
    if (was_ != 0) {
      return;
    }
    give(folder);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      give(entry.path());
    }
    if (::seteuid(kNobody) != 0) {
      throw std::runtime_error("this root cannot act as another user");
    }
  }
  ~Unprivileged() { [[maybe_unused]] const int back = ::seteuid(was_); }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;

  static void give(const std::filesystem::path& path) {
    if (::lchown(path.c_str(), kNobody, static_cast<gid_t>(-1)) != 0) {
      throw std::runtime_error("cannot give away " + path.string());
    }
  }

  uid_t was_ = ::geteuid();
};

}  // namespace batchai::test
