# SPDX-License-Identifier: MIT
"""A server of ours as a process: started on a free port, ended in peace."""
import re
import signal
import subprocess
import threading

LONGEST_START = 60  # seconds
NO_LONGER_THAN_US = ["setpriv", "--pdeathsig", "TERM"]  # also where a test is killed


class Server:
    """Use with `with`. Complains unless it drains and exits with 0."""

    def __init__(self, *command):
        self.command = [str(each) for each in command]
        self.lines = []

    def __enter__(self):
        self.process = subprocess.Popen(NO_LONGER_THAN_US + self.command,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, errors="replace")
        is_listening = threading.Event()
        self.reader = threading.Thread(target=self.read, args=(is_listening,), daemon=True)
        self.reader.start()
        if not is_listening.wait(LONGEST_START) or self.port is None:
            self.process.kill()
            raise SystemExit(f"{self.command[0]} did not start:\n" + "".join(self.lines))
        return self

    def read(self, is_listening):
        self.port = None
        for line in self.process.stdout:
            self.lines.append(line)
            match = re.match(r"listening on http://127\.0\.0\.1:([0-9]+)", line)
            if match:
                self.port = int(match[1])
                is_listening.set()
        is_listening.set()

    def most_memory_bytes(self):
        """The most that was resident at once."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s*([0-9]+) kB", status.read())[1]) * 1024

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = "killed: it did not end"
        self.reader.join(10)
        if code != 0 and error[0] is None:
            raise SystemExit(f"{self.command[0]}: exit {code}\n" + "".join(self.lines[-60:]))
