"""Measures a backup that a running service is asked for, as by a schedule: not its first one, so that its code is compiled."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from datetime import datetime
from pathlib import Path

from . import measure
from .programs import ROOT, BenchError
from .servers import free_port

KEY = "key-of-the-bench-for-this-machine-alone"
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST = 3_600
BACKUPS = 4  # the last one is measured: by then its code is compiled
LOOK_EVERY = 0.05
# Each question costs the service some milliseconds of CPU: few, and the times are those of its history.
ASK_EVERY = 0.5


# A row of one table in so many, as an application would change it.
CHANGE = """
DO $$DECLARE t record; BEGIN
  FOR t IN SELECT c.oid::regclass AS name, quote_ident(a.attname) AS col
             FROM (SELECT oid, row_number() OVER (ORDER BY relname) AS n FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) c
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1 WHERE c.n %% %d = 0 LOOP
    EXECUTE format('UPDATE %%1$s SET %%2$s = %%2$s WHERE ctid = (SELECT ctid FROM %%1$s LIMIT 1)', t.name, t.col);
  END LOOP; END$$"""


def run(env, work, log, one_of=0):
    """
    As measure.run, from the request to the status `success`.

    one_of: of so many tables one is changed before the backup that is measured; 0 for none
    """
    port = free_port()
    env = env | {"BACKUP_API_KEY": KEY, "HTTP_PORT": str(port), "MANAGEMENT_PORT": str(free_port())}
    with open(log, "wb") as output:
        process = subprocess.Popen(["setpriv", "--pdeathsig=TERM", "--", str(ROOT / "bactrian"), "serve"], env=env, cwd=work,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        try:
            wait_until_up(process, port, log)
            for _ in range(BACKUPS - 1):
                _wait_until_quiet(_back_up(port, log), log)
            if one_of:
                subprocess.run([f"{env['PG_BIN']}/psql", "-XqAt", "-d", env["DATABASE_URL"], "-v", "ON_ERROR_STOP=1", "-c", CHANGE % one_of],
                               check=True, capture_output=True, text=True)
            sampler = measure.Sampler(process.pid, work)
            sampler.start()
            cpu = _cpu(process.pid)
            try:
                backup = _back_up(port, log)
            finally:
                sampler.stop()
            cpu = _cpu(process.pid) - cpu
            wall = _seconds(backup["finished_at"]) - _seconds(backup["created_at"])
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
    return measure.Measured(wall, cpu, sampler.rss, sampler.pss, sampler.java, sampler.work)


def wait_until_up(process, port, log):
    end = time.monotonic() + 60
    while True:
        try:
            return _call(port, "GET", "/api/backups")
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise BenchError(f"The service didn't start; {log} says why.") from None
            time.sleep(LOOK_EVERY)


def _back_up(port, log):
    backup = _call(port, "POST", "/api/backups")
    end = time.monotonic() + LONGEST
    while backup["status"] == "in_progress":
        if time.monotonic() > end:
            raise BenchError(f"A backup of the service didn't end; {log} says more.")
        time.sleep(ASK_EVERY)
        backup = _call(port, "GET", f"/api/backups/{backup['id']}")
    if backup["status"] != "success":
        raise BenchError(f"A backup of the service ended as {backup['status']}: {backup['error_text']}")
    return backup


def _wait_until_quiet(backup, log):
    """What the service does after a success (latest/, retention) isn't the next backup's."""
    end = time.monotonic() + 60
    while f"Backup {backup['id']} is complete" not in Path(log).read_text(errors="replace"):
        if time.monotonic() > end:
            raise BenchError(f"A backup of the service succeeded, and its follow-up didn't end; {log} says more.")
        time.sleep(LOOK_EVERY)


def _seconds(instant):
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp()


def _call(port, method, path):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method,
                                     headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _cpu(pid):
    """Seconds of the process and of the children that it has waited for."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS
