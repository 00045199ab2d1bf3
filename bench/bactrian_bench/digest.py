"""What the digest of rows costs: seconds of CPU for hashing every row of a database, as a share of a whole backup's."""

import subprocess

from .servers import java_class_path

LIMIT = 5  # percent


def text(programs, folder, server, dataset, backup_cpu):
    """Hashes what pg_dump prints of the database, in a JVM that does nothing else, and says the share of `backup_cpu`."""
    dump = subprocess.Popen([programs.pg_bin / "pg_dump", "--data-only", server.url(dataset.name)],
                            stdout=subprocess.PIPE, start_new_session=True)
    try:
        done = subprocess.run(
            [programs.java_home / "bin/java", "-Xmx512m", "-cp", java_class_path(programs, folder),
             "dev.bactrian.postgres.script.DigestCost"], stdin=dump.stdout, capture_output=True, text=True, check=True)
    finally:
        dump.stdout.close()
        dump.wait()
    size, seconds = int(done.stdout.split()[0]), float(done.stdout.split()[1])
    share = 100 * seconds / backup_cpu
    return "\n".join([
        "",
        "| rows, MB | hashing them, CPU s | MB/s | whole backup, CPU s | share | wanted |", "|---|---|---|---|---|---|",
        f"| {size / 1e6:,.1f} | {seconds:.3f} | {size / 1e6 / seconds:,.0f} | {backup_cpu:.2f} | {share:.1f} % "
        f"| ≤ {LIMIT} %: {'met' if share <= LIMIT else 'missed'} |", ""])
