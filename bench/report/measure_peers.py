# SPDX-License-Identifier: MIT
"""Side by side: Cloakroom beside other frameworks and servers, kind by kind."""
from __future__ import annotations

import json
from typing import Any

from .machine import package_version
from .programs import Bench, Unmeasured

KINDS = ("hello", "json", "counter", "content64k", "content1m", "static_file", "event")


def _servers(bench: Bench) -> list[dict[str, Any]]:
    file = bench.root / "bench" / "servers.json"
    try:
        listed: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unmeasured("`bench/servers.json`, the list of the servers to compare with, "
                         "is missing.") from error
    return listed


def _measure_kind(bench: Bench, kind: str) -> dict[str, Any]:
    listed = [each for each in _servers(bench) if each["kind"] == kind]
    if not listed:
        raise Unmeasured(f"`bench/servers.json` lists no server of the kind {kind}.")
    servers = f"{bench.root}/bench/servers.json"
    answer = bench.compare(["--servers", servers, "--kind", kind], len(listed), share=0.5)
    bench.commands = [each.replace(servers, "../../bench/servers.json") for each in bench.commands]
    by_name = {each["name"]: each for each in listed}
    for server in answer["servers"]:
        entry = by_name.get(server["name"], {})
        server["what"] = entry.get("what", "")
        server["ours"] = server["what"].startswith("Cloakroom")
        versions = [package_version(each) for each in (entry.get("package") or "").split()]
        server["version"] = ", ".join(each for each in versions if each)
    return dict(answer)


def _kind(name: str) -> Any:
    return lambda bench: _measure_kind(bench, name)


PARTS = {kind: _kind(kind) for kind in KINDS}
