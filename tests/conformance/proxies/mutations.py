# SPDX-License-Identifier: MIT
"""Requests that are nearly right: those of the corpus, damaged at random but by a seed."""
import re

import cases

LONGEST = 4096  # bytes of a request that is damaged
FRAMINGS = [
    b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: 44", b"Content-Length: 5, 5",
    b"Content-Length:", b"Content-Length: +5", b"Content-Length : 5", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: Chunked", b"Transfer-Encoding:chunked", b"Transfer-Encoding : chunked",
    b"Transfer-Encoding: xchunked", b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding:\tchunked",
    b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding\t: chunked", b"TE: chunked",
    b"Transfer_Encoding: chunked", b"Trailer: Content-Length", b"Connection: Content-Length",
    b"Connection: Transfer-Encoding", b"Connection: close", b"Connection: X-Proxy-Id",
    b"Connection: keep-alive, X-Proxy-Id", b"Upgrade: h2c", b"Expect: 100-continue",
    b"X-A: b\r\n c", b"X-A: b\rContent-Length: 5"]
SPACES = [b" ", b"\t", b"\r", b"\n", b"\r\n", b"\x0b", b"\x0c", b"\0", b"\xa0", b"  "]
LINE_ENDS = [b"\n", b"\r", b"\r\r\n", b"\n\r", b" \r\n", b""]
SIZES = [b"0", b"00", b"1", b"5;a=b", b"5 ", b"0x5", b"+5", b"-1", b"5\t", b"fffffffffffffffff",
         b"5;\n", b"10000000000000005", b"5\r", b""]


def requests_of_corpus(directory):
    """The bytes of all cases that are short and need no cookie of before."""
    made = set()
    for path in sorted(directory.glob("*.txt")):
        for case in cases.read_file(path):
            sends = [step for step in case.steps if isinstance(step, cases.Send)]
            if not any(cases.COOKIE in step.text or "ms=" in step.text for step in sends):
                made.add(b"".join(step.bytes() for step in sends))
    return sorted(each for each in made if len(each) <= LONGEST)


def insert(data, at, what):
    return data[:at] + what + data[at:]


def flip_bit(chance, data):
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1:]


def insert_byte(chance, data):
    return insert(data, chance.randrange(len(data) + 1), bytes([chance.randrange(256)]))


def erase(chance, data):
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 1, 1, 2, 5)):]


def insert_space(chance, data):
    return insert(data, chance.randrange(len(data) + 1), chance.choice(SPACES))


def replace_line_end(chance, data):
    ends = [match.start() for match in re.finditer(b"\r\n", data)]
    if not ends:
        return data
    at = chance.choice(ends)
    return data[:at] + chance.choice(LINE_ENDS) + data[at + 2:]


def lines_of(data):
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.split(b"\r\n"), rest


def joined(lines, rest):
    return b"\r\n".join(lines) + b"\r\n\r\n" + rest


def repeat_line(chance, data):
    lines, rest = lines_of(data)
    lines.insert(chance.randrange(1, len(lines) + 1), chance.choice(lines))
    return joined(lines, rest)


def merge_lines(chance, data):
    lines, rest = lines_of(data)
    if len(lines) > 2:
        at = chance.randrange(1, len(lines) - 1)
        between = chance.choice((b", ", b"\r\n ", b"", b"\n"))
        lines[at:at + 2] = [lines[at] + between + lines[at + 1]]
    return joined(lines, rest)


def add_framing(chance, data):
    lines, rest = lines_of(data)
    lines.insert(chance.randrange(1, len(lines) + 1), chance.choice(FRAMINGS))
    return joined(lines, rest)


def change_number(chance, data):
    numbers = list(re.finditer(b"[0-9a-fA-F]+(?=\r\n)", data))
    if not numbers:
        return data
    match = chance.choice(numbers)
    return data[:match.start()] + chance.choice(SIZES) + data[match.end():]


def swap_case(chance, data):
    at = chance.randrange(len(data))
    end = at + chance.choice((1, 4, 20))
    return data[:at] + data[at:end].swapcase() + data[end:]


KINDS = [flip_bit, insert_byte, erase, insert_space, replace_line_end, repeat_line, merge_lines,
         add_framing, add_framing, change_number, change_number, swap_case]


def mutated(chance, corpus):
    """One to three damages to a request, or none to one in ten."""
    data = chance.choice(corpus)
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 3))):
        data = chance.choice(KINDS)(chance, data) or b"\r\n"
    return data


def pieces(chance, data):
    """Cut at random places, the last piece first."""
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(chance.choice((0, 0, 1, 3))))
    made = [data[begin:end] for begin, end in zip([0] + cuts, cuts + [len(data)])]
    return [each for each in reversed(made) if each]
