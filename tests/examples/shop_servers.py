# SPDX-License-Identifier: MIT
"""The processes of examples/shop, on loopback."""
import contextlib
import json
import random
import socket
import subprocess
import urllib.request

from waiting import PATIENCE, expect, wait_until


def free_port():
    """Below those of outgoing connections, so that it is still free after a restart."""
    while True:
        with socket.socket() as candidate, contextlib.suppress(OSError):
            candidate.bind(("127.0.0.1", random.randrange(10000, 30000)))
            return candidate.getsockname()[1]


class Server:
    """A process on loopback that ends with the `with` block, and with this process."""

    log = None

    def __init__(self, *command, port):
        self.command = ["setpriv", "--pdeathsig", "KILL", *command]
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.process = None

    def start(self, *arguments):
        self.process = subprocess.Popen([*self.command, *arguments], stdout=self.log,
                                        stderr=self.log)
        wait_until(self.listens, f"{self.command[3]} listens")

    def listens(self):
        expect(self.process.poll() is None, f"{self.command[3]} has ended")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True

    def kill(self):
        """As kill -9."""
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.kill()


class Payments(Server):
    """What it answers late comes when nobody listens any more."""

    def __init__(self, program):
        port = free_port()
        super().__init__(program, "--port", str(port), "--late-time", "600000",
                         "--answer-time", "50", port=port)
        self.start()

    def charges(self):
        with urllib.request.urlopen(self.url + "/charges", timeout=PATIENCE) as answer:
            return json.load(answer)


class Shop(Server):
    """Always at the same address."""

    def __init__(self, program, payments, sessions):
        port = free_port()
        super().__init__(program, "--port", str(port), "--payments", payments.url, "--sessions",
                         sessions, port=port)
        self.sessions = sessions

    def start(self, is_patient=False):
        super().start("--payment-time", "600000" if is_patient else "300")

    def restart(self, is_patient=False):
        self.kill()
        self.start(is_patient)


class Redis(Server):
    """Debian's redis-tools has the server, under another name."""

    def __init__(self, directory):
        port = free_port()
        super().__init__("bash", "-c", 'exec -a redis-server redis-check-rdb "$@"', "redis",
                         "--bind", "127.0.0.1", "--port", str(port), "--dir", directory,
                         "--save", "", port=port)
        self.start()
