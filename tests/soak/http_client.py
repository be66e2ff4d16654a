# SPDX-License-Identifier: MIT
"""A client that can also be rude: it sends what bytes it is told to, and leaves in any way."""
import asyncio
import collections
import socket
import struct

PATIENCE = 60  # seconds, for anything

Answer = collections.namedtuple("Answer", "status fields content")


class Mistake(Exception):
    """The server did not do what it should."""


def expect(is_so, message):
    if not is_so:
        raise Mistake(message)


def request(method, target, content=b"", cookie=None, media_type=None, key=None):
    lines = [f"{method} {target} HTTP/1.1", "Host: soak.test"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if media_type:
        lines.append(f"Content-Type: {media_type}")
    if key:
        lines.append(f'Idempotency-Key: "{key}"')
    if content or method == "POST":
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode() + content


class Connection:
    """Used with `async with`, whose end closes it."""

    def __init__(self, port, receive_buffer=None):
        self.port = port
        self.receive_buffer = receive_buffer

    async def __aenter__(self):
        peer = socket.socket()
        peer.setblocking(False)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.receive_buffer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().sock_connect(peer, ("127.0.0.1", self.port))
        except BaseException:
            peer.close()
            raise
        self.reader, self.writer = await asyncio.open_connection(sock=peer)
        return self

    async def __aexit__(self, *_):
        self.writer.transport.abort()  # what is unsent does not matter to anybody

    def reset(self):
        """Leaves without a farewell: RST."""
        self.writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def send(self, text):
        self.writer.write(text)
        async with asyncio.timeout(PATIENCE):
            await self.writer.drain()

    async def answer(self):
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
            status, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
            fields = {}
            for line in lines:
                name, _, value = line.partition(":")
                fields[name.lower()] = value.strip()
            content = await self.reader.readexactly(int(fields.get("content-length", 0)))
        return Answer(int(status.split()[1]), fields, content)

    async def ask(self, text):
        await self.send(text)
        return await self.answer()

    async def end(self):
        """Waits for the server to close it. What comes until then is returned."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""
