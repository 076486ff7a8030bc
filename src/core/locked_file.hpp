#pragma once

#include "core/descriptor.hpp"

#include <string>

#include <sys/types.h>

namespace batchai::inline v1 {

/// Whether `flock` has failed with that errno because the file system has no locks, as Lustre mounted without `flock`
/// and NFS without its lock service.
bool has_no_locks(int error);

/// Opens a file, which is made where it is missing, and locks it (`flock`) without waiting: against all other
/// descriptors, also those of this process. Where it gets another name or is removed meanwhile, it is the one that has
/// the name then. `folder` is a descriptor or AT_FDCWD, `flags` are added to those for reading, writing and making.
/// What it returns is not open where that fails; errno says why, and is EWOULDBLOCK where another descriptor has the
/// lock. On a file system without locks it is open and not locked.
Descriptor open_locked(int folder, const std::string& name, int flags, mode_t mode);

}  // namespace batchai::inline v1
