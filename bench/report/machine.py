# SPDX-License-Identifier: MIT
"""What a measurement was taken on: machine, kernel, compiler, libraries, commit, date."""
from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

PACKAGES = {"Boost": "libboost1.81-dev", "OpenSSL": "libssl-dev",
            "nlohmann_json": "nlohmann-json3-dev", "hiredis": "libhiredis-dev",
            "zlib": "zlib1g-dev", "Google Benchmark": "libbenchmark-dev"}


def _first_line(*words: str, where: Path | None = None) -> str:
    """The first line that a command prints; empty if it cannot be run."""
    try:
        done = subprocess.run(words, cwd=where, capture_output=True, text=True, timeout=20,
                              check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0].strip() if done.returncode == 0 else ""


def package_version(package: str) -> str:
    """The upstream version of an installed Debian package, such as 1.81.0; empty if it is none."""
    version = _first_line("dpkg-query", "-W", "-f=${Version}", package)
    upstream = re.match(r"(?:\d+:)?([0-9.]*[0-9])", version)
    return upstream[1] if upstream else ""


def _cpu_model() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    found = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    numbers = [re.search(rf"^{name}\s*:\s*(\d+)$", text, re.MULTILINE)
               for name in ("cpu family", "model")]
    model = found[1].strip() if found else platform.machine()
    return model + (f" (family {numbers[0][1]}, model {numbers[1][1]})"
                    if numbers[0] and numbers[1] else "")


def _is_virtual() -> bool:
    return " hypervisor" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")


def _memory_gib() -> int:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return round(pages / 2**30)


def _cached(build: Path, name: str) -> str:
    """A value of CMakeCache.txt; empty if it is not there."""
    try:
        text = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(rf"^{name}:[A-Z]+=(.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def commit(root: Path) -> str:
    """Such as "1a2b3c4d5e", with a word if sources were changed after it."""
    name = _first_line("git", "rev-parse", "--short=10", "HEAD", where=root)
    changed = _first_line("git", "status", "--porcelain", "--untracked-files=no", "--",
                          "src", "include", "examples", "bench", where=root)
    return (name or "unknown") + (" with changes" if changed else "")


def facts(root: Path) -> dict[str, str]:
    """What the document names above its figures, ready to be shown."""
    build = root / "build" / "release"
    compiler = re.sub(r"^c\+\+ ", "g++ ", _first_line(  # what CMake finds is Debian's c++
        _cached(build, "CMAKE_CXX_COMPILER") or "g++", "--version"))
    options = _cached(build, "CMAKE_CXX_FLAGS_RELEASE")
    libraries = [f"{name} {version}" for name, package in PACKAGES.items()
                 if (version := package_version(package))]
    return {
        "date": datetime.date.today().isoformat(),
        "commit": commit(root),
        "machine": ("a virtual machine with " if _is_virtual() else "")
        + f"{os.cpu_count()} cores of {_cpu_model()}, {_memory_gib()} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "compiler": f"{compiler} {options}".strip(),
        "libraries": ", ".join(libraries),
    }
