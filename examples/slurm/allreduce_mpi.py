"""Adds up a number of each rank with MPI, and says where each rank ran."""
import os

from mpi4py import MPI

world = MPI.COMM_WORLD
total = world.allreduce(world.Get_rank() + 1)
places = world.gather((world.Get_rank(), os.environ["SLURMD_NODENAME"]), root=0)
if places is not None:
    for rank, node in places:
        print(f"rank {rank} of {world.Get_size()} ran on {node}")
    print(f"sum of all ranks: {total}")
