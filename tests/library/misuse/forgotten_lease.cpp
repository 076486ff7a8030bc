// error: ignoring return value of
#include "batchai/files/file_client.hpp"

void remove(const batchai::files::FileClient& file, const std::string& id) {
#ifdef RIGHT
  file.with_lease(id).remove();
#else
  file.with_lease(id);
  file.remove();
#endif
}
