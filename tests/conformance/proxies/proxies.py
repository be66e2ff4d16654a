# SPDX-License-Identifier: MIT
"""HAProxy, nginx and a relay of our own as processes before a server, and what they forward."""
import contextlib
import dataclasses
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import server

HERE = pathlib.Path(__file__).resolve().parent
PATH = os.environ.get("PATH", "") + ":/usr/sbin"  # where Debian has both
LONGEST_START = 30  # seconds
KINDS = ("haproxy", "nginx", "relay")


@dataclasses.dataclass
class Forwarded:
    """What the log has of one request."""
    method: str
    status: str
    seen: str  # the X-Seen-Id of the server's response; empty if there was none
    is_sent: bool  # to the server, as far as it has come


def free_port():
    """Below the ports that Linux gives to outgoing connections, of which one might take it."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


class Proxy:
    """One of KINDS, in a directory of its own. Use with `with`."""

    def __init__(self, kind, witness_port):
        self.kind = kind
        self.witness_port = witness_port

    @staticmethod
    def is_installed(kind):
        return kind == "relay" or shutil.which(kind, path=PATH) is not None

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="cloakroom-")
        self.work = pathlib.Path(self.directory.name)
        self.work.chmod(0o755)  # nginx's worker is another user
        self.port = free_port()
        with open(self.work / "output.log", "wb") as output:
            self.process = subprocess.Popen(server.NO_LONGER_THAN_US + self.command(),
                                            stdout=output, stderr=output, cwd=self.work,
                                            env=self.environment())
        end = time.monotonic() + LONGEST_START
        while not self.is_open():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise SystemExit(f"{self.kind} did not start: " + self.read("output.log"))
            time.sleep(0.02)
        return self

    def __exit__(self, *error):
        self.stop()
        self.directory.cleanup()

    def environment(self):
        return dict(os.environ, PATH=PATH, PROXY_PORT=str(self.port),
                    WITNESS_PORT=str(self.witness_port))

    def command(self):
        if self.kind == "haproxy":
            return ["haproxy", "-db", "-f", str(HERE / "haproxy.cfg")]
        if self.kind == "relay":
            return [str(HERE / "relay")]
        text = (HERE / "nginx.conf").read_text("ascii")
        text = text.replace("PROXY_PORT", str(self.port))
        (self.work / "nginx.conf").write_text(
            text.replace("WITNESS_PORT", str(self.witness_port)), "ascii")
        return ["nginx", "-p", f"{self.work}/", "-e", "stderr", "-c", "nginx.conf"]

    def is_open(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        """Ends it in peace: the log is whole then."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT if self.kind == "nginx" else signal.SIGUSR1)
            self.process.wait(20)

    def read(self, name):
        return (self.work / name).read_text("latin-1")

    def forwarded(self):
        """By ID, of all requests that the proxy has named; also of those it has refused itself."""
        made = {}
        for line in self.read("access.log" if self.kind == "nginx" else "output.log").split("\n"):
            parts = line.split("\t")
            if len(parts) == 5:
                name, method, status, seen, where = parts
                seen = "" if seen == "-" else seen.strip("{}")
                made[name] = Forwarded(method, status, seen, where not in ("", "-", "<NOSRV>"))
        return made
