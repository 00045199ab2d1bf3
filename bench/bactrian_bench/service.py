"""Measures a backup that a running service is asked for, as by a schedule: its second one, so that its code is compiled."""

import json
import os
import signal
import subprocess
import time
import urllib.request

from . import measure
from .programs import ROOT, BenchError
from .servers import free_port

KEY = "key-of-the-bench-for-this-machine-alone"
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST = 3_600
BACKUPS = 2  # the first one isn't measured
LOOK_EVERY = 0.05


def run(env, work, log):
    """As measure.run, from the request to the status `success`."""
    port = free_port()
    env = env | {"BACKUP_API_KEY": KEY, "HTTP_PORT": str(port), "MANAGEMENT_PORT": str(free_port())}
    with open(log, "wb") as output:
        process = subprocess.Popen(["setpriv", "--pdeathsig=TERM", "--", str(ROOT / "bactrian"), "serve"], env=env, cwd=work,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        try:
            wait_until_up(process, port, log)
            _back_up(port, log)
            sampler = measure.Sampler(process.pid, work)
            sampler.start()
            cpu, begin = _cpu(process.pid), time.monotonic()
            try:
                _back_up(port, log)
                wall = time.monotonic() - begin
            finally:
                sampler.stop()
            cpu = _cpu(process.pid) - cpu
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
        time.sleep(LOOK_EVERY)
        backup = _call(port, "GET", f"/api/backups/{backup['id']}")
    if backup["status"] != "success":
        raise BenchError(f"A backup of the service ended as {backup['status']}: {backup['error_text']}")


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
