// error: Client::resume<T>: T has to be Workspace, Cluster, Experiment, Job or FileServer
#include "batchai/batchai/client.hpp"

batchai::Job finish(const batchai::Client& client, const std::string& token) {
#ifdef RIGHT
  return client.resume<batchai::Job>(token).wait();
#else
  return client.resume<batchai::JobCreateParameters>(token).wait();
#endif
}
