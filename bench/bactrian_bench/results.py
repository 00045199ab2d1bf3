"""What was measured, kept as it was: a file of figures and one of tables for each case, from which overview and picture are made."""

import json
from dataclasses import asdict
from pathlib import Path

from . import cases, report
from .measure import Measured


def save(folder, case, entries, results, sizes, machine, text):
    """`results` has the runs by index of the entry and contestant's name. An earlier result of the case is replaced."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    runs = [{"entry": index, "dataset": entry.dataset.name, "tables": entry.dataset.tables, "rows": sum(entry.dataset.rows),
             "bytes": sizes[entry.dataset.name], "contestant": contestant.name, "what": contestant.what,
             "runs": [{key: value for key, value in asdict(run).items() if key != "output"}
                      for run in results[index, contestant.name]]}
            for index, entry in enumerate(entries) for contestant in entry.contestants if (index, contestant.name) in results]
    (folder / f"{case.name}.json").write_text(
        json.dumps({"case": case.name, "machine": machine.splitlines(), "results": runs}, indent=1) + "\n")
    (folder / f"{case.name}.md").write_text(f"{text.strip()}\n\n{machine.strip()}\n")


def load(folder):
    """Of each case that was saved: the figures' medians by index of the entry and contestant's name, and the machine's lines."""
    found = {}
    for file in sorted(Path(folder).glob("*.json")):
        saved = json.loads(file.read_text())
        medians = {(one["entry"], one["contestant"]): report.middle([Measured(**run) for run in one["runs"]])
                   for one in saved["results"]}
        found[saved["case"]] = (medians, saved["machine"], max(len(one["runs"]) for one in saved["results"]))
    return found


def overview(folder):
    """A table of every goal of every case that was saved, met or missed."""
    known = cases.all_cases(1, False)
    saved = load(folder)
    lines = ["| case | goal | of | measured | wanted | rounds, day, commit |", "|---|---|---|---|---|---|"]
    for name, case in known.items():
        if name in saved:
            medians, machine, rounds = saved[name]
            day = machine[0].removeprefix("- ").replace("commit ", "")
            lines += [f"| [{name}](benchmarks/{name}.md) | {what} | {of} | {value} | {verdict} | {rounds}, {day} |"
                      for what, of, value, verdict in report.target_rows(case, medians)]
    return "\n".join([*lines, ""])
