# SPDX-License-Identifier: MIT
"""Latency in an open loop: requests are sent on schedule, whether or not answers have come.

Both servers are sent the same rates, in shares of what hello takes at most, so that they can be
compared. They run at the same time, each has an equal share of the rounds, and only one is loaded.
Requests come at random times, as those of independent visitors do.
"""
from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from .programs import Bench
from .servers import IdleConnections, Server, load

Answers = dict[str, list[dict[str, Any]]]  # by server

COMMANDS = {"epoll": "bench/epoll_hello", "hello": "examples/hello"}
SHARES = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9)
CONNECTIONS = 64
SLOW_CONNECTIONS = 200  # of which 2 are slow
ALL_CONNECTIONS = 10_000  # as many as an event loop of hello takes by default


def _schedule(rate: int) -> list[str]:
    return ["--rate", str(rate), "--poisson", "--spin"]


def _note(bench: Bench, options: str, seconds: float) -> None:
    bench.note(f"bench/cloakroom_load http://127.0.0.1:PORT/ {options} --seconds {seconds:g}")


def _start(bench: Bench, stack: ExitStack) -> dict[str, Server]:
    return {name: stack.enter_context(Server(bench, command)) for name, command in COMMANDS.items()}


def _saturation(bench: Bench, server: Server) -> float:
    """Requests a second in a closed loop: the median of three runs."""
    rates = [load(bench, server, connections=CONNECTIONS)["requests_per_second"] for _ in range(3)]
    return float(sorted(rates)[1])


def _take_turn(bench: Bench, servers: dict[str, Server], connections: int, options: list[str],
               turn: int, seconds: float, answers: Answers) -> None:
    """Adds what cloakroom_load says of each server; every other turn goes backwards."""
    for name in list(servers) if turn % 2 == 0 else reversed(list(servers)):
        answers[name].append(load(bench, servers[name], connections=connections,
                                  seconds=seconds, more=options))


def _in_short_turns(bench: Bench, servers: dict[str, Server], connections: int, options: list[str],
                    before: Callable[[], None] = lambda: None) -> Answers:
    """So that a pause of the machine, some a second, is in few turns."""
    answers: Answers = {name: [] for name in servers}
    for turn in range(bench.effort.short_turns):
        before()
        _take_turn(bench, servers, connections, options, turn, _short(bench), answers)
    return answers


def _short(bench: Bench) -> float:
    return min(0.1, bench.effort.load_seconds)


def by_load(bench: Bench) -> Any:
    """Percentiles at shares of saturation."""
    with ExitStack() as stack:
        servers = _start(bench, stack)
        most = _saturation(bench, servers["hello"])
        seconds = bench.effort.load_seconds / 4
        _note(bench, f"--connections {CONNECTIONS}", bench.effort.load_seconds)
        _note(bench, f"--connections {CONNECTIONS} --rate RATE --poisson --spin", seconds)
        loads: list[Any] = [{"share": share, "rate": round(share * most),
                             "servers": {name: [] for name in servers}} for share in SHARES]
        # All loads in each turn: a slow spell of the machine is then one turn of each.
        for turn in range(3 * bench.effort.load_rounds):
            for each in loads:
                _take_turn(bench, servers, CONNECTIONS, _schedule(each["rate"]), turn, seconds,
                           each["servers"])
        return {"saturation": most, "loads": loads}


def slow_readers(bench: Bench) -> Any:
    """The same at half of saturation, while one connection in a hundred is slow."""
    with ExitStack() as stack:
        servers = _start(bench, stack)
        rate = round(0.5 * _saturation(bench, servers["hello"]))
        options = [*_schedule(rate), "--slow", "0.01"]
        _note(bench, f"--connections {SLOW_CONNECTIONS} --rate RATE --poisson --spin --slow 0.01",
              _short(bench))
        return {"rate": rate,
                "servers": _in_short_turns(bench, servers, SLOW_CONNECTIONS, options)}


def idle_connections(bench: Bench) -> Any:
    """hello at half of saturation, alone and with as many idle connections as it takes."""
    idle = ALL_CONNECTIONS - CONNECTIONS - 100  # leaves room for connections that are reopened
    with ExitStack() as stack:
        alone = stack.enter_context(Server(bench, COMMANDS["hello"]))
        crowded = stack.enter_context(Server(bench, COMMANDS["hello"]))
        rate = round(0.5 * _saturation(bench, alone))
        visitors = stack.enter_context(IdleConnections(crowded, idle))
        _note(bench, f"--connections {CONNECTIONS} --rate RATE --poisson --spin", _short(bench))
        answers = _in_short_turns(bench, {"alone": alone, "crowded": crowded}, CONNECTIONS,
                                  _schedule(rate), visitors.keep)
        return {"rate": rate, "idle": idle, "servers": answers}


PARTS = {"by_load": by_load, "slow_readers": slow_readers, "idle_connections": idle_connections}
