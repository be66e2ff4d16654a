# SPDX-License-Identifier: MIT
"""Tables in Markdown, and how figures are written in them."""
from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import Any

# Ratios that must not be exceeded: the first five to the server named, by CPU time of a request.
AIMS = {
    "hello": 1.05,  # to a bare epoll loop
    "hello, 16 pipelined": 1.30,
    "memory": 1.10,  # to hello
    "signed": 1.15,
    "sealed": 1.15,
    "flask": 1.30,
}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all columns but the first are to the right."""
    lines = ["| " + " | ".join(header) + " |",
             "|---|" + "---:|" * (len(header) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def duration(nanoseconds: float) -> str:
    """Such as "41 ns", "1.31 µs", "12.3 ms": three digits."""
    value, unit = nanoseconds, "ns"
    for larger in ("µs", "ms", "s"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{digits(value)} {unit}"


def digits(value: float) -> str:
    """Three digits, with separators above a thousand."""
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    if abs(value) >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.9995 or value == 0 else f"{value:.3f}"


def size(count: float) -> str:
    """Bytes, in the largest unit that leaves a whole number."""
    for power, unit in ((20, "MiB"), (10, "KiB")):
        if count >= 1 << power and count % (1 << power) == 0:
            return f"{int(count) >> power} {unit}"
    return f"{count:,.0f} B"


def times(ratio: float) -> str:
    return f"{ratio:.2f} ×"


def middle(values: Iterable[float]) -> float:
    return float(statistics.median(values))


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def paired_ratio(ratios: Sequence[float]) -> tuple[float, float, float]:
    """The factor between two quantities measured in pairs, and its 95 % confidence interval.

    Hodges and Lehmann's estimate, in logarithms: the median of the means of any two ratios, with the
    interval that belongs to Wilcoxon's signed rank test. Where a disturbance strikes some of the
    measurements and not others, the median of the ratios is any of several values; this is not.
    """
    logs = [math.log(ratio) for ratio in ratios]
    means = sorted((one + other) / 2
                   for place, one in enumerate(logs) for other in logs[place:])
    count = len(logs)
    deviation = math.sqrt(count * (count + 1) * (2 * count + 1) / 24)
    cut = max(0, math.floor(len(means) / 2 - 1.96 * deviation))
    return (math.exp(statistics.median(means)), math.exp(means[cut]),
            math.exp(means[len(means) - 1 - cut]))


def verdict(name: str, ratio: float) -> str:
    """The aim, and whether it is met; empty where there is none."""
    if name not in AIMS:
        return ""
    return f"{AIMS[name]:.2f} ×: " + ("met" if ratio <= AIMS[name] else "**missed**")


def bad_answers(servers: Iterable[dict[str, Any]]) -> str:
    """A line about answers of cpu_per_request that were bad; empty if none was."""
    found = [f"`{each['name']}` {each['bad']}" for each in servers if each.get("bad")]
    return "\n\nBad answers: " + ", ".join(found) + "." if found else ""
