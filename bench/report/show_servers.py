# SPDX-License-Identifier: MIT
"""Tables of servers that were compared by CPU time: side by side, and a request over a socket."""
from __future__ import annotations

from typing import Any

from .tables import bad_answers, digits, table, times, verdict


def spread(ratio: dict[str, float]) -> str:
    return f"{ratio['q1']:.2f} to {ratio['q3']:.2f}"


def peers(result: Any) -> str:
    """Ratios to the first server, the smallest first."""
    servers = sorted(result["servers"], key=lambda each: float(each["ratio"]["median"]))
    rows = []
    for each in servers:
        version = f" ({each['version']})" if each.get("version") else ""
        rows.append([f"`{each['name']}`{version}: {each.get('what', '').rstrip('.')}",
                     f"**{times(each['ratio']['median'])}**", spread(each["ratio"]),
                     f"{digits(each['cpu_us']['median'])} µs",
                     f"{each['requests_per_second']:,.0f}"])
    header = ["server", f"ratio to `{result['servers'][0]['name']}`", "quartiles",
              "CPU time a request", "requests a second"]
    return table(header, rows) + bad_answers(servers)


def _compared(result: Any, names: dict[str, str], aims: dict[str, str]) -> str:
    rows = []
    for index, each in enumerate(result["servers"]):
        ratio = each["ratio"]["median"]
        rows.append([names.get(each["name"], f"`{each['name']}`"),
                     f"{digits(each['cpu_us']['median'])} µs",
                     f"**{times(ratio)}**" if index else "1",
                     spread(each["ratio"]) if index else "",
                     verdict(aims.get(each["name"], ""), ratio) if index else "",
                     f"{each['requests_per_second']:,.0f}"])
    header = ["server", "CPU time a request", "ratio", "quartiles", "aim", "requests a second"]
    return table(header, rows) + bad_answers(result["servers"])


def one_at_a_time(result: Any) -> str:
    return _compared(result, {"epoll": "`epoll_hello`"}, {"hello": "hello"})


def pipelined(result: Any) -> str:
    return _compared(result, {"epoll": "`epoll_hello`"}, {"hello": "hello, 16 pipelined"})


def counters(result: Any) -> str:
    stores = ("memory", "signed", "sealed", "flask")
    return _compared(result, {each: f"`visit_counter --sessions {each}`" for each in stores},
                     {each: each for each in stores})


def machine(result: Any) -> str:
    return _compared(result, {"counter": "`visit_counter --sessions memory`",
                              "machine": "`machine_server`: `POST /flow/events/count`"}, {})


def kernel_share(result: Any) -> str:
    return table(["server", "in the kernel", "in the program and its libraries"],
                 [[each["name"], f"{100 * each['kernel']:.0f} %",
                  f"{100 - 100 * each['kernel']:.0f} %"]
                  for each in result])


TABLES = {
    **{f"peers.{kind}": peers
       for kind in ("hello", "json", "counter", "content64k", "content1m", "static_file",
                    "event")},
    "hello.one_at_a_time": one_at_a_time,
    "hello.pipelined": pipelined,
    "hello.counters": counters,
    "hello.machine": machine,
    "hello.kernel_share": kernel_share,
}
