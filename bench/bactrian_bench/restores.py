"""What a restore is measured with: archives made beforehand, a new database for each run, and a look at what came back."""

from . import contestants, measure
from .programs import BenchError

TARGET = "bench_restored"

_COUNTS = r"""
SELECT format('SELECT %L, count(*) FROM %s', relname, oid::regclass)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname \gexec
"""


def save(programs, s3, server, dataset, control, work, log):
    """Leaves Bactrian's archive of a database in the bucket, and pg_dump's."""
    s3.empty()
    for contestant in (contestants.BACTRIAN, contestants.PIPE):
        work.mkdir(exist_ok=True)
        env = contestant.env(programs, s3, server.url(dataset.name), server.url(control), work)
        measure.run(contestant.command(), env, work, log)


def make_target(server):
    """An empty database; and nothing that the one before has left to write."""
    drop_target(server)
    server.sql("postgres", f"CREATE DATABASE {TARGET} TEMPLATE template0")
    server.sql("postgres", "CHECKPOINT")


def drop_target(server):
    server.sql("postgres", f"DROP DATABASE IF EXISTS {TARGET}")


def check(server, dataset, contestant):
    """Raises BenchError unless every row of what was to be restored is there, and every index."""
    lines = server.sql(TARGET, _COUNTS).split()
    found = dict((name, int(rows)) for name, rows in (line.split("|") for line in lines))
    wanted = {dataset.table(n): rows for n, rows in enumerate(dataset.rows) if contestant.table in ("", dataset.table(n))}
    if found != wanted:
        wrong = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        raise BenchError(f"{contestant.name} ended with 0, but what it restored isn't what was saved: {wrong[:10]}")
    indexes = int(server.sql(TARGET, "SELECT count(*) FROM pg_index WHERE indrelid >= 16384"
                                     " AND indrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')"))
    expected = len(wanted) * (1 + dataset.indexed) if contestant.indexes else 0
    if indexes != expected:
        raise BenchError(f"{contestant.name} ended with 0, but {indexes} indexes came back of {expected}.")
