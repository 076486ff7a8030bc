#include "server/http/message.hpp"

#include <algorithm>

#include <unistd.h>

namespace batchai::server {

const std::string* Request::query_parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](const auto& parameter) { return iequals(parameter.first, name); });
  return found == parameters.end() ? nullptr : &found->second;
}

FileBody::FileBody(int descriptor, std::uint64_t offset, std::uint64_t length)
    : descriptor_(descriptor), offset_(offset), length_(length) {}

FileBody::~FileBody() { ::close(descriptor_); }

}  // namespace batchai::server
