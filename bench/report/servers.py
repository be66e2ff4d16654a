# SPDX-License-Identifier: MIT
"""Servers that run while cloakroom_load is at them: started, watched and ended here."""
from __future__ import annotations

import ctypes
import os
import re
import resource
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from types import TracebackType
from typing import Any

from .programs import LOAD_CPU, SERVER_CPU, Bench, Unmeasured, end

PR_SET_PDEATHSIG = 1
READY_SECONDS = 10.0
KEPT_SECONDS = 60.0  # an idle connection, by the server; a little less than its default


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def allow_open_files(count: int) -> None:
    """For this process and those that it starts. Raises Unmeasured."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(count, hard)))
    except (ValueError, OSError) as error:
        raise Unmeasured(f"{count} open files are needed; "
                         f"allow them: `ulimit -n {count}`.") from error


class Server:
    """A server of ours on some CPUs. Ends with the `with` block, or with this process."""

    def __init__(self, bench: Bench, command: str, threads: int = 1,
                 cpus: str = str(SERVER_CPU)) -> None:
        words = shlex.split(command)
        bench.program(words[0])
        self._output = tempfile.TemporaryFile()
        self.command = command
        self.process = subprocess.Popen(
            ["taskset", "-c", cpus, *words, "--port", "0", "--threads", str(threads)],
            cwd=bench.build, stdin=subprocess.DEVNULL, stdout=self._output,
            stderr=subprocess.STDOUT, preexec_fn=_die_with_parent)
        try:
            self.port = self._wait_for_port()
        except BaseException:
            self.end()
            raise

    def _wait_for_port(self) -> int:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            # Not read(): the server writes where our common file position is.
            said = os.pread(self._output.fileno(), 16_384, 0).decode(errors="replace")
            found = re.search(r"http://[^/\s]*:(\d+)", said)
            if found:
                return int(found[1])
            if self.process.poll() is not None:
                raise Unmeasured(f"`{self.command}` ended at once. It said: {said.strip()[-300:]}")
            time.sleep(0.01)
        raise Unmeasured(f"`{self.command}` was not ready after {READY_SECONDS:.0f} s.")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        end(self.process)
        self._output.close()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def cpu_seconds(self) -> float:
        """CPU time of all threads of the process so far."""
        cpu_clock = (~self.process.pid << 3) | 2  # as clock_getcpuclockid() makes it
        return time.clock_gettime(cpu_clock)

    def cpu_ticks(self) -> tuple[int, int]:
        """CPU time in user and in kernel mode, in hundredths of a second."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return int(fields[11]), int(fields[12])


class IdleConnections:
    """Connections that have been used once, and are kept open within the `with` block."""

    def __init__(self, server: Server, count: int) -> None:
        allow_open_files(count + 1000)
        self._server = server
        self._count = count
        self._sockets: list[socket.socket] = []
        self._used = 0.0

    def __enter__(self) -> IdleConnections:
        try:
            for _ in range(self._count):
                self._sockets.append(
                    socket.create_connection(("127.0.0.1", self._server.port), timeout=5))
                self._use(self._sockets[-1])
        except (OSError, Unmeasured) as error:
            made = len(self._sockets)
            self.close()
            raise Unmeasured(f"Only {made} of {self._count} idle connections to "
                             f"`{self._server.command}` were made: {error}") from error
        self._used = time.monotonic()
        return self

    def keep(self) -> None:
        """Uses them again where the server would soon close them. Call it now and then."""
        if time.monotonic() - self._used < KEPT_SECONDS / 3:
            return
        self._used = time.monotonic()
        try:
            for each in self._sockets:
                self._use(each)
        except OSError as error:
            raise Unmeasured(f"`{self._server.command}` lost an idle connection: "
                             f"{error}") from error

    def _use(self, connection: socket.socket) -> None:
        host = f"127.0.0.1:{self._server.port}"
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
            raise Unmeasured(f"`{self._server.command}` gave no good answer.")

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for each in self._sockets:
            each.close()
        self._sockets.clear()


def load(bench: Bench, server: Server, path: str = "/", connections: int = 64,
         seconds: float | None = None, more: list[str] | None = None,
         cpu: int | None = LOAD_CPU, has_warm_up: bool = True) -> dict[str, Any]:
    """bench/cloakroom_load at one server. Its answer, as it prints it.

    Whoever reads the server's CPU time before and after wants no warm-up, which counts no requests.
    """
    duration = bench.effort.load_seconds if seconds is None else seconds
    options = ["--connections", str(connections), "--seconds", str(duration),
               "--warm-up", str(min(1.0, duration / 2) if has_warm_up else 0), *(more or [])]
    program = bench.program("bench/cloakroom_load")
    allow_open_files(connections + 1000)
    answer: dict[str, Any] = bench.run_json(
        [program, server.url(path), *options, "--json"], 60 + 3 * duration, cpu, fine=(0, 1))
    if not answer.get("requests"):
        raise Unmeasured(f"`{server.command}` gave no good answer to `cloakroom_load`.")
    return answer
