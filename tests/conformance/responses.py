# SPDX-License-Identifier: MIT
"""Reads responses, and takes none that breaks a rule. Knows nothing of cases and sockets."""
import dataclasses
import json
import re

import loop

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) ([\t \x21-\x7e\x80-\xff]*)")
FIELD_LINE = re.compile(rb"(" + TOKEN + rb"):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")
DAY = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DATE = re.compile(DAY + r", [0-9]{2} " + MONTH + r" [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")
COOKIE = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+=[!#-+\--:<-\[\]-~]*(; [ -:<-~]+)*")
LONGEST_HEAD = 16 * 1024
ONCE = ("connection", "content-length", "content-type", "date", "location", "transfer-encoding")


class WrongResponse(loop.Failure):
    """What a server may not send."""


@dataclasses.dataclass
class Response:
    status: int
    fields: list  # of (name, value)
    body: bytes = b""
    taken: int = 0  # bytes of the buffer

    def all(self, name):
        return [value for each, value in self.fields if each.lower() == name.lower()]

    def closes(self):
        options = ",".join(self.all("Connection")).lower().split(",")
        return "close" in [each.strip() for each in options]


def demand(is_right, complaint):
    if not is_right:
        raise WrongResponse(complaint)


def read_head(head):
    lines = head.split(b"\r\n")
    match = STATUS_LINE.fullmatch(lines[0])
    demand(match, f"status line: {lines[0]!r}")
    fields = []
    for line in lines[1:]:
        field = FIELD_LINE.fullmatch(line)
        demand(field, f"field line: {line!r}")
        fields.append((field[1].decode("ascii"), field[2].decode("latin-1")))
    return Response(int(match[1]), fields)


def check_framing(made):
    """RFC 9112 section 6.3, and 9110 section 8.6. No response of ours is chunked."""
    lengths = made.all("Content-Length")
    demand(not made.all("Transfer-Encoding"), "Transfer-Encoding beside or instead of a length")
    if made.status < 200 or made.status == 204:
        demand(not lengths, f"{made.status} has Content-Length")
    elif made.status != 304:
        demand(lengths, "no Content-Length")
    demand(not lengths or re.fullmatch(r"[0-9]+", lengths[0]), f"Content-Length: {lengths}")


def check_fields(made):
    """What each final response has, and what it must have for its status."""
    for name in ONCE:
        demand(len(made.all(name)) <= 1, f"{name} is there {len(made.all(name))} times")
    if made.status < 200:
        return
    dates = made.all("Date")
    demand(dates and DATE.fullmatch(dates[0]), f"Date: {dates}")
    demand(made.status != 405 or made.all("Allow"), "405 without Allow")
    demand(made.status != 401 or made.all("WWW-Authenticate"), "401 without WWW-Authenticate")
    for value in made.all("Set-Cookie"):
        demand(COOKIE.fullmatch(value), f"Set-Cookie: {value}")


def check_content(made):
    types = made.all("Content-Type")
    demand(not made.body or types, "content without Content-Type")
    if made.body and types[0] == "application/problem+json":
        try:
            problem = json.loads(made.body)
        except ValueError:
            raise WrongResponse(f"no JSON: {made.body!r}") from None
        demand(problem.get("status") == made.status, f"problem of another status: {problem}")
        demand(isinstance(problem.get("title"), str), f"problem without title: {problem}")


def read(received, is_head=False):
    """The response that `received` begins with; None while it is incomplete.

    `is_head`: it answers HEAD, and so has no content, whatever its length says."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        demand(len(received) <= LONGEST_HEAD, "a head without an end")
        demand(b"HTTP/1.1 ".startswith(received[:9]), f"no response: {bytes(received[:80])!r}")
        return None
    made = read_head(bytes(received[:end]))
    check_fields(made)
    check_framing(made)
    has_content = not is_head and made.status >= 200 and made.status not in (204, 304)
    length = int(made.all("Content-Length")[0]) if has_content else 0
    made.taken = end + 4 + length
    if len(received) < made.taken:
        return None
    made.body = bytes(received[end + 4:made.taken])
    check_content(made)
    return made
