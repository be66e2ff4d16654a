# SPDX-License-Identifier: MIT
"""Many conversations at once, over real sockets and in one thread."""
import errno
import selectors
import socket
import struct
import time

RESET = struct.pack("ii", 1, 0)
LEAST_TURN = 0.001  # seconds, in which a server reads what came: pieces reach it as pieces


class Failure(Exception):
    """What the other side may not do."""


class Conversation:
    """One connection. Those below say what is sent (`pieces`, the next one last), what happens once
    all of it is, and what to make of what has been received. It is over when it is `done`."""

    patience = 30.0  # seconds without anything: a loaded machine under a sanitizer

    def __init__(self, address, source):
        self.pieces = []
        self.received = bytearray()
        self.is_connected = self.has_ended = self.done = False
        self.heard = time.monotonic()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source, 0))
        self.socket.setblocking(False)
        self.socket.connect_ex(address)

    def begin(self):
        """The connection is there."""

    def sent(self):
        """The last piece is sent."""

    def judge(self):
        """More was received, or the end: `has_ended`. May raise Failure."""

    def give_up(self):
        """Nothing has come for too long. Returns a complaint, or None where that is right."""
        return f"nothing came for {self.patience:.0f} s"

    def send_piece(self):
        """One piece, if the system takes it."""
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
            self.sent()

    def receive(self):
        try:
            more = self.socket.recv(256 * 1024)
        except BlockingIOError:
            return
        except ConnectionResetError:
            self.reset()
            return
        self.heard = time.monotonic()
        self.has_ended = self.has_ended or not more
        self.received += more
        self.judge()

    def reset(self):
        raise Failure("the connection was reset")

    def close(self):
        # With a reset: thousands of them a second would use up the ports as TIME-WAIT.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()


class Loop:
    """Keeps up to `most` conversations going. Each turn sends at most one piece of each."""

    def __init__(self, most=200):
        self.most = most
        self.selector = selectors.EpollSelector()
        self.failures = []  # of (conversation, complaint)
        self.open = set()
        self.count = 0

    def run(self, plans):
        """`plans`: functions that begin a conversation from the address they are given. Returns how
        many there were."""
        begun = self.count
        plans = iter(plans)
        is_more = True
        while is_more or self.open:
            while is_more and len(self.open) < self.most:
                plan = next(plans, None)
                is_more = plan is not None
                if is_more:
                    self.start(plan)
            self.turn()
        return self.count - begun

    def start(self, plan):
        # Ports are by address, and others have need of those of 127.0.0.1.
        one = plan(f"127.0.0.{2 + self.count % 200}")
        self.count += 1
        self.selector.register(one.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, one)
        self.open.add(one)

    def turn(self):
        end = time.monotonic() + LEAST_TURN
        is_sending = any(each.pieces for each in self.open)
        for key, events in self.selector.select(LEAST_TURN if is_sending else 0.05):
            one = key.data
            if not one.is_connected:
                one.is_connected = True
                self.selector.modify(one.socket, selectors.EVENT_READ, one)
                self.attempt(one, one.begin)
            elif events & selectors.EVENT_READ:
                self.attempt(one, one.receive)
        for one in [each for each in self.open if each.pieces and each.is_connected]:
            self.attempt(one, one.send_piece)
        now = time.monotonic()
        if is_sending and now < end:
            time.sleep(end - now)
        for one in [each for each in self.open if now - each.heard > each.patience]:
            self.end(one, one.give_up())

    def attempt(self, one, action):
        try:
            action()
        except (Failure, OSError) as error:
            self.end(one, str(error))
            return
        if one.done:
            self.end(one)

    def end(self, one, complaint=None):
        if one not in self.open:
            return
        self.open.discard(one)
        self.selector.unregister(one.socket)
        one.close()
        if complaint:
            self.failures.append((one, complaint))
