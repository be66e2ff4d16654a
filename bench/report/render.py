# SPDX-License-Identifier: MIT
"""Fills performance.md.in with what was measured. Imports no matplotlib."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import show_growth, show_latency, show_micro, show_servers
from .results import Results

TEMPLATE = Path(__file__).with_name("performance.md.in")
Shown = Callable[[Any], str]
TABLES: dict[str, Shown] = {**show_servers.TABLES, **show_latency.TABLES, **show_growth.TABLES,
                            **show_micro.TABLES}
# Tables of another part than the one they are called after.
PART_OF = {"micro.session_bytes": "micro.million_sessions"}
ALT = {
    "side_by_side": "Bars: CPU time of a request by server, as a multiple of Cloakroom's",
    "latency_by_load": "Lines: latency by load, of hello and of a bare epoll loop",
    "latency_curves": "Lines: percentiles of latency at half of saturation",
    "connections": "Lines: CPU time and throughput by connections",
    "routes": "Lines: time of a lookup by routes",
    "fields": "Lines: time of a request by its fields",
    "content": "Lines: time of a request by its content",
    "sessions": "Lines: time and bytes by sessions in memory",
    "ways": "Bars: CPU time of a request by processes and event loops",
    "threads": "Lines: speed-up by event loops, measured and predicted",
}


def not_measured(why: str) -> str:
    return f"*Not measured: {why}*"


def shown(results: Results, name: str) -> str:
    """The table of that name, or why there is none."""
    part = results.part(PART_OF.get(name, name))
    if "result" not in part:
        return not_measured(part["failed"])
    return TABLES[name](part["result"])


def requests(results: Results) -> str:
    """Whole requests, with the instructions that are allowed where those are known."""
    part = results.part("micro.micro")
    if "result" not in part:
        return not_measured(part["failed"])
    return show_micro.requests(part["result"], results.result("micro.budgets"))


def prediction(results: Results) -> str:
    sockets, plain = (results.result(f"threads.{each}")
                      for each in ("over_sockets", "without_sockets"))
    if not sockets and not plain:
        return not_measured(results.part("threads.without_sockets")["failed"])
    return show_growth.prediction(sockets, plain)


def commands(results: Results, name: str) -> str:
    """What was run, in a block; nothing where nothing was."""
    lines = results.part(name).get("commands", [])
    return "```sh\n" + "\n".join(lines) + "\n```" if lines else ""


def taken(results: Results) -> str:
    """On what it was measured, sections that differ apart."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, section in results.sections.items():
        groups.setdefault(tuple(sorted(section["taken"].items())), []).append(name)
    lines = []
    for facts, sections in groups.items():
        each = dict(facts)
        which = "" if len(groups) == 1 else f" ({', '.join(sections)})"
        lines.append(f"Measured on {each['date']}{which}, commit {each['commit']}:\n\n"
                     f"- {each['machine']}; {each['kernel']}\n"
                     f"- {each['compiler']}; {each['libraries']}")
    quick = [name for name, section in results.sections.items() if section["quick"]]
    if quick:
        lines.append(f"**Quick figures, not to be quoted** ({', '.join(quick)}): of "
                     "`scripts/bench --quick`.")
    return "\n\n".join(lines) or not_measured("run `scripts/bench`.")


def picture(pictures: Path, name: str) -> str:
    """A link to the picture, if it has been drawn."""
    if not (pictures / f"{name}.svg").is_file():
        return ""
    return f"![{ALT[name]}]({pictures.name}/{name}.svg)"


def fill(template: str, results: Results, pictures: Path) -> str:
    """The document. Raises KeyError for a placeholder that means nothing."""
    def replace(found: re.Match[str]) -> str:
        kind, _, name = found[1].partition(":")
        if kind == "table":
            return shown(results, name)
        if kind == "commands":
            return commands(results, name)
        if kind == "picture":
            return picture(pictures, name)
        return {"taken": taken, "requests": requests, "prediction": prediction}[kind](results)

    text = re.sub(r"\{\{([a-z0-9_:.]+)\}\}", replace, template)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def write(results: Results, document: Path) -> None:
    """Writes the document; its pictures are in a folder beside it, called as it is."""
    text = fill(TEMPLATE.read_text(encoding="utf-8"), results, document.with_suffix(""))
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text(text, encoding="utf-8")
