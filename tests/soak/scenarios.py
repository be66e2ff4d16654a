# SPDX-License-Identifier: MIT
"""What the visitors of the soak do: coroutines that get a Site, and raise what is wrong."""
import asyncio
import itertools
import json

from http_client import Connection, expect, request

TEXT = "application/octet-stream"
LARGE = bytes(range(256)) * 4096  # 1 MiB
LARGE_SUM = sum(LARGE)
BIG_TEXT = b"t" * 5000  # more than a cookie takes
HELD_TEXT = b"t" * 500
# Stores that take BIG_TEXT, that revoke the cookie of who logs out, and that compare and swap.
HOLD_MUCH = ("memory", "spilling", "redis", "cached")
REVOKE = ("memory", "revocable", "redis", "cached")
COUNT_ONCE = ("memory", "redis", "cached")
names = (f"visitor{number}" for number in itertools.count())


def check(answer, status, content=None):
    expect(answer.status == status, f"{answer.status}, not {status}: {answer.content[:200]}")
    if content is not None:
        expect(answer.content == content, f"answered {answer.content[:200]}, not {content[:200]}")


def stateless(random):
    """A request, with the status and the content of its answer; None is any."""
    country, number = random.choice(("at", "ch", "de")), random.randrange(-99, 10**6)
    values = [random.randrange(-10**9, 10**9) for _ in range(random.randrange(200))]
    pause = random.randrange(60)
    total = f'{{"count":{len(values)},"sum":{sum(values)}}}'.encode()
    return random.choice((
        (request("GET", "/"), 200, b"Hello, World!"),
        (request("POST", "/sum", json.dumps({"values": values}).encode(), None, "application/json"),
         200, total),
        (request("POST", "/form", f"name=Ada+L%C3%A4{number}&age=36".encode(), None,
                 "application/x-www-form-urlencoded"), 200, f"Ada Lä{number} is 36".encode()),
        (request("GET", f"/places/{country}/{number}"), 200, f"{country}/{number}".encode()),
        (request("GET", f"/pause/{pause}"), 200, b"Waited on the event loop."),
        (request("GET", f"/blocking/{pause}"), 200, b"Waited on a worker thread."),
        (request("POST", "/upload", LARGE[:number % 9000], None, TEXT), 200,
         f"{number % 9000} bytes, sum {sum(LARGE[:number % 9000])}".encode()),
        (request("GET", "/health/ready"), 200, None),
        (request("GET", "/fault"), 500, None),
        (request("GET", f"/nowhere/{number}"), 404, None),
        (request("GET", "/places/at/first"), 404, None),
        (request("DELETE", "/"), 405, None),
        (request("POST", "/sum", b'{"values":[1,', None, "application/json"), 400, None),
        (request("POST", "/sum", b'{"values":["1"]}', None, "application/json"), 422, None),
        (request("POST", "/sum", b"{}", None, "text/plain"), 415, None),
    ))


async def hello(site):
    async with site.connection() as connection:
        for _ in range(site.random.randrange(1, 20)):
            await site.turn()
            text, status, content = stateless(site.random)
            check(await connection.ask(text), status, content)


async def wait(site, target):
    """Occupies a worker, or what an event loop has for a handler that waits."""
    async with site.connection() as connection:
        check(await connection.ask(request("GET", target)), 200)


async def pipelined(site):
    parts = [stateless(site.random) for _ in range(site.random.randrange(2, 20))]
    async with site.connection() as connection:
        await site.turn(len(parts))
        await connection.send(b"".join(text for text, _, _ in parts))
        for _, status, content in parts:
            check(await connection.answer(), status, content)


async def large(site):
    async with site.connection() as connection:
        for size in (64 * 1024, 1024 * 1024):
            await site.turn()
            check(await connection.ask(request("GET", f"/large/{size}")), 200, b"x" * size)
        await site.turn()
        check(await connection.ask(request("POST", "/upload", LARGE, None, TEXT)), 200,
              f"{len(LARGE)} bytes, sum {LARGE_SUM}".encode())


class Visitor:
    """Keeps its cookie, and knows what it has to be answered."""

    def __init__(self, site):
        self.site = site
        self.cookie = None
        self.count = 0
        self.events = 0
        self.owner = ""
        self.kept = 0

    async def ask(self, connection, method, target, content=b"", media_type=None, key=None):
        await self.site.turn()
        text = request(method, target, content, self.cookie, media_type, key)
        answer = await connection.ask(text)
        if "set-cookie" in answer.fields:
            self.cookie = answer.fields["set-cookie"].split(";")[0]
        return answer

    async def visit(self, connection, *what):
        self.count += 1
        check(await self.ask(connection, *(what or ("GET", "/count"))), 200,
              f"{self.count} of {self.owner} with {self.kept} bytes".encode())

    async def keep(self, connection, text):
        self.kept = len(text)
        await self.visit(connection, "POST", "/keep", text, TEXT)

    async def log_in(self, connection):
        self.owner = next(names)
        check(await self.ask(connection, "POST", f"/login/{self.owner}"), 200, b"Welcome.")

    async def log_out(self, connection):
        before = self.cookie
        check(await self.ask(connection, "POST", "/logout"), 200, b"Goodbye.")
        if self.site.can_revoke:
            self.cookie, self.owner, self.count, self.kept = before, "", 0, 0
            await self.visit(connection)

    async def give_event(self, connection):
        by = self.site.random.randrange(1, 11)
        key = next(names) if self.site.counts_once and by % 3 == 0 else None
        event = ("POST", "/flow/events/count", b'{"by":%d}' % by, "application/json", key)
        answer = await self.ask(connection, *event)
        if by > 9:
            return check(answer, 409)
        self.events += by
        if key:
            check(await self.ask(connection, *event), answer.status, answer.content)
        check(answer, 200)
        count = json.loads(answer.content)["data"]["count"]
        expect(count == self.events, f"the machine has counted {count}, not {self.events}")

    async def do_something(self, connection):
        kind = self.site.random.randrange(10)
        pause = self.site.random.randrange(60)
        if kind < 5:
            await self.visit(connection)
        elif kind < 7:
            await self.give_event(connection)
        elif kind < 8:
            await self.visit(connection, "GET", f"/count/pause/{pause}")
        elif kind < 9:
            await self.visit(connection, "GET", f"/count/blocking/{pause}")
        else:
            is_much = self.site.holds_much and self.site.random.random() < 0.5
            await self.keep(connection, BIG_TEXT if is_much else HELD_TEXT)


async def visits(site):
    """Comes back over several connections, logs in, and mostly logs out."""
    visitor = Visitor(site)
    for _ in range(site.random.randrange(1, 5)):
        async with site.connection() as connection:
            if site.random.random() < 0.2 and not visitor.owner:
                await visitor.log_in(connection)
            for _ in range(site.random.randrange(1, 12)):
                await visitor.do_something(connection)
    if visitor.cookie and site.random.random() < 0.8:
        async with site.connection() as connection:
            await visitor.log_out(connection)


async def passers_by(site):
    """They never come back, so a store has to forget them by itself."""
    async with site.connection() as connection:
        for _ in range(5):
            visitor = Visitor(site)
            if site.holds_much:
                await visitor.keep(connection, BIG_TEXT)
            else:
                await visitor.visit(connection)


async def leavers(site):
    """Leave at any moment: in half a head or content, before or in the middle of a response."""
    random = site.random
    target = random.choice(("/large/1048576", "/large/65536", "/pause/40", "/blocking/40", "/count",
                            "/count/pause/40", "/count/blocking/40", "/fault"))
    texts = (request("GET", target), request("POST", "/upload", LARGE, None, TEXT),
             request("GET", "/") * 50 + request("GET", target))
    text = random.choice(texts)
    async with site.connection() as connection:
        await site.turn()
        if random.random() < 0.5:
            text = text[:random.randrange(len(text))]
        # Not awaited: the server may not take it all.
        connection.writer.write(text)
        if random.random() < 0.7:
            await asyncio.sleep(random.random() * 0.05)
        if random.random() < 0.3:
            connection.writer.write_eof()
            await asyncio.sleep(random.random() * 0.02)
        if random.random() < 0.5:
            connection.reset()


async def slow_senders(site):
    random = site.random
    text = random.choice((request("GET", "/places/at/7"),
                          request("POST", "/upload", LARGE[:20000], None, TEXT)))
    expected = (b"at/7" if text.startswith(b"GET")
                else f"20000 bytes, sum {sum(LARGE[:20000])}".encode())
    async with site.connection() as connection:
        await site.turn()
        step = len(text) // 20 + 1
        for at in range(0, len(text), step):
            await connection.send(text[at:at + step])
            await asyncio.sleep(0.02 + random.random() * 0.06)
        check(await connection.answer(), 200, expected)


async def slow_receivers(site):
    async with site.connection(receive_buffer=16 * 1024) as connection:
        await site.turn()
        await connection.send(request("GET", "/large/1048576") + request("GET", "/"))
        connection.writer.transport.pause_reading()
        await asyncio.sleep(site.random.random())
        connection.writer.transport.resume_reading()
        check(await connection.answer(), 200, b"x" * 1048576)
        check(await connection.answer(), 200, b"Hello, World!")


async def chunked(site):
    """A content without a length."""
    parts = [LARGE[:site.random.randrange(1, 5000)] for _ in range(site.random.randrange(1, 20))]
    total = sum(len(part) for part in parts)
    async with site.connection() as connection:
        await site.turn()
        await connection.send(b"POST /upload HTTP/1.1\r\nHost: soak.test\r\n"
                              b"Transfer-Encoding: chunked\r\n\r\n")
        for part in parts:
            await connection.send(b"%x\r\n%b\r\n" % (len(part), part))
        answer = await connection.ask(b"0\r\n\r\n")
        check(answer, 200, f"{total} bytes, sum {sum(map(sum, parts))}".encode())


async def too_much(site):
    """Past each limit, with its answer, and the connection closed."""
    texts = ((b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 2097153\r\n\r\n", 413),
             (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
             (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * 16384 + b"\r\n\r\n", 431),
             (b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
             (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
             (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400))
    for text, status in texts:
        async with site.connection() as connection:
            await site.turn()
            check(await connection.ask(text), status)
            rest = await connection.end()
            expect(not rest, f"after {status} comes {rest[:200]}")


async def stalled_heads(site):
    """The server ends the wait for them."""
    async with site.connection() as connection:
        await site.turn()
        await connection.send(b"GET / HTTP/1.1\r\nHost: ")
        check(await connection.answer(), 408)
        await connection.end()


async def idlers(site):
    """The server ends their connections, too."""
    async with site.connection() as connection:
        await site.turn()
        check(await connection.ask(request("GET", "/")), 200)
        rest = await connection.end()
        expect(not rest, f"an idle connection is told {rest[:200]}")


async def stale_cookies(site):
    """Of another server, damaged, or of nobody: each gets a session of its own."""
    visitor = Visitor(site)
    visitor.cookie = "__Host-session=" + site.random.choice(
        ("A" * 43, "eyJhIjoxfQ.ZZZZZZ." + "A" * 27, "", "~" * 4000, "0; a=b" * 90))
    async with site.connection() as connection:
        await visitor.visit(connection)
        await visitor.visit(connection)


# How often each comes up. A hand of them is dealt out before the next one is.
WEIGHTS = {hello: 8, visits: 10, passers_by: 5, pipelined: 3, leavers: 20, large: 1, chunked: 2,
           slow_senders: 2, slow_receivers: 1, too_much: 1, stalled_heads: 1, idlers: 1,
           stale_cookies: 5}
