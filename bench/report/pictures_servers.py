# SPDX-License-Identifier: MIT
"""Pictures of servers: side by side, and their latency."""
from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import plots
from .plots import OTHER, OURS
from .results import Results
from .show_latency import percentile
from .tables import digits, middle, times

KINDS = {"hello": "a fixed text", "json": "JSON", "counter": "a counter in a session",
         "content64k": "64 KiB", "content1m": "1 MiB", "static_file": "a file of 64 KiB",
         "event": "an event of a state machine"}
PERCENTAGES = (50, 90, 99, 99.9, 99.99)


def _rows(results: Results) -> list[tuple[str, float, str, bool]]:
    """Name, ratio to the first server of ours, what to write beside it, whether it is ours.

    A kind's heading has no ratio.
    """
    rows: list[tuple[str, float, str, bool]] = []
    for kind, words in KINDS.items():
        result = results.result(f"peers.{kind}")
        if not result or len(result["servers"]) < 2:
            continue
        servers = sorted(result["servers"], key=lambda each: float(each["ratio"]["median"]))
        first = next((each for each in result["servers"] if each.get("ours")), servers[0])
        rows.append((words, 0, "", False))
        for each in servers:
            ratio = each["ratio"]["median"] / first["ratio"]["median"]
            cost = f"{digits(each['cpu_us']['median'])} µs"
            rows.append((each["name"], ratio, cost if each is first else f"{times(ratio)}, {cost}",
                         bool(each.get("ours"))))
    return rows


def side_by_side(results: Results) -> Figure | None:
    """Bars of ratios to Cloakroom by kind. They begin at 1, so the scale may be logarithmic."""
    rows = _rows(results)
    if not rows:
        return None
    made, (axes,) = plots.figure(height=0.7 + 0.19 * len(rows))
    for place, (name, ratio, words, own) in enumerate(rows):
        axes.text(-0.01, place, name, transform=axes.get_yaxis_transform(), ha="right", va="center",
                  color=OURS if own else "#222222", weight="normal" if ratio else "bold")
        if not ratio:
            continue
        if ratio == 1:
            axes.plot([1], [place], "D", color=OURS, markersize=5)
        axes.barh(place, ratio - 1, left=1, height=0.62, color=OURS if own else "#b9b9b9")
        axes.annotate(words, (max(ratio, 1), place), xytext=(6, 0), textcoords="offset points",
                      va="center", fontsize=8, color="#333333")
    ratios = [ratio for _, ratio, _, _ in rows if ratio]
    axes.set_xscale("log")
    axes.set_xlim(min(0.9, min(ratios) * 0.9), max(ratios) * 3)
    plots.logarithmic(axes.xaxis, [each for each in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
                                   if min(ratios) * 0.9 <= each <= max(ratios) * 1.5])
    axes.axvline(1, color=OURS, linewidth=1)
    axes.set_ylim(len(rows) - 0.4, -0.8)
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("CPU time a request, by that of Cloakroom (logarithmic scale)")
    return made


def latency_by_load(results: Results) -> Figure | None:
    result = results.result("latency.by_load")
    if not result:
        return None
    made, (left, right) = plots.figure(columns=2)
    for axes, name, title in ((left, "p99", "99 % of answers are faster"),
                              (right, "p99_9", "99.9 % are faster")):
        for server, colour in (("epoll", OTHER), ("hello", OURS)):
            points = [(100 * each["share"], percentile(each["servers"][server], name))
                      for each in result["loads"]]
            plots.draw(axes, points, "epoll_hello" if server == "epoll" else server, colour)
        axes.set_title(title)
        axes.set_xlabel("load, % of what hello takes at most")
        axes.set_xticks([100 * each["share"] for each in result["loads"]])
        axes.set_yscale("log")
        _tick_times(axes, *axes.get_ylim())
    left.set_ylabel("latency")
    plots.label_ends(left)
    return made


def _tick_times(axes: Axes, least: float, most: float) -> None:
    steps = (1,) if most > 150 * least else (1, 2, 5)
    ticks = [base * 10**power for power in range(0, 8) for base in steps]
    plots.logarithmic(axes.yaxis, [each for each in ticks if least <= each <= most],
                      plots.microseconds)


def _curve(answers: list[dict[str, Any]]) -> list[tuple[float, float]]:
    names = ("p50", "p90", "p99", "p99_9", "p99_99")
    return [(-math.log10(1 - share / 100), percentile(answers, name))
            for share, name in zip(PERCENTAGES, names, strict=True)]


def latency_curves(results: Results) -> Figure | None:
    """Percentiles at half of saturation; the axis has a tick for each nine."""
    loads = results.result("latency.by_load")
    slow = results.result("latency.slow_readers")
    idle = results.result("latency.idle_connections")
    half = next((each["servers"] for each in (loads or {"loads": []})["loads"]
                 if each["share"] == 0.5), None)
    panels = [("at half of saturation", half, (("epoll", "epoll_hello"), ("hello", "hello"))),
              ("one connection in 100 slow", (slow or {}).get("servers"),
               (("epoll", "epoll_hello"), ("hello", "hello"))),
              ("hello, idle connections", (idle or {}).get("servers"),
               (("alone", "none"), ("crowded", f"{(idle or {}).get('idle', 0):,}")))]
    shown = [each for each in panels if each[1]]
    if not shown:
        return None
    made, all_axes = plots.figure(columns=len(shown), height=2.9, width=2.4 * len(shown) + 0.4)
    most = 0.0
    for axes, (title, answers, series) in zip(all_axes, shown, strict=True):
        assert answers is not None
        for (name, label), colour in zip(series, (OTHER, OURS), strict=True):
            points = _curve(answers[name])
            most = max(most, *(y for _, y in points))
            plots.draw(axes, points, label, colour)
        axes.set_title(title)
        axes.set_xticks([-math.log10(1 - each / 100) for each in PERCENTAGES])
        axes.set_xticklabels([f"{each:g}" for each in PERCENTAGES], fontsize=8)
        axes.set_xlabel("% of answers are faster")
        plots.legend(axes)
    least = min(float(min(line.get_ydata())) for axes in all_axes for line in axes.get_lines())
    top = most * max(3, (most / least)**0.45)  # room for the legend
    for axes in all_axes:
        axes.set_yscale("log")
        axes.set_ylim(least * 0.8, top)
        _tick_times(axes, least * 0.8, top)
    all_axes[0].set_ylabel("latency")
    return made


def connections(results: Results) -> Figure | None:
    result = results.result("growth.connections")
    if not result:
        return None
    made, (left, right) = plots.figure(columns=2)
    counts = [each["connections"] for each in result]
    for index, (label, colour) in enumerate((("epoll_hello", OTHER), ("hello", OURS))):
        servers = [each["servers"][index] for each in result]
        plots.draw(left, [(count, each["cpu_us"]["median"])
                          for count, each in zip(counts, servers, strict=True)], label, colour)
        plots.draw(right, [(count, each["requests_per_second"] / 1000)
                           for count, each in zip(counts, servers, strict=True)], label, colour)
    at = counts.index(100)
    hello = result[at]["servers"][1]
    plots.draw_law(left, counts, lambda _: hello["cpu_us"]["median"], "law: constant")
    plots.draw_law(right, counts, lambda _: hello["requests_per_second"] / 1000, "law: constant")
    for axes, title in ((left, "CPU time a request, µs"),
                        (right, "thousands of requests a second")):
        axes.set_xscale("log")
        plots.logarithmic(axes.xaxis, counts)
        axes.set_xlabel("connections, all busy")
        axes.set_title(title)
        plots.from_zero(axes)
    plots.label_ends(left)
    return made


def ways(results: Results) -> Figure | None:
    """CPU time of one process with two event loops, beside others."""
    result = results.result("threads.over_sockets")
    if not result:
        return None
    made, all_axes = plots.figure(columns=len(result), height=2.2)
    for axes, (app, measured) in zip(all_axes, result.items(), strict=True):
        for place, (way, rounds) in enumerate(measured.items()):
            cost = middle(cost for cost, _ in rounds)
            axes.barh(place, cost, height=0.6,
                      color=OURS if way == "one process, two event loops" else "#b9b9b9")
            axes.text(cost * 1.02, place, f"{cost:.2f}", va="center", fontsize=8)
        axes.set_yticks(range(len(measured)))
        axes.set_yticklabels([way.replace(", ", ",\n") for way in measured]
                             if axes is all_axes[0] else [""] * len(measured), fontsize=8)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.set_title(app)
        axes.set_xlabel("CPU time a request, µs")
        axes.set_xlim(0, axes.get_xlim()[1] * 1.1)
    return made


PICTURES = {"side_by_side": side_by_side, "latency_by_load": latency_by_load,
            "latency_curves": latency_curves, "connections": connections, "ways": ways}
