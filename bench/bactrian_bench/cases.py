"""What is measured: databases, who backs them up, and what the figures shall come to."""

from dataclasses import dataclass

from . import data
from .contestants import (BACTRIAN, FILE, FILES, FOLDER, PG_RESTORE, PG_RESTORE_ANALYZED, PIPE, RESTORE, SERVICE, SERVICE_IN_PARTS, SERVICE_UNCHANGED, loop,
                          pg_restore_one, restore_one)

MB = 1_000_000
FAR_MILLIS = 10  # each way: a round trip of 20 ms
LOOP_TABLES = 100


@dataclass(frozen=True)
class Entry:
    """One database with those who back it up, or restore it."""

    dataset: data.Dataset
    contestants: tuple
    delay: int = 0
    restores: bool = False
    counted: bool = False  # what a restore fetches: by a proxy, which costs time


@dataclass(frozen=True)
class Target:
    """The figure `of` a contestant on a database, divided by another's where there is one, shall be at most `limit`."""

    what: str
    of: tuple  # index of the entry, contestant
    to: tuple = ()
    limit: float = 0.0
    figure: str = "wall"
    at_least: bool = False
    unit: int = MB  # of a figure that isn't divided by another's


@dataclass(frozen=True)
class Case:
    name: str
    what: str
    entries: tuple
    targets: tuple

    def datasets(self):
        return list(dict.fromkeys(entry.dataset for entry in self.entries))


def all_cases(scale, quick):
    """Every case, with its numbers of rows or tables times `scale`."""
    few = LOOP_TABLES if not quick else 3
    wide, tenfold = data.wide(scale), data.wide(10 * scale)
    fewer, more = (data.many(max(3, round(n * scale))) for n in (1_000, 5_000))
    most = data.many(max(3, round(30_000 * scale)))
    one = data.one(max(1, round(4_000 * scale)))
    small = wide.table(wide.tables - 1)
    cases = (
        Case("wide", "200 tables of very different sizes", (
            Entry(wide, (BACTRIAN, SERVICE, PIPE, FOLDER) if quick else (BACTRIAN, SERVICE, PIPE, FOLDER, loop())),
        ), (
            Target("a service against `pg_dump -Fc \\| aws`", (0, "service"), (0, "fc-s3"), 0.4),
            Target("a service against `pg_dump -Fd -j2 -Z1` + tar", (0, "service"), (0, "fd-s3"), 0.8),
            Target("the command, from cold, against `pg_dump -Fc \\| aws`", (0, "bactrian"), (0, "fc-s3"), 0.5),
            Target("peak memory, MB", (0, "bactrian"), limit=512, figure="rss"),
            Target("peak of the work folder, MB", (0, "bactrian"), limit=256, figure="work"),
        )),
        Case("many", "thousands of tables of 100 rows", (
            Entry(fewer, (BACTRIAN, SERVICE, FILE, PIPE)),
            Entry(more, (BACTRIAN, SERVICE, FILE, PIPE, loop(few))),
        ), (
            Target(f"{more.tables:,} tables, a service against one `pg_dump -Fc`", (1, "service"), (1, "fc"), 1.5),
            Target(f"{more.tables:,} tables against {fewer.tables:,}", (1, "bactrian"), (0, "bactrian"), 6),
            Target("the loop against Bactrian", (1, "loop"), (1, "bactrian"), 100, at_least=True),
        )),
        Case("far", f"the case wide, {2 * FAR_MILLIS} ms of round trip away from the databases", (
            Entry(wide, (BACTRIAN, SERVICE, FILE, FILES, PIPE), FAR_MILLIS),
        ), (
            Target("a service against `pg_dump -Fc` at the same distance", (0, "service"), (0, "fc"), 0.45),
            Target("a service against `pg_dump -Fd -j4 -Z1` at the same distance", (0, "service"), (0, "fd"), 0.75),
        )),
        Case("one", "one large table", (
            Entry(one, (BACTRIAN, SERVICE, SERVICE_IN_PARTS, PIPE, FOLDER)),
        ), (
            Target("a service against `pg_dump -Fc \\| aws`", (0, "service"), (0, "fc-s3"), 0.3),
            Target("peak memory, MB", (0, "bactrian"), limit=512, figure="rss"),
        )),
        Case("memory", "the case wide, and the same with ten times the rows", (
            Entry(wide, (BACTRIAN,)),
            Entry(tenfold, (BACTRIAN,)),
        ), (
            Target("peak memory at ten times the rows, MB", (1, "bactrian"), limit=512, figure="rss"),
            Target("peak of the work folder at ten times the rows, MB", (1, "bactrian"), limit=256, figure="work"),
        )),
        Case("reuse", "the case wide, in which one table in 20 has changed since the last backup", (
            Entry(wide, (SERVICE_UNCHANGED, SERVICE, PIPE)),
        ), (
            Target("a service against `pg_dump -Fc \\| aws`", (0, "service-unchanged"), (0, "fc-s3"), 0.12),
        )),
        Case("restore-wide", "the case wide, from S3 into an empty database", (
            Entry(wide, (RESTORE, PG_RESTORE_ANALYZED, PG_RESTORE), restores=True),
        ), (
            Target("against `aws` + `pg_restore -j2` + `vacuumdb -Z -j2`", (0, "bactrian"), (0, "pg-restore-z"), 0.95),
            Target("peak memory, MB", (0, "bactrian"), limit=512, figure="rss"),
        )),
        Case("restore-one", "one table of 2,000 rows out of the case wide", (
            Entry(wide, (restore_one(small), pg_restore_one(small)), restores=True, counted=True),
        ), (
            Target("seconds", (0, "bactrian"), limit=2, unit=1),
            Target("fetched, MB", (0, "bactrian"), limit=2, figure="stored"),
        )),
        Case("restore-many", "thousands of tables of 100 rows, from S3 into an empty database", (
            Entry(more, (RESTORE, PG_RESTORE), restores=True),
        ), (
            Target("against `aws` + `pg_restore -j2`", (0, "bactrian"), (0, "pg-restore"), 1.2),
            Target("peak memory, MB", (0, "bactrian"), limit=512, figure="rss"),
        )),
        Case("looks", "what looking for changes costs that a snapshot doesn't cover, with thousands of tables", (
            Entry(more, (BACTRIAN,)),
            Entry(most, (BACTRIAN,)),
        ), ()),
        Case("digest", "what the row digest costs in the case wide", (Entry(wide, (BACTRIAN,)),), ()),
    )
    return {case.name: case for case in cases}
