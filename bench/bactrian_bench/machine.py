"""What a figure depends on and a reader has to know: the machine, the versions, the commit, the command."""

import os
import platform
import re
import shlex
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from .programs import ROOT


def text(programs):
    return "\n".join([
        f"- {date.today().isoformat()}, commit {_commit()}",
        f"- {os.cpu_count()} cores ({_cpu()}), {_memory()} GB of memory, {_system()}, Linux {platform.release().split('-')[0]}",
        f"- {_first([programs.pg_bin / 'postgres', '--version'])}, {_first([programs.aws, '--version']).split()[0]}, "
        f"Java {_java(programs)}",
        f"- `{' '.join(['bench/run', *map(shlex.quote, sys.argv[1:])])}`",
    ])


def start_up(env, runs):
    """Seconds that `./bactrian --version` takes: a JVM that starts, and does nothing."""
    def once():
        begin = time.monotonic()
        subprocess.run([ROOT / "bactrian", "--version"], env=env, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - begin

    return statistics.median(once() for _ in range(runs))


def _commit():
    commit = _first(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"])
    changed = _first(["git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no"])
    return commit + (" with changes" if changed else "")


def _cpu():
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def _memory():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _java(programs):
    """The launcher says which one it took; the servers of the bench run on the other."""
    said = _first([ROOT / "bactrian", "--version"])
    release = (programs.java_home / "release").read_text()
    found = re.search(r'JAVA_VERSION="([^"]+)"', release)
    return f"{found.group(1) if found else '?'} for the S3 server; `./bactrian --version`: {said}"


def _first(command):
    done = subprocess.run(command, capture_output=True, text=True)
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines else ""
