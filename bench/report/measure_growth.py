# SPDX-License-Identifier: MIT
"""How cost grows: with connections, routes, fields, content, sessions."""
from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from .measure_hello import EPOLL_AND_HELLO
from .programs import Bench
from .servers import Server, allow_open_files, load

CONNECTIONS = (1, 10, 100, 1_000, 9_900)  # hello takes 10,000, and two of these 20,000 files
SIZES = (0, 1 << 10, 1 << 14, 1 << 16, 1 << 18, 1 << 20)  # bytes


def connections(bench: Bench) -> Any:
    """CPU time and throughput of hello and the bare loop, by connections that all are busy."""
    allow_open_files(2 * CONNECTIONS[-1] + 100)  # cpu_per_request has those of both servers
    found = []
    for count in CONNECTIONS:
        words = [*EPOLL_AND_HELLO, "--connections", str(count)]
        found.append(bench.compare(words, 2, share=0.5))
    bench.commands = [bench.commands[-1]]
    return found


def _values(bench: Bench, program: str, names: str, repetitions: int | None = None) -> Any:
    """By benchmark: [argument, nanoseconds of CPU time, counters] for each argument."""
    found: dict[str, list[list[Any]]] = {}
    runs: dict[str, list[dict[str, Any]]] = {}
    for run in bench.micro(program, names, repetitions=repetitions):
        runs.setdefault(run["name"], []).append(run)
    for name, repeated in runs.items():
        family, argument = name.split("/")[:2]
        middle = sorted(repeated, key=lambda run: float(run["cpu_time"]))[len(repeated) // 2]
        counters = {"bytes_each": middle["bytes_each"]} if "bytes_each" in middle else {}
        found.setdefault(family, []).append([int(argument), middle["cpu_time"], counters])
    for rows in found.values():
        rows.sort()
    return found


def routes(bench: Bench) -> Any:
    return _values(bench, "route_bench", "BM_route_among")


def fields(bench: Bench) -> Any:
    return _values(bench, "growth_bench", "_fields/")


def content(bench: Bench) -> Any:
    return _values(bench, "growth_bench", "_bytes/")


def sessions(bench: Bench) -> Any:
    return _values(bench, "memory_sessions_bench", "BM_memory_visit_among",
                   min(3, bench.effort.repetitions))


def answered_content(bench: Bench) -> Any:
    """CPU time of a server that sends so many bytes, over a socket, side by side."""
    words = []
    for size in SIZES:
        words.append(f"b{size}=bench/growth_server")
    for size in SIZES:
        words += ["--path", f"b{size}=/bytes/{size}"]
    answer = bench.compare([*words, "--connections", "16"], len(SIZES), share=0.5)
    return [[size, server["cpu_us"]["median"], server["requests_per_second"]]
            for size, server in zip(SIZES, answer["servers"], strict=True)]


def posted_content(bench: Bench) -> Any:
    """CPU time of a server that is sent so many bytes, over a socket."""
    found = []
    bench.note("bench/cloakroom_load http://127.0.0.1:PORT/bytes --connections 16 "
               "--content-file FILE    # of bench/growth_server")
    with Server(bench, "bench/growth_server") as server, tempfile.TemporaryDirectory() as folder:
        for size in SIZES[1:]:
            file = Path(folder) / "content"
            file.write_bytes(b"x" * size)
            before = server.cpu_seconds()
            answer = load(bench, server, "/bytes", 16,
                          more=["--content-file", str(file)], has_warm_up=False)
            spent = server.cpu_seconds() - before
            found.append([size, spent * 1e6 / answer["requests"], answer["requests_per_second"]])
    return found


PARTS = {"connections": connections, "routes": routes, "fields": fields, "content": content,
         "answered_content": answered_content, "posted_content": posted_content,
         "sessions": sessions}
