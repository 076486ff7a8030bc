"""Runs of programs: time, processor time and memory."""
import os
import shutil
import statistics
import subprocess
import time


class Use:
    """Medians of several runs of one program."""

    def __init__(self, seconds, cpu, mebibytes):
        self.seconds, self.cpu, self.mebibytes = seconds, cpu, mebibytes


def in_turn(rounds, environment, *commands):
    """Runs the commands one after the other, `rounds` times and once before. A Use for each. Raises CalledProcessError
    when one fails. A command is a list, or a function from the number of the round to one."""
    memory = [_peak(_words(command, 0), environment) for command in commands]
    seconds, cpu = [[] for _ in commands], [[] for _ in commands]
    for number in range(1, rounds + 1):
        for place, command in enumerate(commands):
            took, used = _run(_words(command, number), environment)
            seconds[place].append(took)
            cpu[place].append(used)
    return [Use(statistics.median(seconds[place]), statistics.median(cpu[place]), memory[place])
            for place in range(len(commands))]


def seconds_to_first_output(command, environment):
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        process.stdout.read(1)
        took = time.monotonic() - began
        process.stdout.close()
    return took


def _words(command, number):
    return [str(word) for word in (command(number) if callable(command) else command)]


def _run(words, environment):
    began = time.monotonic()
    process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, use = os.wait4(process.pid, 0)
    took = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, words[:3])
    return took, use.ru_utime + use.ru_stime


def _peak(words, environment):
    """MiB. By time(1): a process that this one starts itself begins with this one's peak. None without it."""
    program = shutil.which("time")
    if not program:
        _run(words, environment)
        return None
    done = subprocess.run([program, "--quiet", "--format", "peak %M", *words], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode != 0:
        raise subprocess.CalledProcessError(done.returncode, words[:3])
    return int(done.stderr.split()[-1]) / 1024
