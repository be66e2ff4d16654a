# SPDX-License-Identifier: MIT
"""Without a socket: the micro-benchmarks, allocations, instructions a request."""
from __future__ import annotations

import json
import re
from typing import Any

from .programs import LOAD_CPU, Bench, Unmeasured

PROGRAMS = ("pipeline_bench", "parse_bench", "response_bench", "session_bench", "route_bench",
            "machine_bench", "json_bench")
STORE_PAUSES = "no_store|grow_to|expire_a|bytes_of"
WITHOUT_OWNERS = "no_store|(grow_to|expire_a|bytes_of).*/0/"  # half of the time
NOT_BY_THREADS = "-threads:[248]$"


def micro(bench: Bench) -> Any:
    """Nanoseconds by benchmark: the median, least and most of the repetitions."""
    found: dict[str, list[float]] = {}
    # The table names what is missing.
    there = [each for each in PROGRAMS if (bench.build / "bench" / each).is_file()]
    if not there:
        bench.program("bench/pipeline_bench")
    for program in there:
        for run in bench.micro(program, NOT_BY_THREADS):
            found.setdefault(f"{program}:{run['name']}", []).append(run["cpu_time"])
    return {name: [sorted(times)[len(times) // 2], min(times), max(times)]
            for name, times in found.items()}


def million_sessions(bench: Bench) -> Any:
    """The counters of memory_sessions_bench by benchmark, of each repetition."""
    found: dict[str, list[dict[str, float]]] = {}
    is_quick = bench.effort.repetitions == 1
    for run in bench.micro("memory_sessions_bench", WITHOUT_OWNERS if is_quick else STORE_PAUSES,
                           repetitions=1 if is_quick else 2):
        name = run["name"].partition("/iterations:")[0]
        counters = {each: value for each, value in run.items()
                    if each.endswith("_us") or each.endswith("100us") or each.endswith("_bytes")}
        found.setdefault(name, []).append(counters)
    return found


def allocations(bench: Bench) -> Any:
    """How many tests of allocations passed."""
    command = bench.program("tests/test_allocation")
    said = bench.run([command], 120, LOAD_CPU)
    bench.note(command)
    passed = re.search(r"\[  PASSED  \] (\d+) test", said)
    if not passed:
        raise Unmeasured(f"`{command}` did not say that its tests passed.")
    return {"passed": int(passed[1])}


def budgets(bench: Bench) -> Any:
    """The instructions that a request may take, by scenario: what a test holds us to."""
    file = bench.root / "bench" / "budgets.json"
    if not file.is_file():
        raise Unmeasured("`bench/budgets.json`, the instructions that a request may take, "
                         "is missing.")
    return json.loads(file.read_text(encoding="utf-8"))


PARTS = {"micro": micro, "million_sessions": million_sessions, "allocations": allocations,
         "budgets": budgets}
