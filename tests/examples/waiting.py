# SPDX-License-Identifier: MIT
"""What the tests that look from outside have in common: they wait for conditions."""
import time

PATIENCE = 20  # seconds, for anything


def expect(is_so, message):
    if not is_so:
        raise SystemExit(f"FAILED: {message}")


def wait_until(is_so, what):
    """What it gives once it is true."""
    end = time.monotonic() + PATIENCE
    while True:
        value = is_so()
        if value:
            return value
        expect(time.monotonic() < end, f"waited in vain until {what}")
        time.sleep(0.01)
