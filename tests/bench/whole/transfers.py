"""Uploads and downloads of the command line next to az, azcopy, rclone, curl, and bare loops of requests."""
import os
import pathlib
import shutil

from . import runs
from .load import wrk
from .service import Service
from .table import ALONE, Row, at_least, at_most
from .uploads import make_file

MIB = 1024 * 1024
GO_PEERS = pathlib.Path(__file__).parents[3] / "build/peers/go/bin"


def rows(options):
    size = "1 GiB" if _large(options) == 1024 else f"{_large(options)} MiB"
    small = f"upload of {_small(options):,} × 4 KiB"
    return [Row(f"upload of {size}", "s", "bare Put Range loop", "≤ 1/0.9 ×", at_most(1 / 0.9)),
            Row(f"upload of {size}", "s", "az", "≤ 1/2 ×", at_most(0.5)),
            Row(f"upload of {size}", "s", "azcopy", "< 1 ×", at_most(1)),
            Row(f"upload of {size}", "s", "rclone", "< 1 ×", at_most(1)),
            Row(f"upload of {size}, CPU", "s", "az"),
            Row(f"upload of {size}, memory", "MiB", "az"),
            Row(f"download of {size}", "s", "curl", "≤ 1.0 ×", at_most(1)),
            Row(f"download of {size}, CPU", "s", "curl"),
            Row(f"download of {size}, memory", "MiB", "curl"),
            Row(small, "files/s", "bare Create File and Put Range", "≥ 0.7 ×", at_least(0.7), rate=True),
            Row(small, "files/s", "az upload-batch", "≥ 20 ×", at_least(20), rate=True),
            Row(f"{small}, memory", "MiB"),
            Row(f"download of {_small(options):,} × 4 KiB", "files/s", rate=True)]


def measure(options, *all_rows):
    with Service(options.bin, options.folder / "transfers") as service:
        service.prepare()
        environment = service.environment()
        _uploads(options, service, environment, *all_rows[:6])
        _downloads(options, service, environment, *all_rows[6:9])
        _small_files(options, service, environment, *all_rows[9:])


def _large(options):
    """MiB."""
    return 128 if options.quick else 1024


def _small(options):
    return 500 if options.quick else 10_000


def _peers(service, file):
    """Commands that upload the file, by their programs' names."""
    found = service.client.endpoints
    url = f"{found['filesEndpoint']}/{found['storageAccount']}/share"
    programs = {name: shutil.which(name) or shutil.which(name, path=GO_PEERS) for name in ("az", "azcopy", "rclone")}
    commands = {
        "az": ["storage", "file", "upload", "--share-name", "share", "--source", file, "--path", "az.bin", "--no-progress",
               "--output", "none"],
        "azcopy": ["copy", file, f"{url}/azcopy.bin?{service.client.share_signature('share')}", "--from-to", "LocalFile",
                   "--skip-version-check", "--output-level", "quiet"],
        "rclone": ["copy", "--ignore-times", file, "share:rclone"]}
    return {name: [programs[name], *words] for name, words in commands.items() if programs[name]}


def _environment(service, environment):
    """For the peers, too."""
    found, folder = service.client.endpoints, service.folder / "peers"
    folder.mkdir()
    (folder / "rclone.conf").touch()
    return {**environment, "AZURE_CONFIG_DIR": str(folder / "az"), "AZURE_CORE_COLLECT_TELEMETRY": "0",
            "AZCOPY_LOG_LOCATION": str(folder), "AZCOPY_JOB_PLAN_LOCATION": str(folder),
            "RCLONE_CONFIG": str(folder / "rclone.conf"), "RCLONE_CONFIG_SHARE_TYPE": "azurefiles",
            "RCLONE_CONFIG_SHARE_SHARE_NAME": "share", "RCLONE_CONFIG_SHARE_ACCOUNT": found["storageAccount"],
            "RCLONE_CONFIG_SHARE_KEY": found["storageKey"],
            "RCLONE_CONFIG_SHARE_ENDPOINT": f"{found['filesEndpoint']}/{found['storageAccount']}"}


def _uploads(options, service, environment, bare, *others):
    file = service.folder / "large"
    with open(file, "wb") as stream:
        for _ in range(_large(options)):
            stream.write(os.urandom(MIB))
    commands = _peers(service, file)
    ours, *theirs = runs.in_turn(1 if options.quick else 3, _environment(service, environment),
                                 [options.bin / "batchai", "files", "upload", file, "share/large", "-o", "none"],
                                 *commands.values())
    uses = dict(zip(commands, theirs))
    bare.add(ALONE, ours.seconds, _large(options) / _bare_rate(options, service))
    figures = {"s": "seconds", "s CPU": "cpu", "MiB": "mebibytes"}
    for row in others:
        figure = figures[f"{row.unit} CPU" if row.name.endswith("CPU") else row.unit]
        peer = uses.get(row.peer)
        if getattr(ours, figure) is not None:
            row.add(ALONE, getattr(ours, figure), getattr(peer, figure) if peer else None)
        if not peer:
            row.peer = f"{row.peer} (not installed)"


def _bare_rate(options, service):
    """MiB per second of Put Range requests, 4 at a time."""
    path = service.client.file_path("share", "bare")
    make_file(service.client, path, 256 * MIB)
    return 4 * wrk("put_range.lua", service.client.endpoints["filesEndpoint"], 4, 2 if options.quick else 6,
                   {"PUT_PATH": path})


def _downloads(options, service, environment, time, cpu, memory):
    found = service.client.endpoints
    ours, theirs = runs.in_turn(
        1 if options.quick else 3, environment,
        [options.bin / "batchai", "files", "download", "share/large", service.folder / "ours", "-o", "none"],
        ["curl", "--silent", "--fail", "--cacert", found["caBundle"], "--output", service.folder / "theirs",
         found["filesEndpoint"] + service.client.file_path("share", "large")])
    time.add(ALONE, ours.seconds, theirs.seconds)
    cpu.add(ALONE, ours.cpu, theirs.cpu)
    if ours.mebibytes:
        memory.add(ALONE, ours.mebibytes, theirs.mebibytes)


def _small_files(options, service, environment, bare, by_az, memory, down):
    batchai, count, folder = options.bin / "batchai", _small(options), service.folder / "small"
    for number in range(count):
        (folder / f"d{number % 100}").mkdir(parents=True, exist_ok=True)
        (folder / f"d{number % 100}" / f"f{number}").write_bytes(os.urandom(4096))
    ours, = runs.in_turn(1, environment, lambda number: [batchai, "files", "upload", "-r", folder, f"share/small-{number}",
                                                         "-o", "none"])
    bare.add(ALONE, count / ours.seconds, _bare_files(options, service))
    if ours.mebibytes:
        memory.add(ALONE, ours.mebibytes)
    fetched, = runs.in_turn(1, environment, lambda number: [batchai, "files", "download", "-r", "share/small-1",
                                                            service.folder / f"small-{number}", "-o", "none"])
    down.add(ALONE, count / fetched.seconds)
    if not shutil.which("az"):
        by_az.add(ALONE, count / ours.seconds)
        by_az.peer = "az (not installed)"
        return
    some = service.folder / "some"  # az is slow
    shutil.copytree(folder / "d0", some / "d0")
    theirs, = runs.in_turn(1, environment, ["az", "storage", "file", "upload-batch", "--destination", "share", "--source",
                                            some, "--no-progress", "--output", "none"])
    by_az.add(ALONE, count / ours.seconds, len(list((some / "d0").iterdir())) / theirs.seconds)


def _bare_files(options, service):
    """Files per second by two requests each, 16 connections."""
    client = service.client
    seconds, account = 2 if options.quick else 6, client.endpoints["storageAccount"]
    return wrk("small_files.lua", client.endpoints["filesEndpoint"], 16, seconds,
               {"FOLDER_PATH": f"/{account}/share", "SIGNATURE": client.share_signature("share"), "RUN": "bare"}) / 2
