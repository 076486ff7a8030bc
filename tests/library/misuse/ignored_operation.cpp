// error: ignoring returned value of type | ignoring return value of
#include "batchai/batchai/client.hpp"

void create(const batchai::Client& client, const batchai::ClusterCreateParameters& parameters) {
#ifdef RIGHT
  client.clusters().start_create("group", "ws", "c", parameters).wait();
#else
  client.clusters().start_create("group", "ws", "c", parameters);
#endif
}
