# SPDX-License-Identifier: MIT
"""Memory of idle connections, time to compile, size of a program."""
from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from .programs import Bench, Unmeasured
from .servers import allow_open_files

IDLE_CONNECTIONS = 8_000
SOURCES = ("examples/hello.cpp", "bench/large_machine.cpp")


def idle_memory(bench: Bench) -> Any:
    allow_open_files(IDLE_CONNECTIONS + 1000)
    command = [bench.program("bench/idle_memory"), bench.program("examples/hello")]
    bench.note(" ".join(command))
    return bench.run_json([*command, "--json"], 120)


def compile_time(bench: Bench) -> Any:
    """CPU seconds by source: the mean, and the ratio to the first."""
    rounds = 1 if bench.effort.repetitions == 1 else 4
    command = ["bench/compile_time", "-n", str(rounds), *SOURCES]
    bench.note(f"(cd ../.. && {' '.join(command)})")
    said = bench.run(command, 300, where=bench.root)
    rows = re.findall(r"^(\S+)\s+mean ([\d.]+) s \(([\d.]+)\)", said, re.MULTILINE)
    if len(rows) != len(SOURCES):
        raise Unmeasured(f"`bench/compile_time` said: {said.strip()[-200:]}")
    return {source: [float(mean), float(ratio)] for source, mean, ratio in rows}


def binary_size(bench: Bench) -> Any:
    """Bytes of hello, without symbols."""
    program = bench.program("examples/hello")
    bench.note(f"strip -o /tmp/hello {program} && stat -c %s /tmp/hello")
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / "hello"
        bench.run(["strip", "-o", str(stripped), program], 30)
        return {"bytes": stripped.stat().st_size}


PARTS = {"idle_memory": idle_memory, "compile_time": compile_time, "binary_size": binary_size}
