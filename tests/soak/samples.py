# SPDX-License-Identifier: MIT
"""What a process holds, and whether it grows."""
import collections
import math
import os

# How much memory may grow an hour.
GROWTH_AN_HOUR = 1024  # KiB
# And in a run so short that what is bounded has not filled up in its warm-up: up to 200 KiB were
# seen in one of 20 s, where blocks of different age also come to share pages.
SHORT_GROWTH = 512  # KiB
SHORT = 900  # seconds
# Under load malloc keeps what is free for a while: each thread's arena up to a response or two of
# 1 MiB, and a small block above one can hold it for minutes.
LOAD_GROWTH = 6 * 1024  # KiB

PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
ESTABLISHED_OR_CLOSE_WAIT = ("01", "08")  # Source: Linux, include/net/tcp_states.h

# A process while nothing is under way: its own memory, and what of that malloc has given out.
Rest = collections.namedtuple("Rest", "seconds private_kib used_kib descriptors")
# A process at work.
Sample = collections.namedtuple("Sample", "seconds resident_kib descriptors threads")
Line = collections.namedtuple("Line", "slope error")


def resident_kib(pid):
    """All, and without what is of a file or shared. The kernel counts both as they change; what it
    sums up in smaps_rollup now and then misses mappings."""
    with open(f"/proc/{pid}/statm") as statm:
        _, resident, shared, *_ = (int(pages) * PAGE_KIB for pages in statm.read().split())
    return resident, resident - shared


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def connections(port):
    """Those of clients that a server has not closed yet."""
    with open("/proc/net/tcp") as table:
        next(table)
        rows = [line.split() for line in table]
    return sum(1 for row in rows
               if int(row[1].split(":")[1], 16) == port and row[3] in ESTABLISHED_OR_CLOSE_WAIT)


def take_sample(pid, seconds):
    resident, _ = resident_kib(pid)
    return Sample(seconds, resident, descriptors(pid), len(os.listdir(f"/proc/{pid}/task")))


def fit(points):
    """The line through points that has the least squares, with the standard error of its slope."""
    points = list(points)
    count = len(points)
    middle_x = sum(x for x, _ in points) / count
    middle_y = sum(y for _, y in points) / count
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / spread
    rest = sum((y - middle_y - slope * (x - middle_x)) ** 2 for x, y in points)
    return Line(slope, math.sqrt(rest / (count - 2) / spread))


class Verdict:
    """On one process after its warm-up."""

    def __init__(self, rests, samples):
        self.rests = rests
        self.samples = samples
        self.seconds = rests[-1].seconds - rests[0].seconds
        self.private = fit((rest.seconds, rest.private_kib) for rest in rests)
        self.used = fit((rest.seconds, rest.used_kib) for rest in rests)
        self.resident = fit((sample.seconds, sample.resident_kib) for sample in samples)

    def growth(self, line):
        """KiB, as far as it is no accident: without two standard errors."""
        return (line.slope - 2 * line.error) * self.seconds

    def mistakes(self):
        long_growth = GROWTH_AN_HOUR / 3600 * self.seconds
        growth_at_rest = SHORT_GROWTH if self.seconds < SHORT else long_growth
        for name, line, allowed in (
                ("private memory at rest", self.private, growth_at_rest),
                ("used memory at rest", self.used, growth_at_rest),
                ("resident memory under load", self.resident, LOAD_GROWTH + long_growth)):
            growth = self.growth(line)
            if growth > allowed:
                yield (f"{name} grows by {growth:.0f} KiB in {self.seconds:.0f} s, allowed are "
                       f"{allowed:.0f}")
        threads = sorted({sample.threads for sample in self.samples})
        if len(threads) != 1:
            yield f"the number of its threads changes: {threads}"

    def __str__(self):
        def values(name, of):
            found = [getattr(each, name) for each in of]
            return f"{min(found)} to {max(found)}"

        def an_hour(line):
            return f"{line.slope * 3600:+.0f} +- {line.error * 3600:.0f} an hour"

        return (f"at rest {values('private_kib', self.rests)} KiB private, "
                f"{an_hour(self.private)}, {values('used_kib', self.rests)} used, "
                f"{an_hour(self.used)}, {values('descriptors', self.rests)} descriptors; "
                f"under load {values('resident_kib', self.samples)} KiB resident, "
                f"{an_hour(self.resident)}, "
                f"{values('descriptors', self.samples)} descriptors, "
                f"{values('threads', self.samples)} threads")
