#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The report of scripts/bench: tables of canned results, what is missing, whether aims are met."""
import contextlib
import io
import json
import pathlib
import re
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "bench"))

from report import __main__, laws, programs, render, results, show_growth, tables  # noqa: E402

TAKEN = {"date": "2026-11-26", "commit": "0123456789", "machine": "2 cores of some CPU",
         "kernel": "Linux 6", "compiler": "g++ 12", "libraries": "Boost 1.81.0"}


def compared(name, cpu_us, ratio, bad=0):
    """What cpu_per_request says of a server."""
    return {"name": name, "cpu_us": {"median": cpu_us, "min": cpu_us, "q1": cpu_us, "q3": cpu_us},
            "requests_per_second": 1e6 / cpu_us, "cpu_utilisation": 1,
            "ratio": {"median": ratio, "q1": ratio - 0.01, "q3": ratio + 0.01},
            "bad": bad, "reopened": 0}


def answer(p99, rate=1000.0, errors=0):
    """What cloakroom_load says."""
    return {"requests": 1000, "requests_per_second": rate, "errors": {"timeout": errors},
            "latency_us": {"p50": 20.0, "p90": 30.0, "p99": p99, "p99_9": 2 * p99,
                           "p99_99": 3 * p99}}


def measured(path, result):
    """Results in which one part was measured, and no other."""
    section, _, name = path.partition(".")
    part = {"result": result, "commands": ["bench/some_program --json"], "seconds": 1}
    return results.Results({section: {"taken": TAKEN, "quick": False, "parts": {name: part}}})


def row(text, start):
    """The cells of the row that begins like this, without emphasis."""
    line = next(each for each in text.splitlines() if each.startswith(f"| {start}"))
    return [each.strip(" *") for each in line.strip("|").split("|")]


class Tables(unittest.TestCase):
    def test_a_server_that_meets_its_aim_says_so(self):
        of = measured("hello.one_at_a_time",
                      {"servers": [compared("epoll", 7.13, 1), compared("hello", 7.35, 1.04)]})
        cells = row(render.shown(of, "hello.one_at_a_time"), "`hello`")
        self.assertEqual(cells[1:5], ["7.35 µs", "1.04 ×", "1.03 to 1.05", "1.05 ×: met"])

    def test_a_paired_ratio_is_told_from_pauses_that_strike_either_server(self):
        pauses = [1, 80, 1, 1 / 80, 1, 1, 75, 1 / 75, 1, 1]
        estimate, low, high = tables.paired_ratio(
            [1.1 * pause * (1 + (turn % 7 - 3) / 100)
             for turn, pause in enumerate(20 * pauses)])
        self.assertAlmostEqual(estimate, 1.1, delta=0.01)
        self.assertTrue(1.0 < low < 1.1 < high < 1.2, (low, high))

    def test_the_interval_of_a_paired_ratio_is_that_of_the_signed_rank_test(self):
        # Of five means of two, and each by itself, the 15 are all within: 1.96 deviations are 7.3.
        self.assertEqual([round(each, 6) for each in tables.paired_ratio([1, 2, 4, 8, 16])],
                         [4, 1, 16])
        self.assertEqual([round(each, 6) for each in tables.paired_ratio([3])], [3, 3, 3])

    def test_a_server_at_its_aim_meets_it_and_one_above_does_not(self):
        self.assertEqual(tables.verdict("hello", 1.05), "1.05 ×: met")
        self.assertEqual(tables.verdict("hello", 1.051), "1.05 ×: **missed**")
        self.assertEqual(tables.verdict("nobody", 1.0), "")

    def test_each_store_is_held_against_an_aim_of_its_own(self):
        servers = [compared("hello", 7, 1)] + [compared(each, 9, 1.25)
                                               for each in ("memory", "signed", "sealed", "flask")]
        text = render.shown(measured("hello.counters", {"servers": servers}), "hello.counters")
        self.assertEqual(re.findall(r"--sessions (\w+)`.*(met|missed)", text),
                         [("memory", "missed"), ("signed", "missed"), ("sealed", "missed"),
                          ("flask", "met")])

    def test_bad_answers_are_told(self):
        of = measured("hello.pipelined",
                      {"servers": [compared("epoll", 0.5, 1), compared("hello", 0.6, 1.2, bad=3)]})
        self.assertIn("Bad answers: `hello` 3.", render.shown(of, "hello.pipelined"))

    def test_peers_are_sorted_by_their_ratio_and_named_with_their_version(self):
        servers = [dict(compared("slow", 70, 1), what="Something slow.", version="1.2"),
                   dict(compared("fast", 7, 0.1), what="Cloakroom.", version="")]
        text = render.shown(measured("peers.hello", {"servers": servers}), "peers.hello")
        self.assertLess(text.index("`fast`: Cloakroom"), text.index("`slow` (1.2): Something slow"))
        self.assertIn("ratio to `slow`", text)

    def test_latency_is_the_median_of_the_turns_and_its_ratio_is_taken_in_pairs(self):
        of = measured("latency.slow_readers",
                      {"rate": 1000, "servers": {"epoll": [answer(50), answer(100), answer(80)],
                                                 "hello": [answer(100), answer(110), answer(160)]}})
        cells = row(render.shown(of, "latency.slow_readers"), "99 %")
        self.assertEqual(cells[1:], ["80.0 µs", "110 µs", "1.72 ×", "1.10 to 2.00"])

    def test_a_rate_that_was_not_kept_and_errors_are_told(self):
        of = measured("latency.slow_readers",
                      {"rate": 1000, "servers": {"epoll": [answer(50, rate=900)],
                                                 "hello": [answer(50, errors=2)]}})
        text = render.shown(of, "latency.slow_readers")
        self.assertIn("`epoll_hello`: the rate of 1,000 a second was not kept.", text)
        self.assertIn("`hello`: 2 errors.", text)

    def test_growth_is_held_against_its_law(self):
        rows = [[1, 100.0, {}], [3, 140.0, {}], [100, 1090.0, {}]]
        of = measured("growth.fields", {"BM_growth_parse_fields": rows,
                                        "BM_growth_request_fields": rows})
        text = render.shown(of, "growth.fields")
        self.assertEqual(row(text, "3")[1:3], ["140 ns", "1.17 ×"])  # 120 by the law
        self.assertIn("takes 10.0 ns", text)

    def test_instructions_stand_beside_the_time_of_the_same_request(self):
        of = measured("micro.micro", {"pipeline_bench:BM_pipeline_hello": [200.0, 190.0, 210.0]})
        of.sections["micro"]["parts"]["budgets"] = {"result": {"instructions": {"hello": 2223}}}
        self.assertEqual(row(render.requests(of), "hello"),
                         ["hello", "200 ns", "190 ns to 210 ns", "2,223"])

    def test_durations_have_three_digits(self):
        self.assertEqual([tables.duration(each) for each in (0.5, 41.04, 197, 1310, 12.3e6, 2e9)],
                         ["0.500 ns", "41.0 ns", "197 ns", "1.31 µs", "12.3 ms", "2.00 s"])


class Laws(unittest.TestCase):
    def test_two_threads_without_loss_predict_no_loss(self):
        self.assertEqual(laws.sharing_cost(2.0), 0)
        self.assertEqual(laws.sharing_cost(2.1), 0)  # noise
        self.assertEqual(laws.by_amdahl(0, 64), 64)

    def test_both_predictions_agree_with_what_was_measured(self):
        cost = laws.sharing_cost(1.6)
        self.assertAlmostEqual(laws.by_amdahl(cost, 2), 1.6)
        self.assertAlmostEqual(laws.by_coherence(cost, 2), 1.6)
        self.assertLess(laws.by_coherence(cost, 8), laws.by_amdahl(cost, 8))

    def test_a_gain_over_sockets_is_that_of_cpu_time(self):
        rounds = {"one process, one event loop": [(5, 1)],
                  "one process, two event loops": [(6, 1)],
                  "two processes, one event loop each": [(5.4, 1)]}
        gain = show_growth.gains({"hello": rounds}, None)["hello, over sockets"]
        self.assertAlmostEqual(gain, 1.8)


class Document(unittest.TestCase):
    def template(self):
        return render.TEMPLATE.read_text(encoding="utf-8")

    def test_without_results_each_table_says_what_to_run(self):
        text = render.fill(self.template(), results.Results({}), pathlib.Path("performance"))
        self.assertIn("*Not measured: run `scripts/bench --only latency`.*", text)
        self.assertNotIn("{{", text)
        self.assertNotIn("![", text)

    def test_a_part_that_failed_says_why(self):
        of = results.Results({"growth": {"taken": TAKEN, "quick": False, "parts": {
            "routes": {"failed": "the tree is ill.", "commands": []}}}})
        self.assertIn("*Not measured: the tree is ill.*",
                      render.fill(self.template(), of, pathlib.Path("performance")))

    def test_every_table_and_every_part_has_its_place(self):
        placed = re.findall(r"\{\{table:([a-z0-9_.]+)\}\}", self.template())
        self.assertEqual(sorted(placed), sorted(render.TABLES))
        parts = {f"{section}.{name}" for section, of in results.SECTIONS.items() for name in of}
        elsewhere = {"micro.budgets", "threads.without_sockets"}  # in tables of several parts
        self.assertEqual(parts, {render.PART_OF.get(each, each) for each in placed} | elsewhere)

    def test_every_picture_has_its_place_and_words(self):
        placed = re.findall(r"\{\{picture:([a-z0-9_]+)\}\}", self.template())
        self.assertEqual(sorted(placed), sorted(render.ALT))

    def test_a_placeholder_that_means_nothing_is_an_error(self):
        with self.assertRaises(KeyError):
            render.fill("{{nonsense}}", results.Results({}), pathlib.Path("performance"))

    def test_commit_and_machine_are_named_and_quick_figures_too(self):
        of = measured("micro.allocations", {"passed": 9})
        self.assertIn("commit 0123456789", render.taken(of))
        self.assertIn("2 cores of some CPU; Linux 6", render.taken(of))
        self.assertNotIn("Quick", render.taken(of))
        of.sections["micro"]["quick"] = True
        self.assertIn("**Quick figures, not to be quoted** (micro)", render.taken(of))

    def test_tables_need_no_matplotlib(self):
        self.assertNotIn("matplotlib", sys.modules)


class Measuring(unittest.TestCase):
    def bench(self):
        return programs.Bench(pathlib.Path(self.folder), programs.QUICK)

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = directory.name
        (pathlib.Path(self.folder) / "build" / "release").mkdir(parents=True)

    def test_a_program_that_is_missing_says_how_to_build_it(self):
        with self.assertRaisesRegex(programs.Unmeasured, "--target cpu_per_request"):
            self.bench().program("bench/cpu_per_request")

    def test_a_program_that_fails_is_quoted(self):
        with self.assertRaisesRegex(programs.Unmeasured, "status 3. It said: no such luck"):
            self.bench().run(["sh", "-c", "echo no such luck >&2; exit 3"], 5)

    def test_a_program_that_hangs_is_ended(self):
        with self.assertRaisesRegex(programs.Unmeasured, "was not done after 0 s"):
            self.bench().run(["sleep", "60"], 0.1)

    def test_a_part_that_cannot_be_measured_does_not_keep_others_from_it(self):
        def fail(_):
            raise programs.Unmeasured("it rains.")

        parts = {"wet": fail, "dry": lambda bench: 42}
        self.addCleanup(results.SECTIONS.pop, "weather")
        results.SECTIONS["weather"] = parts
        raw = pathlib.Path(self.folder) / "raw"
        with contextlib.redirect_stderr(io.StringIO()):
            failures = results.measure("weather", self.bench(), raw, is_quick=True)
        self.assertEqual(failures, ["weather.wet: it rains."])
        stored = json.loads((raw / "weather.json").read_text(encoding="utf-8"))
        self.assertEqual(stored["parts"]["dry"]["result"], 42)
        self.assertEqual(stored["parts"]["wet"]["failed"], "it rains.")

    def test_arguments_that_mean_nothing_together_are_refused(self):
        for words in (["--render", "--only", "hello"], ["--write"], ["--only", "nothing"]):
            with self.subTest(words), contextlib.redirect_stderr(io.StringIO()):
                self.assertRaises(SystemExit, __main__.arguments, words)

    def test_the_document_is_not_replaced_by_one_in_which_a_section_is_missing(self):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            raw = root / "build" / "bench"
            (raw / "full").mkdir(parents=True)
            (root / "docs").mkdir()
            document = root / "docs" / "performance.md"
            document.write_text("earlier")
            section = {"taken": TAKEN, "quick": False, "parts": {}}
            said = io.StringIO()

            def render_with(sections):
                for each in sections:
                    (raw / "full" / f"{each}.json").write_text(json.dumps(section))
                with (mock.patch.multiple(__main__, ROOT=root, RAW=raw),
                      contextlib.redirect_stderr(said)):
                    __main__.main(["--render"])

            render_with(["latency"])
            self.assertEqual(document.read_text(), "earlier")
            self.assertIn("stays as it is until these are measured, too: peers", said.getvalue())
            self.assertTrue((raw / "performance.md").is_file())
            render_with(results.SECTIONS)
            self.assertNotEqual(document.read_text(), "earlier")


if __name__ == "__main__":
    unittest.main()
