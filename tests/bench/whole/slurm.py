"""A private Slurm: its controller and the munged that it trusts, in a folder, as the user who measures. It has one
node, which is down, so that all jobs wait."""
import getpass
import os
import pathlib
import shutil
import socket
import subprocess

from .peers import Missing, free_port
from .service import eventually

PLACES = os.environ.get("PATH", "") + ":/usr/sbin"

CONFIGURATION = """
ClusterName=bench
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmctldPort={controller}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}
SlurmdSpoolDir={folder}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
ProctrackType=proctrack/linuxproc
MaxJobCount=1000000
NodeName=none NodeAddr=127.0.0.1 State=DOWN
PartitionName=all Nodes=none Default=YES State=UP
"""


class Slurm:
    """Use as a context."""

    def __init__(self, folder):
        if not all(shutil.which(program, path=PLACES) for program in ("munged", "slurmctld", "sbatch")):
            raise Missing("sbatch of Slurm")
        # Not deep below others: a socket's path is short.
        self.folder = pathlib.Path(folder) / "slurm"
        self.processes = []

    def __enter__(self):
        try:
            self.folder.mkdir(mode=0o700)
            self._start_munged()
            (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
                folder=self.folder, host=socket.gethostname().split(".")[0], user=getpass.getuser(),
                controller=free_port(), node=free_port()))
            self._start("slurmctld", "-D", "-f", self.folder / "slurm.conf")
            eventually(self._takes_jobs, 30, 0.2)
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def environment(self):
        return {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}

    @staticmethod
    def command():
        return ["sbatch", "--output=/dev/null", "--wrap=true"]

    def _takes_jobs(self):
        return subprocess.run(self.command(), env=self.environment, capture_output=True).returncode == 0

    def _start_munged(self):
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        # --force: the folder is closed to others, which it otherwise dislikes.
        self._start("munged", "--foreground", "--force", f"--socket={self.folder}/munge.socket", f"--key-file={key}",
                    f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log",
                    f"--seed-file={self.folder}/munged.seed")
        eventually((self.folder / "munge.socket").exists, 30)

    def _start(self, program, *arguments):
        with open(self.folder / f"{program}.out", "wb") as output:
            self.processes.append(subprocess.Popen([shutil.which(program, path=PLACES), *arguments],
                                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output))

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)

    def __exit__(self, *error):
        self.stop()
