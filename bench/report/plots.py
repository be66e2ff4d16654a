# SPDX-License-Identifier: MIT
"""Pictures of the results, as SVG. The same results make the same bytes. Needs matplotlib."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator  # noqa: E402

OURS = "#0a6ebd"
OTHER = "#8a5a00"
THIRD = "#1b7f4d"
FOURTH = "#a0307a"
LAW = "#555555"

STYLE = {
    "svg.hashsalt": "cloakroom", "svg.fonttype": "none", "font.size": 9,
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "figure.facecolor": "white", "savefig.facecolor": "white",  # readable on dark pages, too
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#777777",
    "axes.titlesize": 9.5, "axes.titlelocation": "left", "axes.titlepad": 10,
    "axes.labelcolor": "#222222", "xtick.color": "#444444", "ytick.color": "#444444",
    "axes.grid": True, "grid.color": "#e4e4e4", "grid.linewidth": 0.7, "axes.axisbelow": True,
    "lines.linewidth": 1.7, "lines.markersize": 4.5, "legend.frameon": False,
}

Points = Sequence[tuple[float, float]]


def short(value: float, _: Any = None) -> str:
    """Such as 300, 10k, 1M: for an axis."""
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


def nanoseconds(value: float, _: Any = None) -> str:
    for limit, unit in ((1e6, "ms"), (1e3, "µs")):
        if abs(value) >= limit:
            return f"{value / limit:g} {unit}"
    return f"{value:g} ns" if value else "0"


def microseconds(value: float, _: Any = None) -> str:
    return nanoseconds(value * 1000)


def figure(columns: int = 1, height: float = 3.0, width: float = 7.2) -> tuple[Figure, list[Axes]]:
    made, axes = plt.subplots(1, columns, figsize=(width, height), squeeze=False)
    return made, list(axes[0])


def draw(axes: Axes, points: Points, label: str, colour: str, style: str = "o-",
         **more: Any) -> None:
    axes.plot([x for x, _ in points], [y for _, y in points], style, color=colour, label=label,
              **more)


def draw_law(axes: Axes, xs: Iterable[float], law: Callable[[float], float],
             label: str = "law") -> None:
    places = list(xs)
    axes.plot(places, [law(x) for x in places], "--", color=LAW, linewidth=1.1, label=label,
              zorder=1)


def logarithmic(axis: Any, ticks: Sequence[float], words: Callable[..., str] = short) -> None:
    """Ticks at these values alone."""
    axis.set_ticks(ticks)
    axis.set_major_formatter(FuncFormatter(words))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def from_zero(axes: Axes, room: float = 1.15) -> None:
    """The axis of y begins at 0, and leaves some room above."""
    top = max(float(max(line.get_ydata())) for line in axes.get_lines())
    axes.set_ylim(0, top * room)


def label_ends(axes: Axes, gap: float = 11) -> None:
    """Each line's label beside its last point; those that would meet are moved apart.

    Call it when the axes have their limits. `gap` is in points.
    """
    lines = [each for each in axes.get_lines() if not each.get_label().startswith("_")]
    ends = [axes.transData.transform((float(each.get_xdata()[-1]), float(each.get_ydata()[-1])))
            for each in lines]
    points = 72 / axes.figure.dpi
    low, high = axes.bbox.y0 * points, axes.bbox.y1 * points
    places = [min(max(float(end[1]) * points, low), high) for end in ends]
    order = sorted(range(len(lines)), key=lambda each: places[each])
    wanted = [places[each] for each in order]
    for index in range(1, len(wanted)):
        wanted[index] = max(wanted[index], wanted[index - 1] + gap)
    surplus = sum(want - places[each] for want, each in zip(wanted, order, strict=True))
    shift = surplus / len(wanted) if wanted else 0
    for want, each in zip(wanted, order, strict=True):
        line = lines[each]
        rise = want - shift - float(ends[each][1]) * points
        axes.annotate(str(line.get_label()),
                      (float(line.get_xdata()[-1]), float(line.get_ydata()[-1])),
                      xytext=(6, rise), textcoords="offset points",
                      va="center", fontsize=8, color=line.get_color(), annotation_clip=False)


def legend(axes: Axes) -> None:
    """Where there is no room for labels beside the lines."""
    axes.legend(loc="upper left", handlelength=1.6, fontsize=8, borderaxespad=0.2)


def save(made: Figure, file: Path) -> None:
    """One SVG, without a date."""
    made.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    made.savefig(file, format="svg", metadata={
        "Date": None, "Creator": None, "Rights": "SPDX-License-Identifier: MIT"})
    plt.close(made)
