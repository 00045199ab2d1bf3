"""Runs one contestant, and measures it with all its child processes. The servers aren't among them."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from .programs import BenchError

PAGE = os.sysconf("SC_PAGE_SIZE")
INTERVAL = 0.05
PSS_INTERVAL = 0.5  # asking for it stops the process's memory management for some milliseconds
LOOK_SHARE = 20  # looking may take one part in so many of the time: what is large is looked at less often


@dataclass(frozen=True)
class Measured:
    """Seconds, and bytes at their peak."""

    wall: float
    cpu: float
    rss: int
    pss: int
    java: int  # of the Java process alone, as the kernel keeps it; 0 without one
    work: int
    stored: int = 0  # in the bucket; of a restore: fetched from it, 0 where that isn't counted
    output: str = ""

    def times(self, factor):
        """What a run over a part of the tables would come to for all of them."""
        return Measured(self.wall * factor, self.cpu * factor, self.rss, self.pss, self.java,
                        round(self.work * factor), round(self.stored * factor), self.output)


def run(command, env, work, log):
    """
    Runs it to its end in the folder `work`. CPU seconds are the kernel's, of the process and all children that it waited for.
    Raises BenchError unless it ends with 0.
    """
    with open(log, "wb") as errors:
        begin = time.monotonic()
        process = subprocess.Popen(["setpriv", "--pdeathsig=TERM", "--", *map(str, command)], env=env, cwd=work,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                   start_new_session=True)
        sampler = Sampler(process.pid, work)
        output = []
        reader = threading.Thread(target=lambda: output.append(process.stdout.read()), daemon=True)
        try:
            reader.start()
            sampler.start()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            sampler.stop()
            _end(process)
        reader.join()
        process.stdout.close()
    if process.returncode != 0:
        reason = Path(log).read_text(errors="replace").strip()[-2000:]
        raise BenchError(f"Ended with {process.returncode}: {' '.join(map(str, command))[:200]}\n{reason}\n"
                         f"Nothing of this case can be compared. The whole output: {log}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, sampler.rss, sampler.pss, sampler.java, sampler.work,
                    output=output[0].decode(errors="replace"))


def _end(process):
    """Nothing of a contestant outlives its run."""
    try:
        os.killpg(process.pid, signal.SIGTERM if process.returncode is None else signal.SIGKILL)
    except ProcessLookupError:
        pass
    if process.returncode is None:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Sampler(threading.Thread):
    """Looks at a process tree and a folder from time to time, and keeps the highest sums seen."""

    def __init__(self, root, folder):
        super().__init__(daemon=True)
        self._root, self._folder = root, folder
        self._ended = threading.Event()
        self.rss = self.pss = self.java = self.work = 0

    def run(self):
        next_pss = next_folder = 0.0
        while not self._ended.is_set():
            begin = time.monotonic()
            tree = process_tree(self._root)
            self.rss = max(self.rss, sum(map(_rss, tree)))
            self.java = max([self.java, *(_peak(pid) for pid in tree if _name(pid) == "java")])
            if begin >= next_pss:
                self.pss = max(self.pss, sum(map(_pss, tree)))
                next_pss = begin + PSS_INTERVAL
            if begin >= next_folder:
                before = time.monotonic()
                self.work = max(self.work, folder_bytes(self._folder))
                next_folder = begin + (time.monotonic() - before) * LOOK_SHARE
            self._ended.wait(max(INTERVAL, (time.monotonic() - begin) * LOOK_SHARE))

    def stop(self):
        self._ended.set()
        self.join()


def process_tree(root):
    """Ids of a process and all its descendants."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = _read(entry, "stat")
            if stat:
                parent = int(stat.rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry))
    tree, seen = [root], 0
    while seen < len(tree):
        tree.extend(children.get(tree[seen], ()))
        seen += 1
    return tree


def folder_bytes(folder):
    """Disk space of all files below; what disappears meanwhile counts as nothing."""
    total, folders = 0, [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except FileNotFoundError:
            pass
    return total


def _read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}") as file:
            return file.read()
    except OSError:
        return ""


def _rss(pid):
    fields = _read(pid, "statm").split()
    return int(fields[1]) * PAGE if fields else 0


def _pss(pid):
    return _kilobytes(_read(pid, "smaps_rollup"), "Pss:")


def _peak(pid):
    return _kilobytes(_read(pid, "status"), "VmHWM:")


def _name(pid):
    return _read(pid, "comm").strip()


def _kilobytes(text, field):
    for line in text.splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    return 0
