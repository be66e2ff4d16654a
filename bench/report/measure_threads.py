# SPDX-License-Identifier: MIT
"""Event loops: what a second one gains, and what it costs beside a process of its own.

Here the servers and the load share all CPUs. So what counts is CPU time a request, not throughput.
"""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from .programs import Bench
from .servers import Server, load

CPUS = "0,1"
CONNECTIONS = 64
LOADS = 2
WAYS = {"one process, one event loop": (1, 1), "one process, two event loops": (1, 2),
        "two processes, one event loop each": (2, 1)}
APPS = {"hello": ("examples/hello", []),
        "visit counter in memory": ("examples/visit_counter --sessions memory", ["--cookies"])}


def _measure(bench: Bench, servers: list[Server], options: list[str]) -> tuple[float, float]:
    """CPU microseconds a request, and requests a second, of these servers together.

    There are always two processes of cloakroom_load, so that the ways differ in nothing else.
    """
    before = sum(each.cpu_seconds() for each in servers)
    with ThreadPoolExecutor(LOADS) as pool:
        answers = list(pool.map(
            lambda index: load(bench, servers[index % len(servers)], more=options, cpu=None,
                               connections=CONNECTIONS // LOADS, has_warm_up=False),
            range(LOADS)))
    spent = sum(each.cpu_seconds() for each in servers) - before
    requests = sum(each["requests"] for each in answers)
    return spent * 1e6 / requests, sum(each["requests_per_second"] for each in answers)


def over_sockets(bench: Bench) -> Any:
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    bench.note("bench/cloakroom_load http://127.0.0.1:PORT/ "
               f"--connections {CONNECTIONS // LOADS}    # twice, of examples/hello --threads 2")
    for app, (command, options) in APPS.items():
        with ExitStack() as stack:
            running = {way: [stack.enter_context(Server(bench, command, threads, CPUS))
                             for _ in range(processes)]
                       for way, (processes, threads) in WAYS.items()}
            found[app] = {way: [] for way in WAYS}
            for _ in range(bench.effort.load_rounds):
                for way, servers in running.items():
                    found[app][way].append(_measure(bench, servers, options))
    return found


def without_sockets(bench: Bench) -> Any:
    """Operations a second in all, by benchmark, with one thread and with two."""
    found: dict[str, dict[str, list[float]]] = {}
    runs = bench.micro("growth_bench", "BM_growth_threads", cpu=None)
    runs += bench.micro("memory_sessions_bench", "BM_memory_visit/100000/real_time/threads:[12]$",
                        cpu=None)
    for run in runs:
        name, _, threads = run["name"].partition("/real_time/threads:")
        family = name.rpartition("/")[2] if "growth" in name else "BM_memory_visit"
        rates = found.setdefault(family, {}).setdefault(threads, [])
        rates.append(1e9 / run["real_time"])
    return found


PARTS = {"over_sockets": over_sockets, "without_sockets": without_sockets}
