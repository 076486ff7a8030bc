#include "core/random.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>

namespace batchai::inline v1 {
namespace {

std::mt19937_64& generator() {
  thread_local std::mt19937_64 engine = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return engine;
}

}  // namespace

std::string random_guid() {
  const std::uint64_t high = (generator()() & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (generator()() & ~(3ULL << 62U)) | (2ULL << 62U);
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>(high >> 16U) & 0xFFFFU, static_cast<unsigned>(high) & 0xFFFFU,
                static_cast<unsigned>(low >> 48U), static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  return text.data();
}

double random_between(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(generator());
}

}  // namespace batchai::inline v1
