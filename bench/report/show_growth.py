# SPDX-License-Identifier: MIT
"""Tables of how cost grows, each beside the law that it is held against."""
from __future__ import annotations

from typing import Any

from .laws import (Law, Points, by_amdahl, by_coherence, constant, line, sharing_cost)
from .tables import digits, duration, middle, size, table, times

THREADS = (2, 4, 8, 16, 32, 64)


def family(result: Any, name: str) -> Points:
    """Argument and nanoseconds of a benchmark that was run with several arguments."""
    return [(row[0], row[1]) for row in result[name]]


def against(law: Law, x: float, y: float) -> str:
    return times(y / law(x))


def connections(result: Any) -> str:
    rows = []
    points = [(each["connections"], each["servers"][1]["cpu_us"]["median"]) for each in result]
    law = constant(points, 100)
    for each, (count, cost) in zip(result, points, strict=True):
        epoll, hello = each["servers"]
        rows.append([f"{count:,}", f"{digits(epoll['cpu_us']['median'])} µs",
                     f"{digits(cost)} µs", f"**{times(hello['ratio']['median'])}**",
                     against(law, count, cost), f"{epoll['requests_per_second']:,.0f}",
                     f"{hello['requests_per_second']:,.0f}"])
    header = ["connections", "`epoll_hello`", "`hello`", "ratio", "`hello` by the law",
              "requests a second, `epoll_hello`", "`hello`"]
    return table(header, rows)


def routes(result: Any) -> str:
    numbered = family(result, "BM_route_among")
    random = family(result, "BM_route_among_random_letters")
    laws = constant(numbered, 10), constant(random, 10)
    rows = [[f"{int(count):,}", duration(one), against(laws[0], count, one),
             duration(other), against(laws[1], count, other)]
            for (count, one), (_, other) in zip(numbered, random, strict=True)]
    return table(["routes", "numbered names", "by the law", "random letters", "by the law"], rows)


def fields(result: Any) -> str:
    parse = family(result, "BM_growth_parse_fields")
    whole = family(result, "BM_growth_request_fields")
    laws = line(parse, 1, 100), line(whole, 1, 100)
    rows = [[f"{int(count)}", duration(one), against(laws[0], count, one), duration(other),
             against(laws[1], count, other)]
            for (count, one), (_, other) in zip(parse, whole, strict=True)]
    each = (parse[-1][1] - parse[0][1]) / 99
    return (table(["fields", "parsing", "by the law", "the whole request", "by the law"], rows)
            + f"\n\nA field of 39 bytes takes {duration(each)}.")


def content(result: Any) -> str:
    posted = family(result, "BM_growth_posted_bytes")
    answered = family(result, "BM_growth_answered_bytes")
    laws = line(posted, 0, 65536), line(answered, 0, 65536)
    rows = [[size(count), duration(one), against(laws[0], count, one), duration(other),
             against(laws[1], count, other)]
            for (count, one), (_, other) in zip(posted, answered, strict=True)]
    return table(["content", "received", "by the law", "sent", "by the law"], rows)


def over_socket(result: Any) -> str:
    points = [(row[0], row[1]) for row in result]
    law = line(points, points[0][0], 65536)
    rows = [[size(count), f"{digits(cost)} µs", against(law, count, cost), f"{rate:,.0f}",
             f"{count * rate / 1e9:.2f} GB"] for count, cost, rate in result]
    return table(["content", "CPU time a request", "by the law", "requests a second",
                  "content a second"], rows)


def sessions(result: Any) -> str:
    rows = []
    points = family(result, "BM_memory_visit_among")
    law = constant(points, 100)
    for count, time, counters in result["BM_memory_visit_among"]:
        rows.append([f"{count:,}", duration(time), against(law, count, time),
                     f"{counters['bytes_each']:,.0f}"])
    return table(["sessions", "load and commit", "by the law", "bytes each"], rows)


def ways(result: Any) -> str:
    """One process with two event loops beside two processes."""
    rows = []
    for app, measured in result.items():
        one = middle(cost for cost, _ in measured["one process, one event loop"])
        for way, rounds in measured.items():
            cost = middle(cost for cost, _ in rounds)
            rows.append([f"`{app}`: {way}" if app == "hello" else f"{app}: {way}",
                         f"{digits(cost)} µs", times(cost / one),
                         f"{middle(rate for _, rate in rounds):,.0f}"])
    return table(["server", "CPU time a request", "ratio to one event loop",
                  "requests a second (load and servers on two cores)"], rows)


def gains(sockets: Any, plain: Any) -> dict[str, float]:
    """Throughput of two threads by that of one, by what is run; 2 is ideal."""
    found = {}
    for app, measured in (sockets or {}).items():
        shared = middle(cost for cost, _ in measured["one process, two event loops"])
        apart = middle(cost for cost, _ in measured["two processes, one event loop each"])
        found[f"{app}, over sockets"] = 2 * apart / shared
    names = {"BM_growth_threads_hello": "hello, without a socket",
             "BM_growth_threads_counter": "visit counter in memory, without a socket",
             "BM_memory_visit": "a store of 100,000 sessions alone"}
    for name, rates in (plain or {}).items():
        found[names.get(name, name)] = middle(rates["2"]) / middle(rates["1"])
    return found


def prediction(sockets: Any, plain: Any) -> str:
    """What the second thread says of more, by the universal scalability law."""
    rows = []
    for name, gain in gains(sockets, plain).items():
        cost = sharing_cost(gain)
        cells = [f"{by_coherence(cost, count):.1f} to {by_amdahl(cost, count):.1f}"
                 if cost else f"{count}" for count in THREADS[1:]]
        rows.append([name, f"{gain:.2f}", f"{cost:.3f}", *cells])
    header = ["", "speed-up of 2", "α + 2 β", *(f"of {count}" for count in THREADS[1:])]
    return table(header, rows)


TABLES = {"growth.connections": connections, "growth.routes": routes, "growth.fields": fields,
          "growth.content": content, "growth.answered_content": over_socket,
          "growth.posted_content": over_socket, "growth.sessions": sessions,
          "threads.over_sockets": ways}
