"""Turns what was measured into Markdown tables: medians, ratios, and how they stand to the targets."""

import re
from pathlib import Path
from statistics import median

from .cases import MB
from .measure import Measured


def middle(runs):
    """The median of each figure by itself."""
    return Measured(*(median(getattr(run, name) for run in runs)
                      for name in ("wall", "cpu", "rss", "pss", "java", "work", "stored")))


def case_text(case, entries, results, sizes):
    """`entries` as they were run; `results` has the runs by index of the entry and contestant's name."""
    medians = {key: middle(runs) for key, runs in results.items()}
    lines = [f"### {case.name}: {case.what}", ""]
    for index, entry in enumerate(entries):
        dataset = entry.dataset
        lines += [f"{dataset.tables:,} tables, {sum(dataset.rows):,} rows, {sizes[dataset.name] / MB:,.1f} MB as "
                  f"`pg_dump` prints them:", "",
                  "| | wall s | Bactrian ÷ this | CPU s | peak RSS MB | peak PSS MB | Java alone MB | work folder MB "
                  f"| {'fetched' if entry.restores else 'stored'} MB |",
                  "|---|---|---|---|---|---|---|---|---|"]
        own = medians.get((index, "bactrian"))
        for contestant in entry.contestants:
            figures = medians.get((index, contestant.name))
            if figures:
                lines.append(_row(contestant, figures, own, dataset))
        lines.append("")
    return "\n".join(lines + _targets(case, medians))


def _row(contestant, figures, own, dataset):
    part = 0 < contestant.tables < dataset.tables
    note = f", no upload, calculated from {contestant.tables} tables" if part else ""
    ratio = f"{own.wall / figures.wall:.2f}" if own else "-"
    return (f"| {contestant.what}{note} | {figures.wall:.2f} | {ratio} | {figures.cpu:.2f} | {_mb(figures.rss)} "
            f"| {_mb(figures.pss)} | {_mb(figures.java) if figures.java else '-'} | {_mb(figures.work)} "
            f"| {'-' if part or not figures.stored else _mb(figures.stored)} |")


def _mb(count):
    return f"{count / MB:,.1f}"


BACTRIANS = ("bactrian", "service")


def _targets(case, medians):
    rows = [f"| {what} | {name} | {value} | {verdict} |" for what, name, value, verdict in target_rows(case, medians)]
    return ["| target | of | measured | wanted |", "|---|---|---|---|", *rows, ""] if rows else []


def target_rows(case, medians):
    """What, of whom, measured, verdict: of each target, and each variant of the Bactrian that it is about."""
    rows = []
    for target in case.targets:
        kind = next((name for _, name in (target.of, target.to or target.of) if name in BACTRIANS), target.of[1])
        for name in dict.fromkeys(name for _, name in medians if kind in (name, name.partition("-")[0])):
            value = _value(target, medians, kind, name)
            if value is not None:
                rows.append((target.what, name, f"{value:.2f}", _limits(target, value)))
    return rows


def _value(target, medians, kind, name):
    def figure(key):
        run = medians.get((key[0], name if key[1] == kind else key[1]))
        return run and getattr(run, target.figure)

    of, to = figure(target.of), target.to and figure(target.to)
    if of is None or to is None:
        return None
    return of / to if target.to else of / target.unit


def _limits(target, value):
    def verdict(limit):
        return "met" if (value >= limit if target.at_least else value <= limit) else "missed"

    return f"{'≥' if target.at_least else '≤'} {target.limit:g}: {verdict(target.limit)}"


def put(file, section, text):
    """Writes a section of a Markdown file, in the place where it was before or at the end."""
    begin, end = f"<!-- bench {section} -->", f"<!-- end of bench {section} -->"
    block = f"{begin}\n{text.strip()}\n{end}"
    old = Path(file).read_text() if Path(file).exists() else ""
    place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    new = place.sub(lambda _: block, old) if place.search(old) else f"{old.rstrip()}\n\n{block}\n".lstrip()
    Path(file).write_text(new)
