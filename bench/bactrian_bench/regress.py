"""PostgreSQL's own regression database, from its sources: backup, restore and verify, compared with pg_dump | pg_restore."""

import collections
import hashlib
import os
import re
import shutil
import subprocess
import time
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import alone, contestants, machine, programs, report, servers

SOURCE, OURS, PEER, CONTROL = "regression", "regress_bactrian", "regress_pg_restore", "regress_control"
SHOWN = 15  # names that a list shows

# One line per table, materialized view, view and sequence: what it is, and its rows in whatever order. ONLY, since each
# partition and child has a line of its own; by column names, whose order pg_dump changes in children. Materialized views are as
# fresh as their restore, and some views can't be read, or answer by chance: both columns of the table have these.
CONTENT = r"""
SET search_path = pg_catalog; SET statement_timeout = '20s'; SET extra_float_digits = 3; SET row_security = off;
SELECT format('SELECT %L, count(*) || '' '' || coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0) FROM (SELECT %s FROM %s%I.%I) t',
              c.relkind::text || ' ' || n.nspname || '.' || c.relname,
              CASE WHEN relkind = 'S' THEN 'last_value, is_called' ELSE '*' END,
              CASE WHEN relkind = 'r' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'v', 'S') AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\_temp%'
 ORDER BY 1 \gexec
"""
KINDS = {"r": "tables", "m": "materialized views", "v": "views", "S": "sequences"}


@dataclass(frozen=True)
class Step:
    what: str
    seconds: float
    exit: int
    said: str


def arguments(argv):
    parser = alone.parser("regress", __doc__)
    parser.add_argument("--sources", type=Path, required=True, metavar="DIR",
                        help=f"PostgreSQL {programs.SERVER_MAJOR}'s unpacked sources (postgresql.org/ftp/source); of them, "
                             "src/test/regress is used")
    return parser.parse_args(argv)


def main(argv):
    args = arguments(argv)
    tests = args.sources.resolve() / "src/test/regress"
    found, folder = alone.prepare(args)
    _check_sources(args.sources, tests)
    work = folder / "regress-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    with ExitStack() as stack:
        server = stack.enter_context(servers.Postgres(found, folder))
        s3 = stack.enter_context(servers.S3(found, folder))
        _drop(server)
        passed = _make_source(found, server, tests, work)
        server.sql("postgres", f"CREATE DATABASE {CONTROL}")
        server.sql("postgres", f"CREATE DATABASE {PEER} TEMPLATE template0")
        steps = _bactrian(found, server, s3, work) + _peer(found, server, work)
        files = compare_files(_archive_rows(s3), _dumped_rows(found, server))
        content = {name: _content(found, server, name) for name in (SOURCE, OURS, PEER)}
        definitions = {name: _definitions(found, server, name) for name in (SOURCE, OURS, PEER)}
        _drop(server)
        s3.empty()
    text = table(passed, steps, files, content, definitions) + f"\n{machine.text(found)}"
    print(text, flush=True)
    if args.out:
        report.put(args.out, "regress", text)


def _check_sources(sources, tests):
    if not (tests / "regress.c").exists() or not (tests / "parallel_schedule").exists():
        raise programs.BenchError(f"{sources} has no src/test/regress. Unpack PostgreSQL's source archive, and give its folder.")
    version = re.search(r"PACKAGE_VERSION='?(\d+)", (sources / "configure").read_text(errors="replace"))
    if version and int(version[1]) != programs.SERVER_MAJOR:
        raise programs.BenchError(f"These are the sources of PostgreSQL {version[1]}; the server is {programs.SERVER_MAJOR}: "
                                  "take those of the same major version.")


def _drop(server):
    for name in (SOURCE, OURS, PEER, CONTROL):
        server.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    roles = server.sql("postgres", "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname LIKE 'regress%'").split("\n")
    for role in filter(None, roles):
        server.sql("postgres", f"DROP OWNED BY {role}; DROP ROLE {role}")


def _make_source(found, server, tests, work):
    """Runs the regression tests, which leave their database; says how many passed. Some fail on any server that isn't theirs."""
    libraries = work / "lib"
    libraries.mkdir()
    _build(found, tests, libraries)
    done = subprocess.run(
        [*server._as_user(), _pgxs(found), f"--bindir={found.pg_bin}", f"--dlpath={libraries}", f"--inputdir={tests}",
         f"--outputdir={_owned(work / 'out')}", f"--schedule={tests / 'parallel_schedule'}", "--max-concurrent-tests=20",
         "--host=127.0.0.1", f"--port={server.port}", f"--user={servers.USER}", f"--dbname={SOURCE}"],
        capture_output=True, text=True, errors="replace", cwd=work / "out")
    (work / "pg_regress.log").write_text(done.stdout + done.stderr)
    summary = re.findall(r"(?:All \d+ tests passed|\d+ of \d+ tests (?:passed|failed))[^.\n]*", done.stdout)
    if not summary:
        raise programs.BenchError(f"The regression tests didn't run; {work / 'pg_regress.log'} says why.")
    return summary[-1]


def _build(found, tests, libraries):
    """The C functions of the tests, and the two libraries of contrib/spi that they use, which packages have."""
    include = _pg_config(found, "--includedir-server")
    if not (Path(include) / "postgres.h").exists():
        raise programs.BenchError(f"The headers of the server are missing. Run: sudo apt-get install "
                                  f"postgresql-server-dev-{programs.SERVER_MAJOR}")
    done = subprocess.run(["cc", "-O1", "-shared", "-fPIC", f"-I{include}", "-o", libraries / "regress.so", tests / "regress.c"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise programs.BenchError(f"regress.c didn't compile: {done.stderr.strip()[-500:]}")
    for name in ("refint.so", "autoinc.so"):
        shutil.copy(Path(_pg_config(found, "--pkglibdir")) / name, libraries)


def _pgxs(found):
    return Path(_pg_config(found, "--pgxs")).parents[2] / "src/test/regress/pg_regress"


def _pg_config(found, what):
    return subprocess.run([found.pg_bin / "pg_config", what], capture_output=True, text=True, check=True).stdout.strip()


def _owned(folder):
    """For programs that run as PostgreSQL's user."""
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return folder


def _bactrian(found, server, s3, work):
    env = contestants.BACTRIAN.env(found, s3, server.url(SOURCE), server.url(CONTROL), work)
    env["VERIFY_DATABASE_URL"] = server.url("postgres")
    return [_step(f"`./bactrian {' '.join(command)}`", [programs.ROOT / "bactrian", *command], env, work)
            for command in (("backup",), ("restore", "latest", "--to", "default", "--create-database", OURS),
                            ("verify", "latest"))]


def _peer(found, server, work):
    env = {"PATH": found.path(), "LC_ALL": "C.UTF-8", "SOURCE": server.url(SOURCE), "TARGET": server.url(PEER)}
    script = 'set -o pipefail; pg_dump -Fc "$SOURCE" | pg_restore -d "$TARGET"'
    return [_step("`pg_dump -Fc \\| pg_restore`", ["bash", "-c", script], env, work)]


def _step(what, command, env, work):
    begin = time.monotonic()
    with open(work / "step.log", "w+", errors="replace") as log:
        code = subprocess.run(command, env=env, cwd=work, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode
        log.seek(0)
        said = log.read()
    with open(work / "steps.log", "a") as all_logs:
        all_logs.write(f"--- {what}, exit {code}\n{said}\n")
    return Step(what, time.monotonic() - begin, code, said)


def _archive_rows(s3):
    """Of the archive's files: the rows of each COPY, sorted and hashed."""
    archives = sorted(s3.bucket.rglob("archive/**/*.zip"))
    if not archives:
        return {}
    rows = collections.defaultdict(list)
    with zipfile.ZipFile(archives[-1]) as archive:
        for name in archive.namelist():
            if name.endswith("/data.sql"):
                with archive.open(name) as lines:
                    copied(lines, rows)
    return hashed(rows)


def _dumped_rows(found, server):
    rows = collections.defaultdict(list)
    dump = subprocess.Popen([found.pg_bin / "pg_dump", "--data-only", "--quote-all-identifiers", server.url(SOURCE)],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    copied(dump.stdout, rows)
    dump.wait()
    return hashed(rows)


def copied(lines, rows):
    """Adds the lines of each COPY to the list of its first line."""
    inside = None
    for line in lines:
        if inside is None:
            if line.startswith(b"COPY ") and line.rstrip().endswith(b"FROM stdin;"):
                inside = line.strip()
                rows[inside] += []
        elif line == b"\\.\n":
            inside = None
        else:
            rows[inside].append(line)


def hashed(rows):
    return {copy.decode(errors="replace"): hashlib.sha256(b"".join(sorted(lines))).hexdigest() for copy, lines in rows.items()}


def compare_files(ours, theirs):
    """How many files have pg_dump's rows, and which COPY of pg_dump's has none that is the same."""
    wrong = sorted(copy for copy, rows in theirs.items() if ours.get(copy) != rows)
    return len(theirs) - len(wrong), len(theirs), wrong + sorted(set(ours) - set(theirs))


def _content(found, server, database):
    done = subprocess.run([found.pg_bin / "psql", "-XqAt", "-d", server.url(database)], input=CONTENT, text=True,
                          errors="replace", capture_output=True)
    found_rows = dict(line.split("|", 1) for line in done.stdout.splitlines() if "|" in line)
    if not found_rows:
        raise programs.BenchError(f"Nothing could be read in {database}: {done.stderr.strip()[-500:]}")
    return found_rows


def _definitions(found, server, database):
    done = subprocess.run([found.pg_bin / "pg_dump", "-s", server.url(database)], capture_output=True, text=True,
                          errors="replace")
    lines = (line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\restrict", "\\unrestrict")))
    return collections.Counter(lines)


def table(passed, steps, files, content, definitions):
    """What each step took and how it ended, and what of the source the two restored databases have."""
    same, of, wrong = files
    lines = ["### regress: PostgreSQL's regression database", "", f"pg_regress: {passed}.", "",
             "| | seconds | exit |", "|---|---|---|"]
    lines += [f"| {step.what} | {step.seconds:.1f} | {step.exit} |" for step in steps]
    lines += ["", f"Files of tables with the rows that `pg_dump` prints: {same} of {of}.{_names(wrong)}", "",
              "| equal to the source | `./bactrian restore` | `pg_dump \\| pg_restore` |", "|---|---|---|"]
    for kind, name in KINDS.items():
        source = {key: value for key, value in content[SOURCE].items() if key.startswith(kind + " ")}
        counts = [sum(content[database].get(key) == value for key, value in source.items()) for database in (OURS, PEER)]
        lines.append(f"| {name}, of {len(source)} | {counts[0]} | {counts[1]} |")
    apart = [sum(((definitions[SOURCE] - definitions[database]) + (definitions[database] - definitions[SOURCE])).values())
             for database in (OURS, PEER)]
    lines.append(f"| lines of definitions that differ, of {sum(definitions[SOURCE].values())} | {apart[0]} | {apart[1]} |")
    for database, who in ((OURS, "`./bactrian restore`"), (PEER, "`pg_dump \\| pg_restore`")):
        unequal = sorted(key[2:] for key, value in content[SOURCE].items() if content[database].get(key) != value)
        if unequal:
            lines += ["", f"Not equal after {who}:{_names(unequal)}"]
    return "\n".join(lines) + "\n"


def _names(names):
    more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f" {', '.join(f'`{name}`' for name in names[:SHOWN])}{more}." if names else ""
