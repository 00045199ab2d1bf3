"""The command line, and the order in which things are run."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from . import (cases, chaos, contestants, data, digest, looks, machine, measure, picture, programs, regress, report, restores, results,
               servers, service, size, soak, storage, unchanged, users)

CONTROL = "bench_control"
QUICK_SCALE = 0.01


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures ./bactrian backup and restore against pg_dump, pg_restore and a shell script, on a\n"
                    "PostgreSQL server and an S3 server that it starts itself. Each contestant has its turn in each round; medians are reported.",
        epilog="Cases:\n" + "\n".join(f"  {c.name:12} {c.what}" for c in cases.all_cases(1, False).values())
               + "\n\nExamples:\n  bench/run wide\n  bench/run --quick\n"
                 "  bench/run wide --only bactrian --variant java17:BACTRIAN_JAVA=/usr/lib/jvm/java-17-openjdk-amd64\n"
                 "  bench/run --out docs/benchmarks    also writes the results there, and docs/benchmarks.md and .svg anew\n"
                 "  bench/run size --bytes 200GB --largest 20TB    another thing: an archive of any size, to a server that keeps nothing; size --help\n"
                 "  bench/run soak --minutes 5     another thing: backups by the clock, for so long; soak --help\n"
               "  bench/run users                 another thing: a million users of a Supabase project; users --help\n"
               "  bench/run storage               another thing: its files, 100,000 and one of 5 GB; storage --help\n"
               "  bench/run chaos --faults N --seed S    another thing: random faults, and what must be true after each; chaos --help\n"
               "  bench/run unchanged             another thing: random histories of tables, and what is proved of them; unchanged --help\n"
               "  bench/run regress --sources DIR    another thing: PostgreSQL's regression database; regress --help\n\n"
                 "All cases at full scale need some 40 GB of disk and about an hour, most of it once, for the data.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="which cases; all where none is given")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="rounds (default: 3)")
    parser.add_argument("--scale", type=float, default=1.0, metavar="F",
                        help="times so many rows, or tables in the case many (default: 1)")
    parser.add_argument("--only", action="append", default=[], metavar="CONTESTANT",
                        help="only this one: bactrian, fc, fc-s3, fd, fd-s3, loop, pg-restore; may be repeated")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME:SETTING=VALUE",
                        help="one more Bactrian, with this in its environment; a running service if its name "
                             "begins with service; may be repeated")
    parser.add_argument("--quick", action="store_true", help=f"one round at scale {QUICK_SCALE}: does it all still work?")
    parser.add_argument("--out", type=Path, metavar="FOLDER",
                        help="also write the results there, and FOLDER.md's overview and FOLDER.svg anew")
    parser.add_argument("--data", type=Path, default=programs.ROOT / "bench/.data", metavar="FOLDER",
                        help="where servers, databases and archives are (default: bench/.data)")
    parser.add_argument("--clean", action="store_true", help="remove that folder, and end")
    args = parser.parse_args(argv)
    if args.quick:
        args.runs, args.scale = 1, QUICK_SCALE
    if args.runs < 1 or args.scale <= 0:
        parser.error("--runs and --scale must be positive.")
    args.data = args.data.resolve()
    known = cases.all_cases(args.scale, args.quick)
    unknown = [name for name in args.cases if name not in known]
    if unknown:
        parser.error(f"There is no case {', '.join(unknown)}. Cases: {', '.join(known)}.")
    try:
        args.variants = contestants.variants(args.variant)
    except ValueError as error:
        parser.error(str(error))
    args.chosen = [known[name] for name in args.cases or known]
    return args


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    other = {"chaos": chaos.main, "regress": regress.main, "size": size.main, "soak": soak.main, "storage": storage.main,
             "unchanged": unchanged.main, "users": users.main}.get(argv[0] if argv else "")
    args = None if other else arguments(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if other:
            other(argv[1:])
        elif args.clean:
            shutil.rmtree(args.data, ignore_errors=True)
        else:
            Bench(args).run()
        return 0
    except programs.BenchError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was measured is thrown away; the databases that are complete stay.", file=sys.stderr)
        return 130


def say(text):
    print(text, file=sys.stderr, flush=True)


class Bench:
    """One call: servers up, every chosen case, servers down."""

    def __init__(self, args):
        self._args = args
        self._programs = programs.find()
        self._folder = args.data
        self._sizes = {}

    def run(self):
        programs.build_bactrian()
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            self._server = stack.enter_context(servers.Postgres(self._programs, self._folder))
            self._s3 = stack.enter_context(servers.S3(self._programs, self._folder))
            # Anew: another commit's Bactrian may have had other tables.
            self._server.sql("postgres", f"DROP DATABASE IF EXISTS {CONTROL}")
            self._server.sql("postgres", f"CREATE DATABASE {CONTROL}")
            data.drop_outdated(self._server)
            self._machine = machine.text(self._programs) + "\n" + self._start_up()
            print(self._machine, flush=True)
            for case in self._args.chosen:
                self._run_case(case)

    def _start_up(self):
        env = contestants.BACTRIAN.env(self._programs, self._s3, "", "", self._folder)
        seconds = machine.start_up(env, self._args.runs)
        return f"- `./bactrian --version`, which every run of Bactrian contains: {seconds:.2f} s\n"

    def _run_case(self, case):
        for dataset in case.datasets():
            data.make(self._server, dataset, say)
            if dataset.name not in self._sizes:
                self._sizes[dataset.name] = self._read_once(dataset)
        entries = [self._chosen(entry) for entry in case.entries]
        measured = {}
        for entry in entries:
            if entry.restores:
                say(f"Saving {entry.dataset.name}, by Bactrian and by pg_dump…")
                restores.save(self._programs, self._s3, self._server, entry.dataset, CONTROL, self._folder / "work",
                              self._folder / "save.log")
        for number in range(self._args.runs):
            for index, entry in enumerate(entries):
                # Each round begins with another one: who comes after whom is no advantage.
                turn = number % max(1, len(entry.contestants))
                for contestant in entry.contestants[turn:] + entry.contestants[:turn]:
                    run = self._measure(entry, contestant)
                    say(f"{case.name} {entry.dataset.name} round {number + 1} {contestant.name}: {run.wall:.2f} s")
                    measured.setdefault((index, contestant.name), []).append(run)
        text = report.case_text(case, entries, measured, self._sizes)
        if case.name == "digest" and (0, "bactrian") in measured:
            text += digest.text(self._programs, self._folder, self._server, case.entries[0].dataset,
                                report.middle(measured[0, "bactrian"]).cpu)
        if case.name == "looks":
            text += looks.text(self._programs, self._folder, self._server,
                               [(entry.dataset, report.middle(measured[index, "bactrian"]).wall)
                                for index, entry in enumerate(entries) if (index, "bactrian") in measured])
        print(text, flush=True)
        if self._args.out and measured:
            results.save(self._args.out, case, entries, measured, self._sizes, self._machine, text)
            report.put(self._args.out.with_suffix(".md"), "overview", results.overview(self._args.out))
            self._args.out.with_suffix(".svg").write_text(picture.draw(results.load(self._args.out)))

    def _chosen(self, entry):
        wanted = self._args.only
        chosen = [c for c in entry.contestants if not wanted or c.name in wanted]
        variants = self._args.variants
        if entry.restores:
            variants = [contestants.as_restore(v, entry.contestants[0]) for v in variants if not v.service]
        return replace(entry, contestants=(*chosen, *variants))

    def _measure(self, entry, contestant):
        return self._measure_restore(entry, contestant) if entry.restores else self._measure_backup(entry, contestant)

    def _measure_restore(self, entry, contestant):
        work = self._new_work()
        restores.make_target(self._server)
        with ExitStack() as stack:
            s3, proxy = self._s3, None
            if entry.counted:
                proxy = stack.enter_context(servers.delay_proxy(self._programs, self._folder, s3.port, 0))
                s3 = s3.through(proxy)
            env = contestant.env(self._programs, s3, self._server.url(restores.TARGET), self._server.url(CONTROL), work)
            measured = measure.run(contestant.command(), env, work, self._folder / f"{contestant.name}.log")
            fetched = proxy.ask() if proxy else 0
        restores.check(self._server, entry.dataset, contestant)
        restores.drop_target(self._server)
        shutil.rmtree(work)
        return replace(measured, stored=fetched)

    def _new_work(self):
        work = self._folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        os.sync()  # what the one before has written must not be written at this one's expense
        return work

    def _measure_backup(self, entry, contestant):
        work = self._new_work()
        with ExitStack() as stack:
            port = self._server.port
            if entry.delay:
                port = stack.enter_context(
                    servers.delay_proxy(self._programs, self._folder, port, entry.delay)).port
            env = contestant.env(self._programs, self._s3, self._server.url(entry.dataset.name, port),
                                 self._server.url(CONTROL, port), work)
            log = self._folder / f"{contestant.name}.log"
            if contestant.service:
                measured = service.run(env, work, log, contestant.one_of)
            else:
                measured = measure.run(contestant.command(), env, work, log)
        stored = self._s3.stored() // (service.BACKUPS if contestant.service else 1)
        measured = replace(measured, stored=stored or measure.folder_bytes(work))
        if not measured.stored:
            raise programs.BenchError(f"{contestant.name} ended with 0 and stored nothing.")
        self._s3.empty()
        shutil.rmtree(work)
        part = contestant.tables or entry.dataset.tables
        return measured.times(max(1, entry.dataset.tables / part))

    def _read_once(self, dataset):
        """Everybody finds the data in memory; and its size is known then."""
        count = subprocess.run(
            f'"{self._programs.pg_bin}/pg_dump" "{self._server.url(dataset.name)}" | wc -c',
            shell=True, capture_output=True, text=True, check=True)
        return int(count.stdout)
