# SPDX-License-Identifier: MIT
"""Pictures of how cost grows, without a socket; the law beside it is dashed."""
from __future__ import annotations

from matplotlib.figure import Figure

from . import plots
from .laws import by_amdahl, by_coherence, constant, line, sharing_cost
from .plots import FOURTH, LAW, OTHER, OURS, THIRD
from .results import Results
from .show_growth import family, gains
from .tables import size

COLOURS = (OURS, OTHER, THIRD, FOURTH, "#6b4fb3")


def routes(results: Results) -> Figure | None:
    result = results.result("growth.routes")
    if not result:
        return None
    made, (axes,) = plots.figure(height=2.7, width=5.2)
    for name, label, colour in (("BM_route_among", "numbered names", OURS),
                                ("BM_route_among_random_letters", "random letters", OTHER)):
        points = family(result, name)
        plots.draw(axes, points, label, colour)
        plots.draw_law(axes, [x for x, _ in points], constant(points, 10),
                       "law: constant" if colour == OURS else "_")
    axes.set_xscale("log")
    plots.logarithmic(axes.xaxis, [x for x, _ in family(result, "BM_route_among")])
    axes.set_xlabel("routes")
    axes.set_ylabel("a lookup, ns")
    plots.from_zero(axes, 1.35)
    plots.label_ends(axes)
    return made


def fields(results: Results) -> Figure | None:
    result = results.result("growth.fields")
    if not result:
        return None
    made, (axes,) = plots.figure(height=2.7, width=5.2)
    for name, label, colour in (("BM_growth_request_fields", "the whole request", OURS),
                                ("BM_growth_parse_fields", "parsing", OTHER)):
        points = family(result, name)
        plots.draw(axes, points, label, colour)
        plots.draw_law(axes, [x for x, _ in points], line(points, 1, 100),
                       "law: a straight line" if colour == OURS else "_")
    axes.set_xlabel("fields of a request")
    axes.yaxis.set_major_formatter(plots.nanoseconds)
    axes.set_ylabel("time")
    axes.set_xlim(0, None)
    plots.from_zero(axes)
    plots.label_ends(axes)
    return made


def content(results: Results) -> Figure | None:
    """Both axes are logarithmic: a fixed cost is flat there, a cost by the byte rises by 45 °."""
    plain = results.result("growth.content")
    sent = results.result("growth.answered_content")
    posted = results.result("growth.posted_content")
    left = ([("received", family(plain, "BM_growth_posted_bytes"), OURS),
             ("sent", family(plain, "BM_growth_answered_bytes"), OTHER)] if plain else [])
    right = [(label, [(row[0], row[1] * 1000) for row in rows], colour)
             for label, rows, colour in (("received", posted, OURS), ("sent", sent, OTHER)) if rows]
    panels = [(title, series) for title, series in (("without a socket", left),
                                                    ("over a socket", right)) if series]
    if not panels:
        return None
    made, all_axes = plots.figure(columns=len(panels), width=3.6 * len(panels))
    for axes, (title, series) in zip(all_axes, panels, strict=True):
        for label, points, colour in series:
            law = line(points, points[0][0], 65536)
            seen = [(x, y) for x, y in points if x > 0]
            plots.draw(axes, seen, label, colour)
            plots.draw_law(axes, [x for x, _ in seen], law,
                           "law: fixed + by the byte" if label == series[0][0] else "_")
        axes.set_xscale("log")
        axes.set_yscale("log")
        plots.logarithmic(axes.xaxis, [1 << 8, 1 << 12, 1 << 16, 1 << 20], _bytes)
        axes.tick_params(axis="x", labelsize=8)
        low, high = axes.get_ylim()
        plots.logarithmic(axes.yaxis, [10.0**power for power in range(1, 8)
                                       if low <= 10.0**power <= high], plots.nanoseconds)
        axes.set_title(title)
        axes.set_xlabel("content")
        plots.label_ends(axes)
    all_axes[0].set_ylabel("CPU time a request")
    return made


def _bytes(value: float, _: object = None) -> str:
    return size(value).replace("iB", "")


def sessions(results: Results) -> Figure | None:
    result = results.result("growth.sessions")
    if not result:
        return None
    rows = result["BM_memory_visit_among"]
    points = family(result, "BM_memory_visit_among")
    made, (left, right) = plots.figure(columns=2, height=2.7)
    plots.draw(left, points, "load and commit", OURS)
    plots.draw_law(left, [x for x, _ in points], constant(points, 100), "law: constant")
    left.set_title("a load and a commit, ns")
    each = [(count, counters["bytes_each"]) for count, _, counters in rows if count >= 1000]
    plots.draw(right, each, "measured", OURS)
    plots.draw_law(right, [x for x, _ in each], lambda _: each[-1][1], "law: constant")
    right.set_title("bytes a session, from 1,000 sessions on")
    for axes, xs in ((left, [x for x, _ in points]), (right, [x for x, _ in each])):
        axes.set_xscale("log")
        plots.logarithmic(axes.xaxis, xs)
        axes.set_xlabel("sessions in memory")
        plots.from_zero(axes)
    plots.label_ends(left)
    return made


def threads(results: Results) -> Figure | None:
    """Speed-up by event loops: measured to 2, and from there what the laws make of it."""
    found = gains(results.result("threads.over_sockets"), results.result("threads.without_sockets"))
    if not found:
        return None
    made, (axes,) = plots.figure(height=4.0)
    counts = [2**(each / 4) for each in range(0, 25)]
    axes.plot(counts, counts, "--", color=LAW, linewidth=1.1, label="nothing is shared")
    for (name, gain), colour in zip(found.items(), COLOURS, strict=False):
        cost = sharing_cost(gain)
        top = [by_amdahl(cost, count) for count in counts]
        axes.plot(counts, top, color=colour, label=f"{name}: {gain:.2f}")
        axes.fill_between(counts, [by_coherence(cost, count) for count in counts], top,
                          color=colour, alpha=0.10, linewidth=0)
        axes.plot([1, 2], [1, min(gain, 2.2)], "o", color=colour)
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = [1, 2, 4, 8, 16, 32, 64]
    plots.logarithmic(axes.xaxis, ticks)
    plots.logarithmic(axes.yaxis, ticks)
    axes.set_ylim(0.8, 80)
    axes.set_xlabel("event loops, with a core each")
    axes.set_ylabel("speed-up")
    axes.set_title("measured for 1 and 2 (dots); "
                   "beyond: by Amdahl (line) down to by coherence (band)")
    plots.label_ends(axes)
    return made


PICTURES = {"routes": routes, "fields": fields, "content": content, "sessions": sessions,
            "threads": threads}
