# SPDX-License-Identifier: MIT
"""A request over a socket: hello beside a bare epoll loop, sessions beside hello."""
from __future__ import annotations

from typing import Any

from .programs import Bench
from .servers import Server, load

EPOLL_AND_HELLO = ["epoll=bench/epoll_hello", "hello=examples/hello"]
STORES = ("memory", "signed", "sealed", "flask")


def one_at_a_time(bench: Bench) -> Any:
    return bench.compare(EPOLL_AND_HELLO, 2)


def pipelined(bench: Bench) -> Any:
    return bench.compare([*EPOLL_AND_HELLO, "--pipeline", "16"], 2)


def counters(bench: Bench) -> Any:
    stores = [f"{each}=examples/visit_counter --sessions {each}" for each in STORES]
    return bench.compare(["hello=examples/hello", *stores, "--cookies"], 5)


def machine(bench: Bench) -> Any:
    return bench.compare(
        ["counter=examples/visit_counter --sessions memory", "machine=bench/machine_server",
         "--path", "machine=/flow/events/count", "--post", 'machine={"by":1}', "--cookies"], 2, 0.7)


def kernel_share(bench: Bench) -> Any:
    """The part of a server's CPU time that it spends in the kernel, under load."""
    cases = [("hello", "examples/hello", []),
             ("hello, 16 pipelined", "examples/hello", ["--pipeline", "16"]),
             ("visit counter in memory", "examples/visit_counter --sessions memory", ["--cookies"])]
    found = []
    for name, command, options in cases:
        with Server(bench, command) as server:
            before = server.cpu_ticks()
            load(bench, server, seconds=2 * bench.effort.load_seconds, more=options)
            after = server.cpu_ticks()
        user, kernel = after[0] - before[0], after[1] - before[1]
        found.append({"name": name, "kernel": kernel / max(1, user + kernel)})
    bench.note("perf record -e cpu-clock -p PID sleep 5 && perf report --sort dso"
               "    # to look closer, under load")
    return found


PARTS = {"one_at_a_time": one_at_a_time, "pipelined": pipelined, "counters": counters,
         "machine": machine, "kernel_share": kernel_share}
