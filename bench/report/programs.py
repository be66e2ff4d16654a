# SPDX-License-Identifier: MIT
"""Runs the measuring programs, each for a bounded time, and says what to do if one fails."""
from __future__ import annotations

import json
import shlex
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SERVER_CPU = 0
LOAD_CPU = 1


class Unmeasured(Exception):
    """What cannot be measured. The text is for the document: why, and what to do."""


@dataclass(frozen=True)
class Effort:
    """How long to measure. Times are in seconds."""

    rounds: int  # in which servers are compared, by turns
    seconds: float  # of a server in a round
    load_rounds: int  # runs of cloakroom_load on a server at one load
    load_seconds: float  # of one such run
    short_turns: int  # runs of a server, of 0.1 s at most, where its tail is compared
    bench_seconds: float  # of a micro-benchmark, at least
    repetitions: int  # of a micro-benchmark


QUICK = Effort(rounds=3, seconds=0.2, load_rounds=2, load_seconds=0.8, short_turns=20,
               bench_seconds=0.02, repetitions=1)
FULL = Effort(rounds=14, seconds=1.0, load_rounds=5, load_seconds=4.0, short_turns=400,
              bench_seconds=0.2, repetitions=5)


@dataclass
class Bench:
    """Where things are, how much effort to take, and which commands were run (for the document)."""

    root: Path
    effort: Effort
    commands: list[str] = field(default_factory=list)

    @property
    def build(self) -> Path:
        return self.root / "build" / "release"

    def program(self, name: str) -> str:
        """The path below build/release, where all programs are run. Raises Unmeasured."""
        if not (self.build / name).is_file():
            raise Unmeasured(f"`build/release/{name}` is missing; build it: "
                             f"`cmake --build --preset release --target {Path(name).name}`.")
        return name

    def note(self, command: str) -> None:
        """Has the document show this command, once."""
        if command not in self.commands:
            self.commands.append(command)

    def run(self, words: list[str], seconds: float, cpu: int | None = None,
            fine: tuple[int, ...] = (0,), where: Path | None = None) -> str:
        """What the program prints, if its exit status is one of `fine`. Raises Unmeasured.

        It is ended after so many seconds, politely first, so that it ends the servers it started.
        """
        pinned = words if cpu is None else ["taskset", "-c", str(cpu), *words]
        try:
            process = subprocess.Popen(pinned, cwd=where or self.build, text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
        except OSError as error:
            raise Unmeasured(f"`{pinned[0]}` cannot be run ({error.strerror}); "
                             "install it: `scripts/setup bench`.") from error
        with process:
            try:
                output, errors = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                raise Unmeasured(f"`{words[0]}` was not done after {seconds:.0f} s, and ended; "
                                 "is the machine busy with something else?") from error
            finally:
                end(process)
        if process.returncode not in fine:
            said = " ".join((errors.strip() or output.strip() or "nothing").split())[-300:]
            raise Unmeasured(f"`{words[0]}` ended with status {process.returncode}. "
                             f"It said: {said}")
        return output

    def run_json(self, words: list[str], seconds: float, cpu: int | None = None,
                 fine: tuple[int, ...] = (0,)) -> Any:
        """The same, for a program that prints JSON."""
        output = self.run(words, seconds, cpu, fine)
        try:
            return json.loads(output)
        except ValueError as error:
            said = output.strip()[:200]
            raise Unmeasured(f"`{words[0]}` printed no JSON, but: {said}") from error

    def compare(self, words: list[str], servers: int, share: float = 1) -> Any:
        """bench/cpu_per_request with these arguments, in so large a share of the usual rounds."""
        wanted = max(3, round(self.effort.rounds * share))
        starts = wanted // 3
        rounds = round(wanted / starts)
        command = [self.program("bench/cpu_per_request"), *words, "--starts", str(starts),
                   "--rounds", str(rounds), "--seconds", str(self.effort.seconds)]
        self.note(shlex.join(command))
        expected = starts * servers * (0.5 + rounds * self.effort.seconds)
        # Status 1: some answer was bad. The tables count them.
        return self.run_json([*command, "--json"], 60 + 3 * expected, fine=(0, 1))

    def micro(self, name: str, names: str = "", cpu: int | None = LOAD_CPU,
              repetitions: int | None = None) -> list[dict[str, Any]]:
        """The runs of a Google Benchmark program, of those benchmarks that match `names`."""
        times = repetitions or self.effort.repetitions
        command = [self.program(f"bench/{name}"), f"--benchmark_repetitions={times}",
                   f"--benchmark_min_time={self.effort.bench_seconds}"]
        if names:
            command.append(f"--benchmark_filter={names}")
        if times > 1:
            command.append("--benchmark_enable_random_interleaving=true")
        self.note(shlex.join(command))
        found = self.run_json([*command, "--benchmark_format=json"], 600, cpu)["benchmarks"]
        runs = [each for each in found if each["run_type"] == "iteration"]
        for each in runs:
            if each.get("error_occurred"):
                raise Unmeasured(f"`{each['name']}` failed: {each['error_message']}.")
        return runs


def end(process: subprocess.Popen[Any]) -> None:
    """Ends a process of ours, if it has not ended: by SIGTERM, then by SIGKILL."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
