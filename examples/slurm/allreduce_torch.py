"""Adds up a number of each rank with PyTorch over gloo, and says where each rank ran."""
import os

import torch
import torch.distributed

rank = int(os.environ["AZ_BATCHAI_TASK_INDEX"])
torch.distributed.init_process_group(
    os.environ["AZ_BATCHAI_PYTORCH_BACKEND"],
    init_method=os.environ["AZ_BATCHAI_PYTORCH_INIT_METHOD"],
    rank=rank,
    world_size=2,
)
number = torch.ones(1) * (rank + 1)
torch.distributed.all_reduce(number)
print(f"rank {rank} of 2 ran on {os.environ['SLURMD_NODENAME']}, sum of all ranks: {int(number)}")
torch.distributed.destroy_process_group()
