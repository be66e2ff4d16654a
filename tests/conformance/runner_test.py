#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The runner finds what servers do wrong: responses that break a rule, and connections that do."""
import contextlib
import pathlib
import random
import socket
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.append(str(pathlib.Path(__file__).resolve().parent / "proxies"))

import accounts  # noqa: E402
import cases  # noqa: E402
import loop  # noqa: E402
import mutations  # noqa: E402
import proxies  # noqa: E402
import responses  # noqa: E402
import trials  # noqa: E402

DATE = b"Date: Thu, 26 Nov 2026 07:00:00 GMT\r\n"
OK = b"HTTP/1.1 200 OK\r\n" + DATE + b"Content-Type: text/plain\r\n"
HELLO = OK + b"Content-Length: 2\r\n\r\nhi"
CLOSING = OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi"
LIVE = OK + b"Content-Length: 4\r\n\r\nlive"

WRONG = {
    "no reason phrase's space": b"HTTP/1.1 200\r\n" + DATE + b"Content-Length: 0\r\n\r\n",
    "another version": b"HTTP/1.0 200 OK\r\n" + DATE + b"Content-Length: 0\r\n\r\n",
    "no date": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "an odd date": b"HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n",
    "no length": b"HTTP/1.1 200 OK\r\n" + DATE + b"\r\n",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
    "two framings": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
    "a length with 204": b"HTTP/1.1 204 No Content\r\n" + DATE + b"Content-Length: 0\r\n\r\n",
    "a length with 100": b"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
    "no Allow": b"HTTP/1.1 405 Method Not Allowed\r\n" + DATE + b"Content-Length: 0\r\n\r\n",
    "an LF alone": b"HTTP/1.1 200 OK\n" + DATE + b"Content-Length: 0\r\n\r\n",
    "a folded field": OK + b" folded\r\nContent-Length: 0\r\n\r\n",
    "a NUL": OK + b"X-A: \0\r\nContent-Length: 0\r\n\r\n",
    "an odd cookie": OK + b"Set-Cookie: a=b c\r\nContent-Length: 0\r\n\r\n",
    "content without a type": b"HTTP/1.1 200 OK\r\n" + DATE + b"Content-Length: 1\r\n\r\nx",
    "no HTTP": b"hello",
}


class Script(threading.Thread):
    """A server for one connection: for each blank line that comes, the next of `answers`."""

    def __init__(self, answers, closes):
        super().__init__(daemon=True)
        self.answers, self.closes = list(answers), closes
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()

    def run(self):
        peer, _ = self.listener.accept()
        self.listener.close()
        received = b""
        with peer, contextlib.suppress(ConnectionResetError):
            while self.answers and (more := peer.recv(4096)):
                received += more
                while self.answers and b"\r\n\r\n" in received:
                    received = received.partition(b"\r\n\r\n")[2]
                    peer.sendall(self.answers.pop(0))
            if self.closes:
                peer.shutdown(socket.SHUT_WR)
            while peer.recv(4096):
                pass


def case_of(text):
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory, "some.txt")
        path.write_text("== a case\n9112 3\n" + text, "ascii")
        return cases.read_file(path)


def failures_of(text, answers, closes=False):
    """What is found wrong with a server that answers so."""
    found = []
    for cut in (trials.whole, trials.in_bytes):
        script = Script(answers, closes)
        script.start()
        running = loop.Loop()
        running.run(trials.plan(case, "", cut, script.address) for case in case_of(text))
        found += [complaint for _, complaint in running.failures]
    return found


GET = "> GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n"


class Responses(unittest.TestCase):
    def test_good_ones_are_taken(self):
        self.assertEqual(responses.read(HELLO).body, b"hi")
        self.assertEqual(responses.read(HELLO, is_head=True).taken, len(HELLO) - 2)
        self.assertIsNone(responses.read(HELLO[:-1]))

    def test_wrong_ones_are_refused(self):
        for name, received in WRONG.items():
            with self.subTest(name), self.assertRaises(responses.WrongResponse):
                responses.read(received)


class Trials(unittest.TestCase):
    def setUp(self):
        self.addCleanup(setattr, trials.Trial, "patience", trials.Trial.patience)

    def expect(self, is_right, text, answers, closes=False):
        found = failures_of(text, answers, closes)
        self.assertEqual(is_right, not found, found)

    def test_what_is_right_passes(self):
        self.expect(True, GET + "< 200 keep\n  body: hi\n", [HELLO, LIVE])
        self.expect(True, GET + "< 200 close\n", [CLOSING], closes=True)
        self.expect(True, GET + "< nothing\n", [b""], closes=True)

    def test_another_status_field_or_body_is_found(self):
        self.expect(False, GET + "< 404 keep\n", [HELLO, LIVE])
        self.expect(False, GET + "< 200 keep\n  X-A\n", [HELLO, LIVE])
        self.expect(False, GET + "< 200 keep\n  !Content-Type\n", [HELLO, LIVE])
        self.expect(False, GET + "< 200 keep\n  body: ho\n", [HELLO, LIVE])

    def test_what_is_left_of_a_request_is_found(self):
        self.expect(False, GET + "< 200 keep\n", [HELLO, HELLO])

    def test_a_response_too_many_is_found(self):
        self.expect(False, GET + "< 200 keep\n", [HELLO + HELLO, LIVE])
        self.expect(False, GET + "< 200 close\n", [CLOSING + HELLO], closes=True)
        self.expect(False, GET + "< nothing\n", [HELLO], closes=True)

    def test_a_connection_that_ends_is_found(self):
        self.expect(False, GET + "< 200 keep\n", [HELLO], closes=True)
        self.expect(False, GET + "< 200 keep\n", [CLOSING], closes=True)

    def test_a_connection_that_does_not_end_is_found(self):
        trials.Trial.patience = 0.3
        self.expect(False, GET + "< 200 close\n", [CLOSING, b""])

    def test_our_end_is_answered_and_followed(self):
        self.expect(True, GET + "> end\n< 200 keep\n", [HELLO], closes=True)
        self.expect(False, GET + "> end\n< 200 keep\n", [b""], closes=True)
        self.expect(False, GET + "> end\n< 200 keep\n", [HELLO + HELLO], closes=True)

    def test_content_of_head_is_found(self):
        self.expect(False, "> HEAD / HTTP/1.1\\r\\n\\r\\n\n< HEAD 200 keep\n", [HELLO, LIVE])


class Accounts(unittest.TestCase):
    def complaints(self, sent, lines):
        """`sent`: (name, X-Seen-Id) of GETs that a proxy has sent on."""
        forwarded = {name: proxies.Forwarded("GET", "200", seen, True) for name, seen in sent}
        with contextlib.redirect_stdout(None):
            return accounts.compare(forwarded, lines)

    def test_what_agrees_passes(self):
        self.assertFalse(self.complaints([("a", "a"), ("b", "refused"), ("c", "")],
                                         ["listening", "GET 200 a", "GET 400 refused"]))

    def test_what_does_not_agree_is_found(self):
        for sent, lines in (([], ["nameless GET /"]),
                            ([], ["GET 200 a"]),
                            ([("a", "a")], []),
                            ([("a", "a")], ["POST 200 a"]),
                            ([("a", "a")], ["GET 200 a", "GET 200 a"]),
                            ([("a", "a"), ("b", "a")], ["GET 200 a", "GET 200 b"]),
                            ([("a", "a")], ["GET 200 a", "GET 400 refused"]),
                            ([("a", "refused")], [])):
            with self.subTest(f"{sent} {lines}"):
                self.assertTrue(self.complaints(sent, lines))


class Mutations(unittest.TestCase):
    def test_a_seed_makes_the_same_again(self):
        corpus = mutations.requests_of_corpus(pathlib.Path(__file__).resolve().parent)
        made = [[mutations.mutated(chance, corpus) for _ in range(500)]
                for chance in (random.Random(5), random.Random(5), random.Random(6))]
        self.assertEqual(made[0], made[1])
        self.assertNotEqual(made[0], made[2])
        self.assertGreater(len(set(made[0])), 400)


class Cases(unittest.TestCase):
    def test_values_make_cases(self):
        made = case_of("> $\\r\\n\n< 400 close\n- a\n- \\x00\n")
        self.assertEqual([each.steps[0].bytes() for each in made], [b"a\r\n", b"\0\r\n"])

    def test_escapes_are_bytes(self):
        self.assertEqual(cases.unescaped(r"{a\r*2}\x7f\\"), b"a\ra\r\x7f\\")

    def test_mistakes_are_told(self):
        for text in ("> x\n", "> x\n< 20 keep\n", "> x\n< 200\n", "nonsense\n",
                     "> \\q\n< 200 keep\n", "> x \n< 200 keep\n"):
            with self.subTest(text), self.assertRaises(cases.WrongCase):
                case_of(text)


if __name__ == "__main__":
    unittest.main()
