#include "models/toolkits_tables.hpp"

namespace batchai::inline v1 {

BATCHAI_MODEL(CntkSettings)
BATCHAI_MODEL(PyTorchSettings)
BATCHAI_MODEL(TensorFlowSettings)
BATCHAI_MODEL(CaffeSettings)
BATCHAI_MODEL(Caffe2Settings)
BATCHAI_MODEL(ChainerSettings)
BATCHAI_MODEL(HorovodSettings)
BATCHAI_MODEL(CustomToolkitSettings)
BATCHAI_MODEL(CustomMpiSettings)

}  // namespace batchai::inline v1
