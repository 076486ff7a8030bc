"""A private Slurm that runs jobs: examples/slurm/private_slurm.sh as a context."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from .peers import Missing, free_port

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "examples" / "slurm" / "private_slurm.sh"
PLACES = os.environ.get("PATH", "") + ":/usr/sbin"


class SlurmCluster:
    def __init__(self, nodes=3, cpus=32):
        if not all(shutil.which(program, path=PLACES) for program in ("munged", "slurmctld", "slurmd", "sbatch")):
            raise Missing("slurmctld and slurmd of Slurm")
        self.nodes, self.cpus = nodes, cpus

    def __enter__(self):
        # Not deep below others: a socket's path is short.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="batchai-slurm."))
        ports = [str(free_port()) for _ in range(self.nodes + 1)]
        self.process = subprocess.Popen([SCRIPT, self.folder, str(self.cpus), *ports], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env={**os.environ, "PATH": PLACES},
                                        start_new_session=True)
        if not self.process.stdout.readline().startswith("ready"):
            self.__exit__()
            raise RuntimeError("Slurm does not get ready")
        return self

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:  # a job that does not end, where daemons have been killed
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def config(self):
        return str(self.folder / "slurm.conf")

    @property
    def environment(self):
        return {**os.environ, "SLURM_CONF": self.config}

    def run(self, *words):
        return subprocess.run(words, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True).stdout

    def kill_controller(self):
        os.kill(int((self.folder / "state" / "slurmctld.pid").read_text()), signal.SIGKILL)

    def start_controller(self):
        with open(self.folder / "log" / "slurmctld-again.out", "ab") as output:
            subprocess.Popen([shutil.which("slurmctld", path=PLACES), "-D"], env=self.environment,
                             stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
