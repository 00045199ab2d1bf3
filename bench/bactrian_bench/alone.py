"""What cases with a command line of their own have in common."""

import argparse
from pathlib import Path

from . import programs


def parser(name, doc):
    """Of `bench/run NAME`, with the options that all of them have."""
    options = argparse.ArgumentParser(prog=f"bench/run {name}", description=doc)
    options.add_argument("--out", type=Path, metavar="FILE", help="also write the result into this Markdown file")
    options.add_argument("--data", type=Path, default=programs.ROOT / "bench/.data", metavar="FOLDER",
                         help="where servers and archives are (default: bench/.data)")
    return options


def prepare(args):
    """The programs of this machine, and the folder for all data; Bactrian is built."""
    found = programs.find()
    programs.build_bactrian()
    folder = args.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return found, folder
