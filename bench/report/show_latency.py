# SPDX-License-Identifier: MIT
"""Tables of latency. An answer is what cloakroom_load printed; figures are medians of answers."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .tables import digits, duration, middle, paired_ratio, table, times

Answers = Sequence[dict[str, Any]]
PERCENTILES = {"p50": "50 %", "p90": "90 %", "p99": "99 %", "p99_9": "99.9 %", "p99_99": "99.99 %"}
KEPT = 0.98  # of the rate that was asked for


def percentile(answers: Answers, name: str) -> float:
    """In microseconds."""
    return middle(each["latency_us"][name] for each in answers)


def kept(answers: Answers, rate: float) -> bool:
    """Whether requests were sent and answered at that rate."""
    return middle(each["requests_per_second"] for each in answers) >= KEPT * rate


def _errors(answers: Answers) -> int:
    return sum(sum(each.get("errors", {}).values()) for each in answers)


def _notes(runs: Sequence[tuple[str, Answers, float]]) -> str:
    """Lines about what was not as it should be: name, answers, rate."""
    lines = [f"{name}: the rate of {rate:,.0f} a second was not kept."
             for name, answers, rate in runs if not kept(answers, rate)]
    lines += [f"{name}: {_errors(answers)} errors."
              for name, answers, rate in runs if _errors(answers)]
    return "\n\n" + " ".join(lines) if lines else ""


def _us(value: float) -> str:
    return duration(value * 1000)


def by_load(result: Any) -> str:
    rows = []
    runs = []
    for each in result["loads"]:
        epoll, hello = each["servers"]["epoll"], each["servers"]["hello"]
        cells = [_us(percentile(answers, name)) for name in ("p50", "p99", "p99_9")
                 for answers in (epoll, hello)]
        ratio, _, _ = paired_ratio(_ratios(hello, epoll, "p99"))
        rows.append([f"{100 * each['share']:.0f} %", f"{each['rate']:,}", *cells, times(ratio)])
        runs += [(f"`{name}` at {100 * each['share']:.0f} %", answers, float(each["rate"]))
                 for name, answers in each["servers"].items()]
    header = ["load", "requests a second"]
    header += [f"{words}, {name}" for words in ("50 %", "99 %", "99.9 %")
               for name in ("`epoll_hello`", "`hello`")]
    return table([*header, "ratio at 99 %"], rows) + _notes(runs)


def _ratios(top: Answers, bottom: Answers, name: str) -> list[float]:
    """Round by round."""
    return [max(0.001, one["latency_us"][name]) / max(0.001, other["latency_us"][name])
            for one, other in zip(top, bottom, strict=True)]


def _side_by_side(result: Any, bottom: str, top: str, names: tuple[str, str]) -> str:
    servers = result["servers"]
    rows = []
    for name, words in PERCENTILES.items():
        ratio, low, high = paired_ratio(_ratios(servers[top], servers[bottom], name))
        below, above = percentile(servers[bottom], name), percentile(servers[top], name)
        rows.append([words, _us(below), _us(above), f"**{times(ratio)}**",
                     f"{digits(low)} to {digits(high)}"])
    runs = [(name, servers[each], float(result["rate"]))
            for name, each in zip(names, (bottom, top), strict=True)]
    return table(["percentile", *names, "ratio", "95 % confidence"], rows) + _notes(runs)


def slow_readers(result: Any) -> str:
    return _side_by_side(result, "epoll", "hello", ("`epoll_hello`", "`hello`"))


def idle_connections(result: Any) -> str:
    return _side_by_side(result, "alone", "crowded",
                         ("`hello`", f"with {result['idle']:,} idle connections"))


TABLES = {"latency.by_load": by_load, "latency.slow_readers": slow_readers,
          "latency.idle_connections": idle_connections}
