# SPDX-License-Identifier: MIT
"""The command line of scripts/bench, which has built everything by now (unless told not to)."""
from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from . import results
from .programs import FULL, LOAD_CPU, QUICK, SERVER_CPU, Bench
from .render import write

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "build" / "bench"


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measures everything on this machine and writes "
        "docs/performance.md with its pictures. Raw results stay in build/bench/.")
    parser.add_argument("--quick", action="store_true",
                        help="a few minutes, to see that all works; writes "
                        "build/bench/performance.md, so that its figures replace no real ones")
    parser.add_argument("--write", action="store_true",
                        help="with --quick: writes docs/performance.md nevertheless")
    parser.add_argument("--only", action="append", choices=list(results.SECTIONS),
                        metavar="SECTION", help="measures this section and keeps what is known of "
                        "the rest (build/bench/performance.md where a section has never been "
                        "measured in this checkout); may be repeated: "
                        + ", ".join(results.SECTIONS))
    parser.add_argument("--render", action="store_true",
                        help="measures nothing, writes again from the raw results")
    asked = parser.parse_args(words)
    if asked.render and asked.only:
        parser.error("--render measures nothing, so --only has no meaning with it")
    if asked.write and not asked.quick:
        parser.error("--write is for --quick: a full run writes docs/performance.md anyway")
    return asked


def draw_pictures(measured: results.Results, folder: Path) -> str:
    """Draws all that can be drawn, drops all others. Returns what to say where none could."""
    try:
        from . import pictures_growth, pictures_servers, plots
    except ImportError as error:
        return f"no picture was drawn ({error}); install what is missing: scripts/setup bench"
    for name, draw in {**pictures_servers.PICTURES, **pictures_growth.PICTURES}.items():
        file = folder / f"{name}.svg"
        with plots.matplotlib.rc_context(plots.STYLE):
            made = draw(measured)
            if made is None:
                file.unlink(missing_ok=True)
            else:
                plots.save(made, file)
    return ""


def main(words: list[str]) -> int:
    asked = arguments(words)
    raw = RAW / ("quick" if asked.quick else "full")
    began = time.monotonic()
    failures: list[str] = []
    if not asked.render:
        if not {SERVER_CPU, LOAD_CPU} <= os.sched_getaffinity(0):
            print("scripts/bench: two CPUs are needed, 0 for the servers and 1 for the load; this "
                  "process may use only " + str(sorted(os.sched_getaffinity(0))), file=sys.stderr)
            return 2
        bench = Bench(ROOT, QUICK if asked.quick else FULL)
        for section in asked.only or results.SECTIONS:
            failures += results.measure(section, bench, raw, asked.quick)
    measured = results.read(raw)
    if not measured.sections:
        print("scripts/bench: nothing has been measured yet; run scripts/bench"
              + (" --quick" if asked.quick else ""), file=sys.stderr)
        return 2
    is_for_docs = asked.write or not asked.quick
    unknown = [each for each in results.SECTIONS if is_for_docs and each not in measured.sections]
    is_for_docs = is_for_docs and not unknown
    document = (ROOT / "docs" if is_for_docs else RAW) / "performance.md"
    said = draw_pictures(measured, document.with_suffix(""))
    write(measured, document)
    print(f"{document.relative_to(ROOT)} is written (at {time.monotonic() - began:.0f} s)",
          file=sys.stderr)
    if unknown:
        print("docs/performance.md stays as it is until these are measured, too: "
              + ", ".join(unknown), file=sys.stderr)
    for line in [*failures, *([said] if said else [])]:
        print(f"scripts/bench: {line}", file=sys.stderr)
    return 1 if failures or said else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what was started, too
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
