"""The command line next to curl and az."""
import json
import statistics

from . import az, peers, runs
from .copy_rows import copy_jobs
from .service import ENDED, GROUP, Service, eventually, manual
from .table import ALONE, Row, at_most

JOB = ["-g", GROUP, "-w", "w", "-e", "e"]


def rows(options):
    listed = f"`job list` of {_jobs(options):,}"
    return [Row("`version`, CPU", "ms", "`curl --version`"),
            Row("`job show`", "ms", "curl, the same GET", "≤ 1.3 ×", at_most(1.3)),
            Row("`job show`, CPU", "ms", "curl, the same GET", "≤ 1.3 ×", at_most(1.3)),
            Row("`job show`, memory", "MiB", "curl, the same GET"),
            Row("`job show`", "ms", "az", "≤ 1/60 ×", at_most(1 / 60)),
            Row("`job show`, memory", "MiB", "az", "≤ 1/8 ×", at_most(1 / 8)),
            Row(listed, "ms", "az", "≤ 1/20 ×", at_most(1 / 20)),
            Row(f"{listed}, memory", "MiB", "az", "≤ 40 MiB", lambda row: row.last() <= 40),
            Row(f"{listed}, first output", "ms", "the whole list"),
            Row("`job create --wait` of a job that does nothing", "ms", "", "≤ 150 ms", lambda row: row.last() <= 150)]


def measure(options, *all_rows):
    with Service(options.bin, options.folder / "command-line") as service:
        _fill(service, _jobs(options))
        environment = service.environment()
        for_az = _sign_in(service, environment, all_rows)
        _requests(options, service, environment, for_az, *all_rows[:6])
        _lists(options, environment, for_az, *all_rows[6:9])
        _waits(options, service, environment, all_rows[9])


def _fill(service, count):
    """With jobs that have ended, copied in the database of the stopped service."""
    service.prepare()
    service.make_cluster("one", manual(1))
    for name in ("template-a", "template-b"):
        service.submit(name, "one", "true")
        eventually(lambda: service.job_state(name) in ENDED, 60)
    service.stop()
    copy_jobs(service.data / "batchai.db", count - 2)
    service.start()


def _sign_in(service, environment, all_rows):
    """The environment of az, or None without it."""
    try:
        return az.sign_in(service, environment)
    except peers.Missing as missing:
        for row in all_rows:
            row.peer = f"{missing} (not installed)" if row.peer == "az" else row.peer
        return None


def _jobs(options):
    return 1_000 if options.quick else 10_000


def _waits(options, service, environment, row):
    body = service.folder / "job.json"
    properties = service.job_body("one", "true")["properties"]
    del properties["cluster"]
    body.write_text(json.dumps({"properties": properties}))
    use, = runs.in_turn(2 if options.quick else 5, environment,
                        lambda number: [options.bin / "batchai", "job", "create", *JOB, "-n", f"wait-{number}", "-c",
                                        "one", "-f", body, "--wait", "-o", "none"])
    row.add(ALONE, 1000 * use.seconds)


def _requests(options, service, environment, for_az, version, time, cpu, memory, time_az, memory_az):
    batchai = options.bin / "batchai"
    rounds = 5 if options.quick else 20
    ours, theirs = runs.in_turn(rounds, environment, [batchai, "version"], ["curl", "--version"])
    version.add(ALONE, 1000 * ours.cpu, 1000 * theirs.cpu)
    show = [batchai, "job", "show", *JOB, "-n", "template-a"]
    ours, theirs = runs.in_turn(rounds, environment, show, _curl(service))
    time.add(ALONE, 1000 * ours.seconds, 1000 * theirs.seconds)
    cpu.add(ALONE, 1000 * ours.cpu, 1000 * theirs.cpu)
    if ours.mebibytes:
        memory.add(ALONE, ours.mebibytes, theirs.mebibytes)
    if for_az:
        ours, theirs = runs.in_turn(3 if options.quick else 7, for_az, show,
                                    ["az", "batchai", "job", "show", *JOB, "-n", "template-a"])
        time_az.add(ALONE, 1000 * ours.seconds, 1000 * theirs.seconds)
        if ours.mebibytes:
            memory_az.add(ALONE, ours.mebibytes, theirs.mebibytes)


def _lists(options, environment, for_az, time, memory, first):
    jobs = [options.bin / "batchai", "job", "list", *JOB]
    commands = [jobs] + ([["az", "batchai", "job", "list", *JOB]] if for_az else [])
    uses = runs.in_turn(1 if options.quick else 3, for_az or environment, *commands)
    time.add(ALONE, 1000 * uses[0].seconds, 1000 * uses[1].seconds if for_az else None)
    if uses[0].mebibytes:
        memory.add(ALONE, uses[0].mebibytes, uses[1].mebibytes if for_az else None)
    first.add(ALONE, 1000 * statistics.median(runs.seconds_to_first_output(jobs, environment) for _ in range(3)),
              1000 * uses[0].seconds)


def _curl(service):
    """The token is in a file that only its owner reads."""
    head = service.folder / "head"
    head.touch(mode=0o600)
    head.write_text(f"Authorization: Bearer {service.client.token}\n")
    endpoints = service.client.endpoints
    return ["curl", "--silent", "--fail", "--cacert", endpoints["caBundle"], "--header", f"@{head}",
            f"{endpoints['managementEndpoint']}{service.job('template-a')}?api-version=2018-05-01"]
