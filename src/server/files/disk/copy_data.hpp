#pragma once

#include <cstdint>
#include <string_view>

namespace batchai::server::files {

/// Copies the first `size` bytes of an open file into another, empty one: by sharing blocks where the file system can,
/// otherwise data only, so that holes stay holes. False when the source has become shorter meanwhile. Throws
/// StorageError.
bool copy_data(int from, int to, std::uint64_t size);

/// Next byte at or behind `from` that belongs to data (SEEK_DATA) or to a hole (SEEK_HOLE); `size` when there is none.
std::uint64_t seek_extent(int file, std::uint64_t from, int what, std::uint64_t size);

/// Writes all of `bytes` at `offset`. Throws StorageError.
void write_at(int file, std::uint64_t offset, std::string_view bytes);

/// Reads into `buffer` until it is full or the file ends; returns the number of bytes. Throws StorageError.
std::size_t read_at(int file, std::uint64_t offset, char* buffer, std::size_t size);

}  // namespace batchai::server::files
