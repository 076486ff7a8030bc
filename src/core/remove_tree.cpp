#include "core/remove_tree.hpp"

#include "core/directory_stream.hpp"
#include "core/random.hpp"

#include <cerrno>
#include <cstdio>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::inline v1 {
namespace {

/// Directories open at a time. What lies deeper is moved up first.
constexpr int kOpenLevels = 32;
constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kPlace = O_PATH | O_DIRECTORY | O_CLOEXEC;

std::error_code to_error(int number) { return {number, std::generic_category()}; }

void make_changeable(int directory) {
  struct stat info {};
  if (fstat(directory, &info) == 0 && (info.st_mode & S_IRWXU) != S_IRWXU) {
    // fchmod takes no O_PATH descriptor, and a directory that may not be read can be opened in no other way.
    chmod(("/proc/self/fd/" + std::to_string(directory)).c_str(), (info.st_mode & 07777U) | S_IRWXU);
  }
}

/// Takes `step`, which returns a negative number and sets errno when it fails; where permissions are in the way, once
/// more after a change of these directories. Returns the error or 0.
template <class Step>
int with_rights(std::initializer_list<int> directories, const Step& step) {
  if (step() >= 0) {
    return 0;
  }
  if (const int error = errno; error != EACCES && error != EPERM) {
    return error;
  }
  for (const int directory : directories) {
    make_changeable(directory);
  }
  return step() >= 0 ? 0 : errno;
}

int unlink_in(int directory, const std::string& name, int flags) {
  return with_rights({directory}, [&] { return unlinkat(directory, name.c_str(), flags); });
}

/// Not open when it cannot be opened; then errno says why.
Descriptor open_below(int parent, const std::string& name) {
  int opened = -1;
  const Descriptor place(openat(parent, name.c_str(), kPlace | O_NOFOLLOW));
  errno = with_rights({parent, place.get()}, [&] { return opened = openat(parent, name.c_str(), kDirectory); });
  return Descriptor(opened);
}

std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  int copy = -1;
  with_rights({directory}, [&] { return copy = openat(directory, ".", kDirectory); });
  const DirectoryStream stream = read_directory(Descriptor(copy));
  while (const dirent* entry = stream ? readdir(stream.get()) : nullptr) {
    if (const std::string_view name = entry->d_name; name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  return names;
}

/// The removal of one directory.
class TreeRemoval {
 public:
  explicit TreeRemoval(const RemoveTreeOptions& options) : options_(options) {}

  /// From open directory to open directory, never through a link: jobs may still be in there.
  int remove(int parent, const std::string& name) {
    root_ = open_below(parent, name);
    if (!root_.is_open()) {
      return errno;
    }
    do {
      lifted_ = false;
      empty(root_.get(), kOpenLevels);
    } while (lifted_ && first_error_ != ECANCELED);
    note(first_error_ == 0 ? unlink_in(parent, name, AT_REMOVEDIR) : 0);
    return first_error_;
  }

 private:
  void empty(int directory, int levels) {
    for (const std::string& name : names_in(directory)) {
      if (options_.stop && options_.stop()) {
        first_error_ = ECANCELED;
        return;
      }
      if (options_.before) {
        options_.before(directory, name);
      }
      const int error = unlink_in(directory, name, 0);
      note(error == EISDIR ? remove_below(directory, name, levels - 1) : error);
    }
  }

  int remove_below(int parent, const std::string& name, int levels) {
    const Descriptor directory = open_below(parent, name);
    if (!directory.is_open()) {
      return errno;
    }
    if (levels == 0) {
      return lift(parent, name, directory.get());
    }
    empty(directory.get(), levels);
    return first_error_ == ECANCELED ? 0 : unlink_in(parent, name, AT_REMOVEDIR);
  }

  int lift(int parent, const std::string& name, int directory) {
    const std::string lifted = random_guid();
    const int error = with_rights({parent, directory, root_.get()},
                                  [&] { return renameat(parent, name.c_str(), root_.get(), lifted.c_str()); });
    lifted_ = lifted_ || error == 0;
    return error;
  }

  /// Where nothing is found, a job has removed it already.
  void note(int error) {
    if (error != ENOENT && first_error_ == 0) {
      first_error_ = error;
    }
  }

  const RemoveTreeOptions& options_;
  Descriptor root_;
  bool lifted_ = false;
  int first_error_ = 0;
};

/// The directory that holds `path`, and the name in it.
struct Held {
  explicit Held(const std::filesystem::path& path) {
    const auto whole = std::filesystem::absolute(path).lexically_normal();
    const auto named = whole.has_filename() ? whole : whole.parent_path();
    parent = Descriptor(open(named.parent_path().c_str(), kPlace));
    name = named.filename();
  }
  Descriptor parent;
  std::string name;
};

}  // namespace

std::error_code remove_tree(const std::filesystem::path& path, const RemoveTreeOptions& options) {
  const Held held(path);
  if (!held.parent.is_open()) {
    return to_error(errno == ENOENT ? 0 : errno);
  }
  int error = unlink_in(held.parent.get(), held.name, 0);
  if (error == EISDIR) {
    error = TreeRemoval(options).remove(held.parent.get(), held.name);
  }
  return to_error(error == ENOENT ? 0 : error);
}

std::error_code rename_tree(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Held held(from);
  const Descriptor directory(openat(held.parent.get(), held.name.c_str(), kPlace | O_NOFOLLOW));
  return to_error(
      with_rights({held.parent.get(), directory.get()}, [&] { return std::rename(from.c_str(), to.c_str()); }));
}

}  // namespace batchai::inline v1
