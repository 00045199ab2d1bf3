"""The soak: services with one history back up by a cron of every minute. None may be lost, doubled or anything but a success."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from statistics import median

from . import alone, contestants, machine, programs, report, servers, service

SOURCE, CONTROL = "soak", "soak_control"
CRON = "0 * * * * ?"
# Of a network between service and database: so that a backup takes its seconds whatever the machine.
ONE_WAY_MILLIS = 6
TABLES = 20
# A backup of the last minute may take so long.
LAST = 40


def arguments(argv):
    parser = alone.parser("soak", __doc__)
    parser.add_argument("--minutes", type=int, default=5, metavar="N", help="how many times the cron fires (default: 5)")
    parser.add_argument("--nodes", type=int, default=2, metavar="N", help="how many services run (default: 2)")
    args = parser.parse_args(argv)
    if args.minutes < 1 or args.nodes < 1:
        parser.error("--minutes and --nodes must be positive.")
    return args


def main(argv):
    args = arguments(argv)
    found, folder = alone.prepare(args)
    with ExitStack() as stack:
        server = stack.enter_context(servers.Postgres(found, folder))
        s3 = stack.enter_context(servers.S3(found, folder))
        _make_databases(server)
        far = stack.enter_context(servers.delay_proxy(found, folder, server.port, ONE_WAY_MILLIS))
        for number in range(args.nodes):
            stack.enter_context(_serve(found, s3, server, far.port, folder, number))
        due = _next_minutes(datetime.now(timezone.utc), args.minutes)
        end = due[-1] + timedelta(seconds=LAST)
        while datetime.now(timezone.utc) < end:
            time.sleep(1)
        rows = _rows(server)
    archives = sum(1 for _ in s3.bucket.rglob("*.zip"))
    text = table(due, rows, args.nodes) + f"\n{machine.text(found)}"
    print(text, flush=True)
    problems = wrong(due, rows, archives)
    if problems:
        raise programs.BenchError("\n".join(problems))
    if args.out:
        report.put(args.out, "soak", text)


def wrong(due, rows, archives):
    """What isn't as it must be; rows are (dispatch id, status, seconds, node)."""
    problems = []
    wanted = [dispatch_id(time) for time in due]
    within = [row for row in rows if wanted[0] <= row[0] <= wanted[-1]]
    asked = [row[0] for row in within]
    problems += [f"Lost: {name}" for name in wanted if name not in asked]
    problems += [f"Doubled: {name}" for name in sorted(set(asked)) if asked.count(name) > 1]
    problems += [f"Of no time of the schedule: {name}" for name in sorted(set(asked) - set(wanted))]
    problems += [f"{row[0]} ended as {row[1]}" for row in rows if row[1] != "success"]
    if archives != len(rows):
        problems.append(f"{archives} archives lie in the bucket, for {len(rows)} backups")
    return problems


def table(due, rows, nodes):
    """What was due, and what became of it."""
    by_id = {row[0]: row for row in rows}
    of_nodes = {node: f"node {number}" for number, node in enumerate(sorted({row[3] for row in rows}), 1)}
    lines = [f"### soak: a backup every minute, by {nodes} services with one history", "",
             "| due (UTC) | status | seconds | made by |", "|---|---|---|---|"]
    for moment in due:
        row = by_id.get(dispatch_id(moment))
        lines.append(f"| {moment:%Y-%m-%d %H:%M:%S} | " +
                     (f"{row[1]} | {row[2]:.1f} | {of_nodes[row[3]]} |" if row else "lost | - | - |"))
    seconds = [by_id[name][2] for name in map(dispatch_id, due) if name in by_id]
    if seconds:
        lines += ["", f"{len(seconds)} of {len(due)}, median {median(seconds):.1f} s, longest {max(seconds):.1f} s."]
    return "\n".join(lines) + "\n"


def dispatch_id(moment):
    return f"schedule-default-{moment:%Y-%m-%dT%H-%M-%SZ}"


def _next_minutes(now, count):
    first = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return [first + timedelta(minutes=number) for number in range(count)]


def _make_databases(server):
    for name in (SOURCE, CONTROL):
        server.sql("postgres", f"DROP DATABASE IF EXISTS {name}")
        server.sql("postgres", f"CREATE DATABASE {name}")
    server.sql(SOURCE, "".join(f"CREATE TABLE t{n} AS SELECT i, md5(i::text) FROM generate_series(1, 20000) i;\n"
                               for n in range(TABLES)))


@contextmanager
def _serve(found, s3, server, port, folder, number):
    work = folder / f"soak-work-{number}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    http = servers.free_port()
    env = contestants.BACTRIAN.env(found, s3, server.url(SOURCE, port), server.url(CONTROL), work)
    env |= {"BACKUP_API_KEY": service.KEY, "HTTP_PORT": str(http), "MANAGEMENT_PORT": str(servers.free_port()),
            "BACKUP_CRON": CRON}
    log = folder / f"soak-{number}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(["setpriv", "--pdeathsig=TERM", "--", str(programs.ROOT / "bactrian"), "serve"], env=env,
                                   cwd=work, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    try:
        service.wait_until_up(process, http, log)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        shutil.rmtree(work, ignore_errors=True)


def _rows(server):
    lines = server.sql(CONTROL, "SELECT dispatch_id, status, coalesce(extract(epoch FROM finished_at - started_at), 0), node "
                                "FROM backup_history WHERE trigger = 'schedule' ORDER BY dispatch_id").splitlines()
    return [(name, status, float(seconds), node) for name, status, seconds, node in (line.split("|") for line in lines)]
