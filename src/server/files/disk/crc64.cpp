#include "server/files/disk/crc64.hpp"

#include <array>
#include <cstdint>

namespace batchai::server::files {
namespace {

constexpr std::uint64_t kPolynomial = 0x9a6c9329ac4bc9b5ULL;
constexpr unsigned kByteBits = 8;

constexpr std::array<std::uint64_t, 256> make_table() {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    std::uint64_t value = i;
    for (unsigned bit = 0; bit < kByteBits; ++bit) {
      value = (value & 1U) != 0 ? (value >> 1U) ^ kPolynomial : value >> 1U;
    }
    table.at(i) = value;
  }
  return table;
}

constexpr auto kTable = make_table();

}  // namespace

std::string crc64(std::string_view bytes) {
  std::uint64_t crc = ~0ULL;
  for (const char c : bytes) {
    crc = kTable.at((crc ^ static_cast<unsigned char>(c)) & 0xffU) ^ (crc >> kByteBits);
  }
  crc = ~crc;
  std::string digest;
  for (unsigned i = 0; i < sizeof crc; ++i) {
    digest.push_back(static_cast<char>((crc >> (i * kByteBits)) & 0xffU));
  }
  return digest;
}

}  // namespace batchai::server::files
