"""Random faults against two services with one history and one store: after each, everything must be as it must be."""

import argparse
import subprocess
import sys
from pathlib import Path

from . import programs

PREFIX = "chaos: "


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/run chaos", description=__doc__,
        epilog="The test faults.ChaosIT does it, by Maven; equal numbers draw equal plans. Exit code 0: no violation.")
    parser.add_argument("--faults", type=int, default=50, metavar="N", help="how many (default: 50; some 15 s each)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which plan is drawn (default: 1)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="all that Maven prints, too (default: target/chaos.log)")
    args = parser.parse_args(argv)
    if args.faults < 1:
        parser.error("--faults must be positive.")
    return args


def main(argv):
    args = arguments(argv)
    log = args.log or programs.ROOT / "target/chaos.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(command(args.faults, args.seed), cwd=programs.ROOT, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace")
        ended = False
        for line in process.stdout:
            out.write(line)
            out.flush()
            if PREFIX in line:
                said = line[line.index(PREFIX) + len(PREFIX):].rstrip()
                ended = ended or said.startswith("faults met")
                print(said, flush=True)
        code = process.wait()
    if code != 0 and not ended:
        raise programs.BenchError(f"The campaign didn't come to its end; {log} says why.")
    sys.exit(0 if code == 0 else 1)


def command(faults, seed):
    return ["./mvnw", "-B", "-ntp", "verify", "-Dtest=ArchitectureTest", "-Dit.test=ChaosIT", "-Dsurefire.failIfNoSpecifiedTests=false",
            f"-Dbactrian.chaos.faults={faults}", f"-Dbactrian.chaos.seed={seed}"]
