"""What it costs to look for changes that a snapshot doesn't cover: the looks of a backup as a share of its time."""

import subprocess

from .servers import java_class_path

LIMIT = 3  # percent
LOOKS = 4  # that each backup makes; more only while all of them take less than 1 % of its time


def text(programs, folder, server, walls):
    """`walls`: seconds that a backup of each dataset takes."""
    lines = ["", "| tables | a look, ms | looks | backup, s | share | wanted |", "|---|---|---|---|---|---|"]
    for dataset, wall in walls:
        done = subprocess.run(
            [programs.java_home / "bin/java", "-Xmx512m", "-cp", java_class_path(programs, folder),
             "dev.bactrian.dump.instant.LookCost", server.url(dataset.name)], capture_output=True, text=True, check=True)
        look = float(done.stdout.split()[-1])
        share = 100 * LOOKS * look / wall
        lines.append(f"| {dataset.tables:,} | {1e3 * look:.1f} | {LOOKS} | {wall:.1f} | {share:.1f} % "
                     f"| ≤ {LIMIT} %: {'met' if share <= LIMIT else 'missed'} |")
    return "\n".join([*lines, ""])
