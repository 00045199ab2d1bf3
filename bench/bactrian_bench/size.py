"""The size: an archive of generated entries through the real zip writer and uploader, with 256 MB of heap, to a server that keeps nothing."""

import os
import re
import shutil

from . import alone, machine, measure, programs, report, servers

MB = 1_000_000
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
HEAP = "-Xmx256m"
MOST = 10_000


def arguments(argv):
    parser = alone.parser("size", __doc__)
    parser.add_argument("--bytes", type=size, default="20GB", metavar="SIZE", help="of the archive (default: 20GB)")
    parser.add_argument("--largest", type=size, default="20TB", metavar="SIZE",
                        help="that is expected at most, from which the size of the parts follows (default: 20TB)")
    parser.add_argument("--zip64", action="store_true", help="also write and read entries of more than 4 GiB; takes 15 GB of disk")
    return parser.parse_args(argv)


def size(text):
    amount = re.fullmatch(r"(\d+)\s*([KMGT]?B?)", text.strip(), re.IGNORECASE)
    if not amount or amount.group(2).upper() not in UNITS:
        raise ValueError(text)
    return int(amount.group(1)) * UNITS[amount.group(2).upper()]


def main(argv):
    args = arguments(argv)
    found, folder = alone.prepare(args)
    work = folder / "size-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    java = [found.java_home / "bin/java", HEAP, "-cp", servers.java_class_path(found, folder), "dev.bactrian.store.UploadSize"]
    try:
        with servers.JavaServer(found, folder, "CountingServer", heap="-Xmx512m") as s3:
            measured = measure.run([*java, f"http://127.0.0.1:{s3.port}", args.bytes, args.largest, work], dict(os.environ), work,
                                   folder / "size.log")
            part = s3.ask()
        told = {name: int(value) for name, value in (line.split() for line in measured.output.splitlines() if len(line.split()) == 2)}
        text = table(args, measured, told, part) + f"\n{machine.text(found)}"
        if args.zip64:
            measure.run([*java, "zip64", work], dict(os.environ), work, folder / "size.log")
            text += "\nEntries of 4.5 GB, written straight, after waiting in a file, and compressed: read again, each as it was.\n"
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(text, flush=True)
    problems = wrong(args, told, part)
    if problems:
        raise programs.BenchError("\n".join(problems))
    if args.out:
        report.put(args.out, "size", text)


def table(args, measured, told, part):
    return "\n".join([
        "| archive, GB | expected at most, GB | parts | largest part, MB | peak heap, MB | peak RSS, MB | peak work folder, MB | seconds | CPU s |",
        "|---|---|---|---|---|---|---|---|---|",
        f"| {told['sent'] / 1e9:,.1f} | {args.largest / 1e9:,.0f} | {told['parts']:,} | {part / MB:,.1f} | {told['heap'] / MB:.0f} "
        f"| {measured.rss / MB:.0f} | {measured.work / MB:,.0f} | {measured.wall:.0f} | {measured.cpu:.0f} |", ""])


def wrong(args, told, part):
    """What isn't as it must be."""
    problems = []
    if told["sent"] < args.bytes:
        problems.append(f"Only {told['sent']} bytes of {args.bytes} were sent.")
    if told["parts"] > MOST:
        problems.append(f"There were {told['parts']} parts.")
    if part > max(8 << 20, told["sent"] // 100):
        problems.append(f"The largest part had {part} bytes, more than a hundredth of {told['sent']}.")
    return problems
