"""The databases that are backed up. Each is made once, by the server itself, and always with the same rows."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

# Part of every database's name: a change of the rows below needs a new one, and what is there is then made anew.
VERSION = 2

BYTES_PER_ROW = 168  # as COPY prints them

_COLUMNS = "id bigint, ref uuid, hash text, doc jsonb, at timestamptz"
_ROWS = """
SELECT i, md5('{table}/ref/' || i)::uuid, md5('{table}/hash/' || i),
       jsonb_build_object('n', i * 7919 % 100003, 'state', (ARRAY['new', 'paid', 'sent', 'done'])[1 + i % 4],
                          'by', 'u' || i * 31 % 9973, 'tags', jsonb_build_array('t' || i % 97, 'u' || i % 89)),
       timestamptz '2025-01-01 00:00:00+00' + i * interval '7.003 seconds'
FROM generate_series({first}::bigint, {last}) AS i"""


@dataclass(frozen=True)
class Dataset:
    """A database of tables that are alike but for their numbers of rows."""

    name: str
    rows: tuple  # of each table
    indexed: bool = True  # one index beside the primary key's

    @property
    def tables(self):
        return len(self.rows)

    def table(self, number):
        return f"t{number:04d}"


def wide(times):
    """200 tables of very different sizes, 600 MB at 1: 4 of 500,000 rows, 12 of 100,000, the rest of 2,000."""
    sizes = [500_000] * 4 + [100_000] * 12 + [2_000] * 184
    return Dataset(f"wide_{VERSION}_x{times:g}".replace(".", "_"), tuple(max(1, round(n * times)) for n in sizes))


def many(tables):
    """Many tables of 100 rows."""
    return Dataset(f"many_{VERSION}_{tables}", (100,) * tables)


def one(megabytes):
    """One large table."""
    return Dataset(f"one_{VERSION}_{megabytes}mb", (megabytes * 1_000_000 // BYTES_PER_ROW,), indexed=False)


def exists(server, name):
    return server.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"


def drop_outdated(server):
    """Removes what an older version made, and what wasn't finished."""
    names = server.sql("postgres", "SELECT datname FROM pg_database WHERE datname ~ '^(wide|many|one)_'").split()
    for name in names:
        if name.split("_")[1] != str(VERSION) or name.endswith("_unfinished"):
            server.sql("postgres", f"DROP DATABASE {name}")


def make(server, dataset, say):
    """Makes the database unless it is there. It gets its name last: what has it is whole."""
    if exists(server, dataset.name):
        return
    say(f"Making the database {dataset.name}, once: {dataset.tables:,} tables, {sum(dataset.rows):,} rows…")
    unfinished = f"{dataset.name}_unfinished"
    server.sql("postgres", f"CREATE DATABASE {unfinished} TEMPLATE template0")
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(server.sql, unfinished, script) for script in _scripts(dataset)]:
            done.result()
    server.sql(unfinished, "\n".join(_keys(dataset)))
    server.sql(unfinished, "VACUUM ANALYZE")
    server.sql("postgres", f"ALTER DATABASE {unfinished} RENAME TO {dataset.name}")
    server.sql("postgres", "CHECKPOINT")


def _scripts(dataset):
    """What two sessions can do side by side, in pieces of about the same work."""
    if dataset.tables == 1:
        rows, table = dataset.rows[0], dataset.table(0)
        create = f"CREATE TABLE IF NOT EXISTS {table} ({_COLUMNS});"
        lock = "SELECT pg_advisory_xact_lock(1);"  # two sessions may not create one table at once
        half = rows // 2
        return [f"BEGIN; {lock} {create} COMMIT; {_insert(table, first, last)}"
                for first, last in ((1, half), (half + 1, rows))]
    pieces, piece, weight = [], [], 0
    for number, rows in enumerate(dataset.rows):
        table = dataset.table(number)
        piece.append(f"CREATE TABLE {table} ({_COLUMNS}); {_insert(table, 1, rows)}")
        weight += rows + 500
        if weight > 200_000:
            pieces.append(piece)
            piece, weight = [], 0
    # In one transaction with its CREATE TABLE, a load at wal_level=minimal writes no log.
    return ["BEGIN;\n" + "\n".join(piece) + "\nCOMMIT;" for piece in [*pieces, piece] if piece]


def _insert(table, first, last):
    return f"INSERT INTO {table} {_ROWS.format(table=table, first=first, last=last)};"


def _keys(dataset):
    for number in range(dataset.tables):
        table = dataset.table(number)
        yield f"ALTER TABLE {table} ADD PRIMARY KEY (id);"
        if dataset.indexed:
            yield f"CREATE INDEX ON {table} (ref);"
