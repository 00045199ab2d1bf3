"""The programs that the bench needs: found, installed with apt where that may be done, else asked for."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER_MAJOR = 15


class BenchError(Exception):
    """What stops the bench: its message says what to do."""


@dataclass(frozen=True)
class Programs:
    pg_bin: Path
    aws: str
    java_home: Path

    def path(self):
        """PATH for the contestants: PostgreSQL's own programs before Debian's wrapper of the same name, which is slower."""
        return os.pathsep.join([str(self.pg_bin), os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")])


def find():
    """Finds all of them, and installs what is missing."""
    missing = _missing()
    if missing:
        _install(missing)
        missing = _missing()
    if missing:
        raise BenchError(f"Still missing: {', '.join(missing)}.")
    return Programs(_pg_bin(), shutil.which("aws"), _java_home())


def build_bactrian():
    """No run is measured with a build in it, or with the making of what the first ones keep of classes."""
    done = subprocess.run([ROOT / "bactrian", "--version"], stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise BenchError("./bactrian --version failed; its reason is above.")
    if not list(ROOT.glob("target/classes-*restore*")):
        subprocess.run([ROOT / "bactrian", "demo", "--rehearse"], stdout=subprocess.DEVNULL)


def _missing():
    found = {
        f"postgresql-{SERVER_MAJOR}": _pg_bin(),
        "awscli": shutil.which("aws"),
        "zip": shutil.which("zip"),
        "default-jdk-headless": _java_home(),
        "util-linux": shutil.which("setpriv"),
        "libisal2": next(Path("/usr/lib").glob("*/libisal.so.2"), None),
    }
    return [package for package, program in found.items() if not program]


def _pg_bin():
    folder = Path(f"/usr/lib/postgresql/{SERVER_MAJOR}/bin")
    return folder if all((folder / name).exists() for name in ("postgres", "initdb", "pg_dump", "psql")) else None


def _java_home():
    for home in (os.environ.get("JAVA_HOME"), shutil.which("javac")):
        if home:
            folder = Path(home).resolve()
            folder = folder.parents[1] if folder.is_file() else folder
            if (folder / "bin/javac").exists():
                return folder
    return None


def _install(packages):
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    by_hand = f"The bench needs {', '.join(packages)}. Run: sudo {' '.join(command)}"
    if not shutil.which("apt-get") or (root and subprocess.run([*root, "true"], capture_output=True).returncode != 0):
        raise BenchError(by_hand)
    print(f"Installing {', '.join(packages)} with apt…", file=sys.stderr)
    # RUNLEVEL=1: the package shall not start a server of its own.
    quiet = ["env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive"]
    subprocess.run([*root, "apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
    if subprocess.run([*root, *quiet, *command], stdout=subprocess.DEVNULL).returncode != 0:
        raise BenchError(by_hand)
