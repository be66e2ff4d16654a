# SPDX-License-Identifier: MIT
"""What measured growth is held against: lines drawn through one or two of the measured points, and
what the second thread says of the sixty-fourth."""
from __future__ import annotations

from collections.abc import Callable, Sequence

Law = Callable[[float], float]
Points = Sequence[tuple[float, float]]


def at(points: Points, x: float) -> float:
    """The measured value at x, which must be there."""
    return next(y for each, y in points if each == x)


def constant(points: Points, x: float) -> Law:
    """Cost does not depend on x: it stays what it is at that point."""
    value = at(points, x)
    return lambda _: value


def line(points: Points, first: float, second: float) -> Law:
    """A fixed cost, and as much again for each: the straight line through two points."""
    low, high = at(points, first), at(points, second)
    slope = (high - low) / (second - first)
    return lambda x: low + slope * (x - first)


def sharing_cost(gain: float) -> float:
    """What two threads lose by sharing: 2 / gain - 1; gain is their throughput by that of one.

    In the universal scalability law this is α + 2 β. Below nothing, which is noise, it is nothing.
    """
    return max(0.0, 2 / gain - 1)


def by_amdahl(cost: float, threads: float) -> float:
    """The speed-up if all of the loss is waiting in line (β = 0)."""
    return threads / (1 + cost * (threads - 1))


def by_coherence(cost: float, threads: float) -> float:
    """The speed-up if all of the loss is each keeping up with each other (α = 0)."""
    return threads / (1 + cost / 2 * threads * (threads - 1))
