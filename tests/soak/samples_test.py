#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""That what grows is told from what wanders."""
import os
import random
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from samples import (Rest, Sample, Verdict, connections, descriptors, fit,  # noqa: E402
                     resident_kib)


def verdict(private_an_hour=0, used_an_hour=0, resident_an_hour=0, minutes=20,
            threads=lambda second: 6):
    """On a server that now and then is sending responses of 1 MiB."""
    source = random.Random(1)
    seconds = range(600, 600 + 60 * minutes + 1)
    rests = [Rest(second, 5000 + second * private_an_hour / 3600 + source.randrange(40),
                  1000 + second * used_an_hour / 3600 + source.randrange(40), 17)
             for second in seconds[::60]]
    work = [Sample(second, 10000 + second * resident_an_hour / 3600
                   + source.choice((0, 0, 300, 1024, 2048)), 25, threads(second))
            for second in seconds]
    return Verdict(rests, work)


class SamplesTest(unittest.TestCase):
    def test_a_line_through_points_on_a_line_has_no_error(self):
        line = fit([(0, 5.0), (1, 7.0), (2, 9.0), (3, 11.0)])

        self.assertAlmostEqual(line.slope, 2)
        self.assertAlmostEqual(line.error, 0)

    def test_the_error_is_that_of_the_textbook(self):
        line = fit([(0, 0), (1, 1), (2, 0), (3, 1)])

        self.assertAlmostEqual(line.slope, 0.2)
        self.assertAlmostEqual(line.error, (0.8 / 2 / 5) ** 0.5)

    def test_what_wanders_does_not_grow(self):
        self.assertEqual(list(verdict().mistakes()), [])

    def test_less_than_a_mebibyte_an_hour_is_allowed(self):
        self.assertEqual(list(verdict(900, 900, 900).mistakes()), [])

    def test_more_is_not(self):
        cases = ((dict(private_an_hour=1300), "private memory at rest grows by"),
                 (dict(used_an_hour=1300), "used memory at rest grows by"),
                 (dict(resident_an_hour=25000), "resident memory under load grows by"))
        for growth, text in cases:
            with self.subTest(text):
                mistakes = list(verdict(**growth).mistakes())

                self.assertEqual(len(mistakes), 1)
                self.assertIn(text, mistakes[0])

    def test_a_short_run_still_fills_what_is_bounded(self):
        self.assertEqual(list(verdict(private_an_hour=5500, minutes=5).mistakes()), [])
        self.assertNotEqual(list(verdict(private_an_hour=8000, minutes=5).mistakes()), [])

    def test_threads_do_not_come_and_go(self):
        mistakes = list(verdict(threads=lambda second: second // 1000).mistakes())

        self.assertEqual(mistakes, ["the number of its threads changes: [0, 1]"])

    def test_descriptors_and_memory_are_seen(self):
        descriptors_before, private_before = descriptors(os.getpid()), resident_kib(os.getpid())[1]
        block = bytearray(os.urandom(4 << 20))
        with tempfile.TemporaryFile():
            self.assertEqual(descriptors(os.getpid()), descriptors_before + 1)
        self.assertGreaterEqual(resident_kib(os.getpid())[1],
                                private_before + len(block) // 1024 - 100)

    def test_a_connection_is_seen(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            self.assertEqual(connections(port), 0)
            with socket.create_connection(("127.0.0.1", port)), server.accept()[0]:
                self.assertEqual(connections(port), 1)


unittest.main()
