"""The servers that the contestants talk to. Each ends with the bench, however that ends."""

import copy
import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

from .programs import ROOT, BenchError

BUCKET = "bench-archives"
ACCESS_KEY = "bench"
SECRET_KEY = "bench-of-this-machine-alone"
USER = "bench"

# Durability costs the building of the data much, and a backup, which only reads, nothing.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "60",
    "max_locks_per_transaction": "1024",  # pg_dump locks every table of a database
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",  # nothing but the contestants shall be busy
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A PostgreSQL server whose data stays in the bench's folder."""

    def __init__(self, programs, folder):
        self._programs = programs
        self._data = folder / "postgresql"
        self._log = folder / "postgresql.log"
        self.port = free_port()
        self._process = None

    def __enter__(self):
        if not (self._data / "PG_VERSION").exists():
            self._create()
        self._stop_leftover()
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user(), self._programs.pg_bin / "postgres", "-D", self._data, f"--port={self.port}", *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self._wait()
        return self

    def __exit__(self, *_):
        self._process.send_signal(2)  # SIGINT is PostgreSQL's fast shutdown
        self._process.wait()

    def url(self, database, port=None):
        return f"postgresql://{USER}@127.0.0.1:{port or self.port}/{database}"

    def sql(self, database, text):
        """Runs SQL and returns what it prints, unaligned."""
        done = subprocess.run(
            [self._programs.pg_bin / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url(database)],
            input=text, text=True, capture_output=True)
        if done.returncode != 0:
            raise BenchError(f"SQL of the bench failed in {database}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _create(self):
        self._data.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self._data, owner.pw_uid, owner.pw_gid)
        done = subprocess.run(
            [*self._as_user(), self._programs.pg_bin / "initdb", "-D", self._data, "-U", USER,
             "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
            capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"initdb failed: {done.stderr.strip()}\nPostgreSQL's folder must be reachable for the user "
                             f"postgres when the bench runs as root; choose another with --data FOLDER.")

    def _as_user(self):
        """PostgreSQL refuses to run as root. The signal makes it end even when the bench is killed."""
        user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return ["setpriv", *user, "--pdeathsig=INT", "--"]

    def _stop_leftover(self):
        if (self._data / "postmaster.pid").exists():
            subprocess.run([*self._as_user(), self._programs.pg_bin / "pg_ctl", "stop", "-D", self._data, "-m", "fast"],
                           capture_output=True)

    def _wait(self):
        end = time.monotonic() + 60
        ready = [self._programs.pg_bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > end:
                raise BenchError(f"PostgreSQL didn't start; {self._log} says why.")
            time.sleep(0.05)


class JavaServer:
    """A small server of bench/java, which prints its port when it is ready, and ends when its input does."""

    def __init__(self, programs, folder, name, *arguments, heap="-Xmx512m"):
        self._command = [programs.java_home / "bin/java", heap, "-cp", java_class_path(programs, folder), name,
                         *map(str, arguments)]
        self._log = folder / f"{name.rpartition('.')[2]}.log"
        self.port = 0

    def __enter__(self):
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                             env={**os.environ, "BENCH_S3_SECRET": SECRET_KEY},
                                             start_new_session=True)
        line = self._process.stdout.readline().strip()
        if not line:
            raise BenchError(f"A server of the bench didn't start; {self._log} says why.")
        self.port = int(line)
        return self

    def ask(self):
        """The number that it answers each byte of its input with."""
        self._process.stdin.write(b"?")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()


def java_class_path(programs, folder):
    """Compiles bench/java beside the data, once per change, and returns the class path to run it with."""
    # The server that keeps nothing is the tests', too.
    sources = [*sorted((ROOT / "bench/java").glob("*.java")), ROOT / "src/test/java/dev/bactrian/testing/stores/CountingS3.java"]
    classes = folder / "classes"
    path = os.pathsep.join([str(classes), *(str(ROOT / "target" / name) for name in ("bactrian.jar", "lib/*", "lib-demo/*"))])
    stamp = classes / ".compiled"
    newest = max(file.stat().st_mtime for file in [*sources, ROOT / "target/bactrian.jar"])
    if not stamp.exists() or stamp.stat().st_mtime < newest:
        shutil.rmtree(classes, ignore_errors=True)
        subprocess.run([programs.java_home / "bin/javac", "--release", "17", "-proc:none", "-cp", path, "-d", classes,
                        *sources], check=True)
        stamp.touch()
    return path


class S3:
    """An S3 server that keeps its one bucket in a folder."""

    def __init__(self, programs, folder):
        self.bucket = folder / "s3" / BUCKET
        self._server = JavaServer(programs, folder, "S3Server", folder / "s3", ACCESS_KEY, heap="-Xmx1g")

    def __enter__(self):
        self.empty()
        self._server.__enter__()
        return self

    def __exit__(self, *_):
        self._server.__exit__()

    @property
    def port(self):
        return self._server.port

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def through(self, proxy):
        """The same server, reached by another way."""
        other = copy.copy(self)
        other._server = proxy
        return other

    def stored(self):
        """Bytes of all objects."""
        return sum(file.stat().st_size for file in self.bucket.rglob("*") if file.is_file())

    def empty(self):
        shutil.rmtree(self.bucket, ignore_errors=True)
        self.bucket.mkdir(parents=True)


def delay_proxy(programs, folder, port, one_way_millis):
    return JavaServer(programs, folder, "DelayProxy", port, one_way_millis)
