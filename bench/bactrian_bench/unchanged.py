"""Random histories of tables between two backups: each table that is proved unchanged must have the rows that it had."""

import argparse
import subprocess
import sys
from pathlib import Path

from . import programs

PREFIX = "unchanged: "
# By the name of its property: how many, and what it is.
CAMPAIGN = {
    "histories": (10_000, "of a table on one server without restarts"),
    "crashes": (200, "of a server that commits asynchronously, seen by 10 tables each"),
    "restores": (50, "to a point in time, likewise"),
    "setBacks": (50, "of a server's disk to an earlier moment, likewise"),
    "standbys": (50, "that lag behind and are read, promoted, or started as primaries, likewise"),
}


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/run unchanged", description=__doc__,
        epilog="The tests unchanged.HistoriesIT and unchanged.DisksIT do it, by Maven; equal seeds draw equal histories. "
               "Exit code 0: none was wrong.")
    for name, (number, what) in CAMPAIGN.items():
        parser.add_argument(f"--{name.lower()}", dest=name, type=int, default=number, metavar="N",
                            help=f"how many {what} (default: {number})")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which histories are drawn (default: 1)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="all that Maven prints, too (default: target/unchanged.log)")
    args = parser.parse_args(argv)
    if min(getattr(args, name) for name in CAMPAIGN) < 1:
        parser.error("All numbers must be positive.")
    return args


def main(argv):
    args = arguments(argv)
    log = args.log or programs.ROOT / "target/unchanged.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    said = 0
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(command(args), cwd=programs.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   errors="replace")
        for line in process.stdout:
            out.write(line)
            out.flush()
            if PREFIX in line:
                said += 1
                print(line[line.index(PREFIX) + len(PREFIX):].rstrip(), flush=True)
        code = process.wait()
    if said < len(CAMPAIGN):
        raise programs.BenchError(f"The campaign didn't come to its end; {log} says why.")
    sys.exit(0 if code == 0 else 1)


def command(args):
    return ["./mvnw", "-B", "-ntp", "verify", "-Dtest=ArchitectureTest", "-Dit.test=HistoriesIT,DisksIT",
            "-Dsurefire.failIfNoSpecifiedTests=false", f"-Dbactrian.unchanged.seed={args.seed}",
            *(f"-Dbactrian.unchanged.{name}={getattr(args, name)}" for name in CAMPAIGN)]
