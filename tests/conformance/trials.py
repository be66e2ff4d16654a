# SPDX-License-Identifier: MIT
"""Holds conversations with a server: many at once, each a case in one way of cutting its bytes."""
import errno
import selectors
import socket
import struct
import time

import cases
import responses

PROBE = b"GET /health/live HTTP/1.1\r\nHost: probe\r\n\r\n"
PROBE_WANT = cases.outcome("200 keep")
PROBE_WANT.body = ("is", b"live")
LONGEST_WAIT = 30.0  # seconds without anything: a loaded machine under a sanitizer
RESET = struct.pack("ii", 1, 0)


class Failure(Exception):
    """A server that does what the case does not allow."""


def whole(step, data):
    del step
    return [data]


def in_bytes(step, data):
    """A piece for each byte; long ones are cut into as many as a long head has."""
    del step
    size = max(1, len(data) // 20_000)
    return [data[at:at + size] for at in range(0, len(data), size)]


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


class Trial:
    """One connection. Does something in send_piece() and receive(); is over when it is `done`."""

    def __init__(self, case, cut, way, address, source):
        self.case, self.cut, self.way = case, cut, way
        self.steps = list(case.steps)
        self.index = 0
        self.pieces = []
        self.cookie = ""
        self.received = bytearray()
        self.is_probed = self.has_ended = self.wants_end = self.done = False
        self.error = None
        self.heard = time.monotonic()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source, 0))
        self.socket.setblocking(False)
        self.socket.connect_ex(address)
        self.is_connected = False

    def step(self):
        return self.steps[self.index] if self.index < len(self.steps) else None

    def begin_step(self):
        """Goes on to what can be done without hearing from the server."""
        step = self.step()
        if isinstance(step, cases.Send):
            self.pieces = [p for p in self.cut(self.index, step.bytes(self.cookie)) if p][::-1]
        elif step is None:
            self.end_case()
        elif step.is_nothing():
            self.end_sending()

    def end_case(self):
        if self.wants_end or self.is_probed:
            return
        # The same connection answers one more request, and the answer is to that one.
        self.is_probed = True
        self.steps += [cases.Send(""), PROBE_WANT]
        self.pieces = [PROBE]

    def end_sending(self):
        self.wants_end = True
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def send_piece(self):
        """One piece, if there is one and the system takes it."""
        piece = self.pieces[-1]
        try:
            count = self.socket.send(piece, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno not in (errno.EPIPE, errno.ECONNRESET):
                raise
            count, self.pieces = len(piece), self.pieces[-1:]
        self.heard = time.monotonic()
        if count < len(piece):
            self.pieces[-1] = piece[count:]
            return
        self.pieces.pop()
        if not self.pieces:
            self.index += 1
            self.begin_step()
            self.judge()

    def receive(self):
        try:
            more = self.socket.recv(256 * 1024)
        except BlockingIOError:
            return
        except ConnectionResetError:
            raise Failure("the connection was reset") from None
        self.heard = time.monotonic()
        self.has_ended = self.has_ended or not more
        self.received += more
        self.judge()

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
            self.end_sending()
            return
        self.index += 1
        self.begin_step()

    def judge_end(self):
        if self.wants_end and self.received:
            raise Failure(f"more than it should send: {bytes(self.received[:200])!r}")
        if not self.has_ended:
            return
        if not self.wants_end:
            raise Failure(f"the connection ends where {self.step()} was due, after "
                          f"{bytes(self.received[:200])!r}")
        self.done = True

    def close(self):
        # With a reset: thousands of trials a second would use up the ports as TIME-WAIT.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()


class Loop:
    """Keeps up to `most` trials going. Each turn sends at most one piece of each."""

    def __init__(self, address, most=200):
        self.address, self.most = address, most
        self.selector = selectors.EpollSelector()
        self.failures = []
        self.open = set()
        self.count = 0

    def run(self, plans):
        """`plans`: (case, way, cut). Returns how many there were."""
        begun = self.count
        plans = iter(plans)
        is_more = True
        while is_more or self.open:
            while is_more and len(self.open) < self.most:
                plan = next(plans, None)
                is_more = plan is not None
                if is_more:
                    self.start(*plan)
            self.turn()
        return self.count - begun

    def start(self, case, way, cut):
        # Ports are by address, and others have need of those of 127.0.0.1.
        source = f"127.0.0.{2 + self.count % 200}"
        self.count += 1
        trial = Trial(case, cut, way, self.address, source)
        self.selector.register(trial.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, trial)
        self.open.add(trial)

    def turn(self):
        is_sending = any(each.pieces for each in self.open)
        for key, events in self.selector.select(0 if is_sending else 0.05):
            trial = key.data
            if not trial.is_connected:
                trial.is_connected = True
                self.selector.modify(trial.socket, selectors.EVENT_READ, trial)
                self.attempt(trial, trial.begin_step)
            elif events & selectors.EVENT_READ:
                self.attempt(trial, trial.receive)
        for trial in [each for each in self.open if each.pieces and each.is_connected]:
            self.attempt(trial, trial.send_piece)
        now = time.monotonic()
        for trial in [each for each in self.open if now - each.heard > LONGEST_WAIT]:
            self.end(trial, f"nothing came for {LONGEST_WAIT:.0f} s, where {trial.step()} was due")

    def attempt(self, trial, action):
        try:
            action()
        except (Failure, responses.WrongResponse, OSError) as error:
            self.end(trial, str(error))
            return
        if trial.done:
            self.end(trial)

    def end(self, trial, complaint=None):
        if trial not in self.open:
            return
        self.open.discard(trial)
        self.selector.unregister(trial.socket)
        trial.close()
        if complaint:
            self.failures.append((trial.case, trial.way, complaint))
