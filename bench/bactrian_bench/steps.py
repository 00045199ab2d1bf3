"""Commands of Bactrian's, measured one after the other."""

from dataclasses import dataclass

from . import measure, programs

MB = 1_000_000
BACTRIAN = programs.ROOT / "bactrian"


@dataclass(frozen=True)
class Step:
    what: str
    measured: measure.Measured


def run(runs, env, work, log):
    """A step for each of (what, settings, words)."""
    # The first backup after a build writes what lets the next ones start faster, which takes time and memory.
    measure.run([BACTRIAN, "backup"], env | {"BACKUP_STORAGE": "false", "BACKUP_AUTH_USERS": "false"}, work, log)
    return [Step(what, measure.run([BACTRIAN, *words], env | own, work, log)) for what, own, words in runs]


def row(step):
    """Its line of a table: what, seconds, CPU seconds, peak memory of Java in MB; open at its end."""
    return f"| {step.what} | {step.measured.wall:.1f} | {step.measured.cpu:.1f} | {step.measured.java / MB:.0f} |"
