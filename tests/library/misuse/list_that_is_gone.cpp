// error: use of deleted function | call to deleted member function | invokes a deleted function
#include "batchai/batchai/client.hpp"

batchai::Job first(const batchai::Client& client) {
#ifdef RIGHT
  auto jobs = client.jobs().list("group", "ws", "exp");
  return *jobs.begin();
#else
  return *client.jobs().list("group", "ws", "exp").begin();
#endif
}
