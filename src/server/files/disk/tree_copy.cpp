#include "server/files/disk/tree_copy.hpp"

#include "server/files/disk/copy_data.hpp"
#include "server/files/disk/node_state.hpp"
#include "server/files/disk/tree.hpp"
#include "server/files/http/answer.hpp"
#include "server/files/http/storage_error.hpp"

#include <cerrno>

#include <fcntl.h>

namespace batchai::server::files {
namespace {

constexpr mode_t kModeBits = 0777;
constexpr mode_t kDirectoryMode = 0777;

/// Attributes of the copy of a file that is now in `state`. Leases stay with the original.
Attributes frozen(Attributes attributes, const NodeState& state) {
  attributes.modified = state.modified;
  attributes.created = state.created;
  attributes.written = state.written;
  attributes.changed = state.changed;
  attributes.lease.reset();
  return attributes;
}

void copy_file_node(int from, int to, const std::string& name, const AttributeStore& store) {
  const Descriptor source(openat(from, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!source.is_open() || fstat(source.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return;  // gone, or replaced, since its name was read
  }
  const NodeState written = read_state(source.get());
  Attributes attributes = drop_void_hash(store.load(source.get()), written);
  const NodeState state = seen_state(NodeKind::File, written, attributes);
  const Descriptor target(openat(to, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, info.st_mode & kModeBits));
  if (!target.is_open()) {
    throw from_errno(errno);
  }
  copy_data(source.get(), target.get(), state.size);
  attributes = frozen(std::move(attributes), state);
  attributes.smb_times_valid_for = state.written;
  attributes.md5_valid_for = state.written;
  store.save(target.get(), attributes);
  set_write_time(target.get(), state.written);
}

void copy_directory_node(int from, int to, const std::string& name, const AttributeStore& store, int levels) {
  const Descriptor source = open_directory_at(from, name);
  if (!source.is_open()) {
    return;
  }
  if (mkdirat(to, name.c_str(), kDirectoryMode) != 0) {
    throw from_errno(errno);
  }
  const Descriptor target = open_directory_at(to, name);
  Attributes attributes = store.load(source.get());
  const NodeState state = seen_state(NodeKind::Directory, read_state(source.get()), attributes);
  if (levels > 0) {
    copy_tree(source.get(), target.get(), store, levels - 1);
  }
  store.save(target.get(), frozen(std::move(attributes), state));
}

}  // namespace

void copy_tree(int from, int to, const AttributeStore& store, int levels) {
  for (const Entry& entry : list_entries(from)) {
    if (entry.kind == NodeKind::File) {
      copy_file_node(from, to, entry.name, store);
    } else {
      copy_directory_node(from, to, entry.name, store, levels);
    }
  }
}

}  // namespace batchai::server::files
