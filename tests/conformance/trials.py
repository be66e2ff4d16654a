# SPDX-License-Identifier: MIT
"""Goes through the steps of a case on one connection, in one way of cutting its bytes."""
import functools
import socket

import cases
import loop
import responses
from loop import Failure

PROBE = b"GET /health/live HTTP/1.1\r\nHost: probe\r\n\r\n"
PROBE_WANT = cases.outcome("200 keep")
PROBE_WANT.body = ("is", b"live")


def whole(step, data):
    del step
    return [data]


def in_bytes(step, data):
    """A piece for each byte; of a long request for those at its ends, with some hundred between."""
    del step
    single = 300
    if len(data) <= 2 * single:
        return [data[at:at + 1] for at in range(len(data))]
    middle = data[single:-single]
    size = max(1, len(middle) // 300)
    larger = [middle[at:at + size] for at in range(0, len(middle), size)]
    return in_bytes(0, data[:single]) + larger + in_bytes(0, data[-single:])


def cut_at(at_step, position):
    """In two, that step alone."""
    def cut(step, data):
        return [data[:position], data[position:]] if step == at_step else [data]
    return cut


def compare(want, got):
    """Complains of a response that is none of those wanted. Returns the fate of its connection."""
    fates = [fate for statuses, fate in want.outcomes if got.status in statuses]
    if not fates:
        raise Failure(f"{got.status} instead of {want.text}: {got.body[:200]!r}")
    fate = "close" if got.closes() else "keep"
    if fate not in fates:
        raise Failure(f"{got.status} {fate} instead of {want.text}: {got.body[:200]!r}")
    for name, value, is_there in want.fields:
        values = got.all(name)
        if bool(values) != is_there or (value is not None and value not in values):
            raise Failure(f"{name} is {values or 'missing'}, not {value or 'there'}")
    if want.body:
        kind, text = want.body
        if (text != got.body) if kind == "is" else (text not in got.body):
            raise Failure(f"the body is {got.body[:200]!r}, which {kind} not {text[:200]!r}")
    return fate


class Trial(loop.Conversation):
    """One case, in one way. A program's worth of them is run by loop.Loop."""

    def __init__(self, case, way, cut, address, source):
        super().__init__(address, source)
        self.case, self.way, self.cut = case, way, cut
        self.steps = list(case.steps)
        self.index = 0
        self.cookie = ""
        self.is_probed = self.wants_end = self.has_sent_end = False

    def step(self):
        return self.steps[self.index] if self.index < len(self.steps) else None

    def begin(self):
        """Goes on to what can be done without hearing from the server."""
        step = self.step()
        if isinstance(step, cases.Send):
            self.pieces = [p for p in self.cut(self.index, step.bytes(self.cookie)) if p][::-1]
        elif step is None:
            self.end_case()
        elif step.is_nothing():
            self.wants_end = True
            self.end_sending()

    def end_case(self):
        if self.wants_end or self.is_probed:
            return
        if self.has_sent_end:
            self.wants_end = True
            return
        # The same connection answers one more request, and the answer is to that one.
        self.is_probed = True
        self.steps += [cases.Send(""), PROBE_WANT]
        self.pieces = [PROBE]

    def end_sending(self):
        self.has_sent_end = True
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def sent(self):
        if self.step().ends:
            self.end_sending()
        self.index += 1
        self.begin()
        self.judge()

    def give_up(self):
        return f"nothing came for {self.patience:.0f} s, where {self.step()} was due"

    def judge(self):
        """Takes off what has been received all that can be."""
        while not self.done:
            if isinstance(self.step(), cases.Send) and not self.is_answered_early():
                return
            want = self.step()
            if self.wants_end or want.is_nothing():
                return self.judge_end()
            got = responses.read(self.received, want.is_head)
            if got is None:
                return self.judge_end()
            self.take(want, got)

    def is_answered_early(self):
        """Whether the rest of the step need not be sent: the server will hear no more of it."""
        want = self.steps[self.index + 1]
        got = responses.read(self.received, want.is_head) if self.received else None
        if not self.has_ended and (got is None or not got.closes()):
            return False
        self.pieces = []
        self.index += 1
        return True

    def take(self, want, got):
        if want.interim == "may" and got.status >= 200:
            self.index += 1
            return
        del self.received[:got.taken]
        if want.interim:
            if got.status != 100:
                raise Failure(f"{got.status} instead of 100: {got.body[:200]!r}")
        elif compare(want, got) == "close":
            self.wants_end = True
            self.pieces = []
            if len(want.outcomes) == 1 and self.steps[-1] is not want:
                raise Failure(f"closes after {got.status}, with more to come")
            return
        for value in got.all("Set-Cookie"):
            self.cookie = value.partition(";")[0]
        if self.is_probed and want is PROBE_WANT:
            self.wants_end = True
            self.end_sending()
            return
        self.index += 1
        self.begin()

    def judge_end(self):
        if self.wants_end and self.received:
            raise Failure(f"more than it should send: {bytes(self.received[:200])!r}")
        if not self.has_ended:
            return
        if not self.wants_end:
            raise Failure(f"the connection ends where {self.step()} was due, after "
                          f"{bytes(self.received[:200])!r}")
        self.done = True


def plan(case, way, cut, address):
    """What loop.Loop begins."""
    return functools.partial(Trial, case, way, cut, address)
