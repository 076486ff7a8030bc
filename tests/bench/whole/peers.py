"""What the service is compared with. Each is measured in the same run, next to the figure it belongs to."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import time
import urllib.request

from .load import wrk


# Built with BATCHAI_BUILD_BENCHMARKS.
BENCHMARKS = pathlib.Path(__file__).parents[3] / "build/release/bin"


class Missing(Exception):
    """A peer is not installed; the text says which."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sqlite_commits(folder, seconds):
    """Commits of one 2 KB row per second, each durable before the next begins."""
    with _scratch_database(folder) as database:
        row = (os.urandom(2000),)
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            database.execute("INSERT INTO t (b) VALUES (?)", row)
            count += 1
        return count / seconds


def sqlite_deletes(folder, count):
    """Seconds to delete as many 2 KB rows in one durable transaction."""
    with _scratch_database(folder) as database:
        database.execute("BEGIN")
        database.executemany("INSERT INTO t (b) VALUES (?)", ((os.urandom(2000),) for _ in range(count)))
        database.execute("COMMIT")
        began = time.monotonic()
        database.execute("DELETE FROM t WHERE a > 0")
        return time.monotonic() - began


@contextlib.contextmanager
def _scratch_database(folder):
    place = pathlib.Path(folder) / "peer"
    place.mkdir()
    database = sqlite3.connect(place / "peer.db", isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
        yield database
    finally:
        database.close()
        shutil.rmtree(place)


def child_end_seconds(rounds=20):
    """Median time from a timestamp that `date` prints to the end of its shell being seen by the parent."""
    delays = []
    for _ in range(rounds):
        child = subprocess.Popen(["bash", "-c", "date +%s%N; exit"], stdout=subprocess.PIPE)
        text = child.stdout.read()
        child.wait()
        delays.append(time.time() - int(text) / 1e9)
        child.stdout.close()
    return sorted(delays)[rounds // 2]


def bare_supervisors(programs, folder, count, at_once):
    """Runs per second of the engine alone, without the service: the same jobs, `at_once` of them at a time."""
    program = BENCHMARKS / "bench_supervisors"
    if not program.exists():
        raise Missing("bench_supervisors")
    place = pathlib.Path(folder) / "supervisors"
    place.mkdir()
    try:
        done = subprocess.run([program, pathlib.Path(programs) / "batchai-supervisor", place, str(count), str(at_once)],
                              stdout=subprocess.PIPE, text=True, check=True)
        return float(done.stdout)
    finally:
        shutil.rmtree(place, ignore_errors=True)


class Nginx:
    """Static answers over TLS, with the certificate of a service. Use as a context."""

    def __init__(self, folder, service):
        self.program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not self.program:
            raise Missing("nginx")
        self.folder = pathlib.Path(folder) / "nginx"
        self.tls = service.data / "tls"
        self.process = None

    def __enter__(self):
        (self.folder / "html").mkdir(parents=True)
        self.serve("started", b"{}")
        self.port = free_port()
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""
{user} daemon off; worker_processes auto; pid {self.folder}/pid; error_log {self.folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 100000000; default_type application/json;
  client_body_temp_path {self.folder}/a; proxy_temp_path {self.folder}/b; fastcgi_temp_path {self.folder}/c;
  uwsgi_temp_path {self.folder}/d; scgi_temp_path {self.folder}/e;
  server {{
    listen 127.0.0.1:{self.port} ssl; root {self.folder}/html;
    ssl_certificate {self.tls}/server.pem; ssl_certificate_key {self.tls}/server-key.pem;
  }}
}}
""")
        self.start()
        return self

    def start(self):
        """Returns the seconds from its start to its first answer."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        trusting = ssl._create_unverified_context()
        for _ in range(5000):
            try:
                urllib.request.urlopen(f"{self.endpoint}/started", context=trusting).read()
                return time.monotonic() - began
            except OSError:
                time.sleep(0.001)
        raise RuntimeError("nginx does not start: " + (self.folder / "error.log").read_text())

    @property
    def endpoint(self):
        return f"https://127.0.0.1:{self.port}"

    def serve(self, name, content):
        (self.folder / "html" / name).write_bytes(content)

    def gets(self, content, clients, seconds):
        """GETs per second of an answer with this content."""
        self.serve("answer", content)
        return wrk("get.lua", self.endpoint, clients, seconds, {"GET_PATH": "/answer", "TOKEN": "none"})

    def processes(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid] + [int(pid) for pid in children.split()]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def __exit__(self, *error):
        self.stop()
