"""What the bench says of its runs must be right. Run: python3 -m unittest discover -s bench/tests"""

import os
import re
import select
import sys
import tempfile
import unittest
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bactrian_bench import (cases, contestants, data, measure, picture, regress, report, restores, results, size,  # noqa: E402
                            soak)
from bactrian_bench.programs import BenchError  # noqa: E402

MB = 1_000_000


def measured(wall, rss=1, work=0):
    return measure.Measured(wall, wall, rss, rss, 0, work)


class SoakTest(unittest.TestCase):

    DUE = [datetime(2026, 11, 21, 12, minute, tzinfo=timezone.utc) for minute in (1, 2, 3)]

    def rows(self, *names):
        return [(f"schedule-default-2026-11-21T12-{name}Z", "success", 3.0, "a/1/1") for name in names]

    def test_each_time_once_is_right_and_what_was_due_before_does_not_count(self):
        self.assertEqual(soak.wrong(self.DUE, self.rows("00-00", "01-00", "02-00", "03-00"), 4), [])

    def test_what_is_lost_doubled_odd_failed_or_without_an_archive_is_told(self):
        self.assertEqual(soak.wrong(self.DUE, self.rows("01-00", "03-00"), 2), ["Lost: schedule-default-2026-11-21T12-02-00Z"])
        self.assertEqual(len(soak.wrong(self.DUE, self.rows("01-00", "02-00", "02-00", "03-00"), 4)), 1)
        self.assertEqual(len(soak.wrong(self.DUE, self.rows("01-00", "02-00", "02-30", "03-00"), 4)), 1)
        self.assertEqual(len(soak.wrong(self.DUE, self.rows("01-00", "02-00", "03-00"), 2)), 1)
        failed = [*self.rows("01-00", "02-00"), ("schedule-default-2026-11-21T12-03-00Z", "failed", 1.0, "a/1/1")]
        self.assertEqual(soak.wrong(self.DUE, failed, 3), ["schedule-default-2026-11-21T12-03-00Z ended as failed"])


class SizeTest(unittest.TestCase):

    def test_sizes_are_read_and_parts_that_are_too_large_or_too_many_are_told(self):
        args = size.arguments(["--bytes", "200GB", "--largest", "20tb"])
        self.assertEqual((args.bytes, args.largest), (200 * 10**9, 20 * 10**12))
        told = {"sent": 200 * 10**9, "parts": 700}
        self.assertEqual(size.wrong(args, told, 2 * 10**9), [])
        self.assertEqual(len(size.wrong(args, told, 2 * 10**9 + 1)), 1)
        self.assertEqual(len(size.wrong(args, {"sent": 1, "parts": 10_001}, 1)), 2)


class RegressTest(unittest.TestCase):

    DUMP = (b'SET x;\n\nCOPY "s"."a" ("i") FROM stdin;\n2\n1\n\\.\n\n'
            b'COPY "s"."b" ("t") FROM stdin;\n\\.\nCOPY "s"."a" ("i") FROM stdin;\n3\n\\.\n')

    def rows(self, text):
        found = regress.collections.defaultdict(list)
        regress.copied(text.splitlines(keepends=True), found)
        return regress.hashed(found)

    def test_rows_count_in_whatever_order_and_wherever_a_table_is_copied_again(self):
        other = b'COPY "s"."b" ("t") FROM stdin;\n\\.\nCOPY "s"."a" ("i") FROM stdin;\n1\n3\n2\n\\.\n'
        self.assertEqual(regress.compare_files(self.rows(other), self.rows(self.DUMP)), (2, 2, []))

    def test_a_missing_another_and_a_superfluous_table_are_named(self):
        ours = self.rows(b'COPY "s"."a" ("i") FROM stdin;\n1\n\\.\nCOPY "s"."c" ("i") FROM stdin;\n\\.\n')
        same, of, wrong = regress.compare_files(ours, self.rows(self.DUMP))
        self.assertEqual((same, of), (0, 2))
        self.assertEqual(wrong, ['COPY "s"."a" ("i") FROM stdin;', 'COPY "s"."b" ("t") FROM stdin;',
                                 'COPY "s"."c" ("i") FROM stdin;'])


class MeasureTest(unittest.TestCase):

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.work = Path(temporary.name) / "work"
        self.work.mkdir()
        self.log = Path(temporary.name) / "log"

    def run_shell(self, script):
        return measure.run(["bash", "-c", script], dict(os.environ), self.work, self.log)

    def test_children_count_and_the_work_folder_is_seen_at_its_peak(self):
        busy = f"{sys.executable} -c \"x = b'x' * 80_000_000; import time; e = time.process_time() + 0.5\n" \
               "while time.process_time() < e: pass\""
        run = self.run_shell(f"head -c 5000000 /dev/urandom > big; ({busy}); rm big")

        self.assertGreaterEqual(run.cpu, 0.5)
        self.assertGreaterEqual(run.wall, 0.5)
        self.assertGreater(run.rss, 80 * MB)
        self.assertGreaterEqual(run.work, 5 * MB)
        self.assertEqual(measure.folder_bytes(self.work), 0)

    def test_a_contestant_that_fails_is_never_a_result(self):
        with self.assertRaisesRegex(BenchError, "(?s)Ended with 3.*no such bucket"):
            self.run_shell("echo no such bucket >&2; exit 3")

    def test_what_a_contestant_leaves_running_is_ended(self):
        self.run_shell("exec >&- ; tail -f /dev/null & echo $! > pid")

        pid = int((self.work / "pid").read_text())
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        self.addCleanup(os.close, descriptor)
        self.assertTrue(select.select([descriptor], [], [], 10)[0], "it still runs")

    def test_a_tree_holds_this_process(self):
        self.assertIn(os.getpid(), measure.process_tree(os.getppid()))


class ReportTest(unittest.TestCase):

    def setUp(self):
        self.wide = cases.all_cases(1, False)["wide"]
        self.sizes = {dataset.name: 600 * MB for dataset in self.wide.datasets()}

    def text(self, results):
        return report.case_text(self.wide, self.wide.entries, results, self.sizes)

    def test_medians_ratios_and_targets(self):
        text = self.text({(0, "bactrian"): [measured(9, 400 * MB), measured(4, 300 * MB, 300 * MB), measured(5, 600 * MB)],
                          (0, "service"): [measured(3)], (0, "fc-s3"): [measured(10)], (0, "fd-s3"): [measured(3)]})

        self.assertIn("| 5.00 | 1.00 | 5.00 | 400.0 |", text)
        self.assertIn("| bactrian | 0.50 | ≤ 0.5: met |", text)
        self.assertIn("| peak memory, MB | bactrian | 400.00 | ≤ 512: met |", text)
        self.assertIn("| peak of the work folder, MB | bactrian | 0.00 | ≤ 256: met |", text)
        self.assertIn("| service | 0.30 | ≤ 0.4: met |", text)
        self.assertIn("| service | 1.00 | ≤ 0.8: missed |", text)

    def test_a_variant_is_held_against_the_same_targets(self):
        text = self.text({(0, "bactrian-java17"): [measured(3)], (0, "fc-s3"): [measured(10)]})

        self.assertIn("| bactrian-java17 | 0.30 | ≤ 0.5: met |", text)
        self.assertNotIn("| bactrian |", text)

    def test_what_was_not_run_has_no_target(self):
        self.assertNotIn("wanted", self.text({(0, "fc-s3"): [measured(10)]}))

    def test_a_section_is_replaced_in_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "b.md"
            file.write_text("# Title\n")
            for section, text in (("a", r"old \1"), ("b", "second"), ("a", r"new \1")):
                report.put(file, section, text)

            self.assertEqual(file.read_text(), "# Title\n\n<!-- bench a -->\nnew \\1\n<!-- end of bench a -->\n\n"
                                               "<!-- bench b -->\nsecond\n<!-- end of bench b -->\n")


class ResultsTest(unittest.TestCase):
    """What a case came to is kept, and overview and picture say the same of it."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name) / "results"
        wide = cases.all_cases(1, False)["wide"]
        runs = {(0, "service"): [measured(4), measured(3), measured(9)], (0, "fc-s3"): [measured(10)]}
        results.save(self.folder, wide, wide.entries, runs, {wide.entries[0].dataset.name: 600 * MB},
                     "- 2026-12-01, commit 0123abc\n- 2 cores", "### wide")

    def test_medians_come_back(self):
        medians, machine, rounds = results.load(self.folder)["wide"]

        self.assertEqual((medians[0, "service"].wall, medians[0, "fc-s3"].wall, rounds), (4, 10, 3))
        self.assertEqual(machine[1], "- 2 cores")

    def test_the_overview_has_the_goals_of_what_was_measured(self):
        self.assertIn("| service | 0.40 | ≤ 0.4: met | 3, 2026-12-01, 0123abc |", results.overview(self.folder))
        self.assertNotIn("far", results.overview(self.folder))

    def test_bars_are_as_long_as_their_times(self):
        drawn = picture.draw(results.load(self.folder))

        widths = [float(width) for width in re.findall(r'<rect class="\w+" x="240" y="\d+" width="([\d.]+)"', drawn)]
        self.assertEqual(widths, [410.0, 164.0])
        self.assertNotIn("20 ms away", drawn)


class RestoredTest(unittest.TestCase):
    """What a restore brought back is looked at: a server that answers as given stands for the database."""

    DATASET = data.Dataset("d", (2, 5))

    class Answers:
        def __init__(self, *answers):
            self._answers = list(answers)

        def sql(self, database, text):
            return self._answers.pop(0)

    def check(self, counts, indexes, contestant=contestants.RESTORE):
        restores.check(self.Answers(counts, indexes), self.DATASET, contestant)

    def test_all_tables_rows_and_indexes_are_wanted(self):
        self.check("t0000|2\nt0001|5", "4")
        for counts, indexes, message in (("t0000|2\nt0001|4", "4", "t0001"), ("t0000|2", "4", "t0001"), ("", "0", "t0000"),
                                         ("t0000|2\nt0001|5", "3", "3 indexes came back of 4")):
            with self.assertRaisesRegex(BenchError, message):
                self.check(counts, indexes)

    def test_of_one_table_nothing_else_is_wanted(self):
        self.check("t0001|5", "2", contestants.restore_one("t0001"))
        self.check("t0001|5", "0", contestants.pg_restore_one("t0001"))
        with self.assertRaisesRegex(BenchError, "t0000"):
            self.check("t0000|2\nt0001|5", "4", contestants.restore_one("t0001"))


class CasesTest(unittest.TestCase):

    def test_wide_is_600_mb_of_200_tables(self):
        wide = data.wide(1)

        self.assertEqual(wide.tables, 200)
        self.assertAlmostEqual(sum(wide.rows) * data.BYTES_PER_ROW / MB, 600, delta=5)
        self.assertEqual(sum(data.wide(10).rows), 10 * sum(wide.rows))

    def test_every_target_names_contestants_that_are_run(self):
        for case in cases.all_cases(1, False).values():
            for target in case.targets:
                for key in filter(None, (target.of, target.to)):
                    self.assertIn(key[1], [c.name for c in case.entries[key[0]].contestants], case.name)

    def test_one_table_of_2000_rows_is_restored_by_each(self):
        entry = cases.all_cases(1, False)["restore-one"].entries[0]

        self.assertEqual({c.table for c in entry.contestants}, {"t0199"})
        self.assertEqual(entry.dataset.rows[199], 2_000)
        for contestant in entry.contestants:
            self.assertIn("t0199", " ".join(map(str, contestant.command())))

    def test_a_target_in_seconds_is_no_megabytes(self):
        case = cases.all_cases(1, False)["restore-one"]
        sizes = {dataset.name: 600 * MB for dataset in case.datasets()}

        text = report.case_text(case, case.entries, {(0, "bactrian"): [replace(measured(1.5), stored=3 * MB)]}, sizes)

        self.assertIn("| seconds | bactrian | 1.50 | ≤ 2: met |", text)
        self.assertIn("| fetched, MB | bactrian | 3.00 | ≤ 2: missed |", text)
        self.assertIn("fetched MB", text)
        self.assertNotIn("stored MB", text)

    def test_a_variant_of_a_restore_restores(self):
        restore = contestants.restore_one("t0199")
        made = contestants.as_restore(contestants.variants(["a:X=1"])[0], restore)

        self.assertEqual((made.command(), made.table), (restore.command(), "t0199"))
        self.assertEqual((made.name, made.settings, made.what), ("bactrian-a", {"X": "1"}, "`./bactrian restore` with `X=1`"))

    def test_variants(self):
        made = contestants.variants(["a:X=1", "b:Y=2=3 4", "a:Z="])

        self.assertEqual([(c.name, c.settings) for c in made],
                         [("bactrian-a", {"X": "1", "Z": ""}), ("bactrian-b", {"Y": "2=3 4"})])
        with self.assertRaisesRegex(ValueError, "name:SETTING=value"):
            contestants.variants(["X=1"])


if __name__ == "__main__":
    unittest.main()
