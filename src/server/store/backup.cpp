#include "server/store/backup.hpp"

#include "core/descriptor.hpp"
#include "server/records/store_error.hpp"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::sqlite {

namespace {

void sync(const std::filesystem::path& file, int flags) {
  const Descriptor descriptor(::open(file.c_str(), flags | O_CLOEXEC));
  if (!descriptor || ::fsync(descriptor.get()) != 0) {
    throw StoreError(std::strerror(errno));
  }
}

}  // namespace

void copy_database(Connection& connection, const std::filesystem::path& copy) {
  auto unfinished = copy;
  unfinished += ".new";
  std::error_code ignored;
  try {
    std::filesystem::remove(unfinished);
    // Made before SQLite fills it, so that nobody else can read it at any moment.
    if (!Descriptor(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600))) {
      throw StoreError(std::strerror(errno));
    }
    Statement(connection, "VACUUM INTO ?1").bind(1, unfinished.string()).step();
    sync(unfinished, O_RDWR);
    std::filesystem::rename(unfinished, copy);
    sync(copy.parent_path(), O_RDONLY | O_DIRECTORY);
  } catch (const std::exception& error) {
    std::filesystem::remove(unfinished, ignored);
    throw StoreError("The service database could not be copied to " + copy.string() + ": " + error.what());
  }
}

}  // namespace batchai::server::sqlite
