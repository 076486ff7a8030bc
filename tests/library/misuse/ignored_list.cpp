// error: ignoring return value of
#include "batchai/batchai/client.hpp"

std::vector<batchai::Job> all(const batchai::Client& client) {
#ifdef RIGHT
  return client.jobs().list("group", "ws", "exp").to_vector();
#else
  client.jobs().list("group", "ws", "exp");
  return {};
#endif
}
