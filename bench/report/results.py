# SPDX-License-Identifier: MIT
"""Raw results: a JSON file for each section, with what it was taken on, and what failed."""
from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import (measure_growth, measure_hello, measure_latency, measure_memory, measure_micro,
               measure_peers, measure_threads)
from .machine import facts
from .programs import Bench, Unmeasured

# In the order of the document. A section is measured as a whole; each of its parts may fail alone.
SECTIONS = {
    "peers": measure_peers.PARTS,
    "hello": measure_hello.PARTS,
    "latency": measure_latency.PARTS,
    "growth": measure_growth.PARTS,
    "threads": measure_threads.PARTS,
    "micro": measure_micro.PARTS,
    "memory": measure_memory.PARTS,
}


@dataclass(frozen=True)
class Results:
    """All that was measured: by section, {"taken": facts, "quick": …, "parts": {name: part}}.

    A part is {"commands": …, "seconds": …} with either "result" or "failed", a sentence.
    """

    sections: dict[str, dict[str, Any]]

    def part(self, path: str) -> dict[str, Any]:
        """The part "section.name". One that was never measured is one that failed."""
        section, _, name = path.partition(".")
        parts: dict[str, Any] = self.sections.get(section, {}).get("parts", {})
        missing = {"failed": f"run `scripts/bench --only {section}`.", "commands": []}
        return dict(parts.get(name, missing))

    def result(self, path: str) -> Any:
        """What was measured; None if it failed."""
        return self.part(path).get("result")


def measure(section: str, bench: Bench, folder: Path, is_quick: bool) -> list[str]:
    """Measures a section and stores it. Returns what could not be measured."""
    parts: dict[str, Any] = {}
    failures = []
    for name, part in SECTIONS[section].items():
        print(f"{section}.{name}", end="", flush=True, file=sys.stderr)
        bench.commands = []
        began = time.monotonic()
        try:
            outcome = {"result": part(bench)}
        except Unmeasured as failure:
            outcome = {"failed": str(failure)}
            failures.append(f"{section}.{name}: {failure}")
        spent = round(time.monotonic() - began, 1)
        print(f": {spent:g} s{'' if 'result' in outcome else ', FAILED'}", file=sys.stderr)
        parts[name] = {**outcome, "commands": bench.commands, "seconds": spent}
    folder.mkdir(parents=True, exist_ok=True)
    whole = {"taken": facts(bench.root), "quick": is_quick, "parts": parts}
    fresh = folder / f".{section}.json"
    fresh.write_text(json.dumps(whole) + "\n", encoding="utf-8")
    os.replace(fresh, folder / f"{section}.json")
    return failures


def read(folder: Path) -> Results:
    """What measure() has stored there."""
    sections = {}
    for section in SECTIONS:
        file = folder / f"{section}.json"
        if file.is_file():
            sections[section] = json.loads(file.read_text(encoding="utf-8"))
    return Results(sections)
