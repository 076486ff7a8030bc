#include "server/run/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace batchai::server {

void throw_errno(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

std::string errno_text(int number) { return std::generic_category().message(number); }

}  // namespace batchai::server
