#include "core/shortage.hpp"

#include <new>
#include <system_error>

namespace batchai::inline v1 {

bool is_shortage(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return true;
  }
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  if (system == nullptr) {
    return false;
  }
  const auto& code = system->code();
  return code == std::errc::resource_unavailable_try_again || code == std::errc::not_enough_memory ||
         code == std::errc::too_many_files_open || code == std::errc::too_many_files_open_in_system;
}

}  // namespace batchai::inline v1
