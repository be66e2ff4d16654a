# SPDX-License-Identifier: MIT
"""Tables of what needs no socket: micro-benchmarks, pauses of a large store, instructions."""
from __future__ import annotations

from typing import Any

from .tables import digits, duration, table

# Scenario of pipeline_bench, as its name ends: words, and how many requests an iteration has.
REQUESTS = {
    "hello": ("hello", 1),
    "hello_16_pipelined": ("hello, 16 pipelined", 16),
    "hello_browser": ("hello, with a browser's 12 fields", 1),
    "placeholder_json": ("JSON with a path placeholder", 1),
    "github_table": ("a route of the GitHub API's 203", 1),
    "middleware_chain": ("a chain of middleware", 1),
    "json_body": ("a JSON body", 1),
    "form": ("a form", 1),
    "counter_memory": ("visit counter in memory", 1),
    "counter_signed": ("visit counter in a signed cookie", 1),
    "counter_sealed": ("visit counter in a sealed cookie", 1),
    "counter_flask": ("visit counter in Flask's cookie", 1),
    "machine_event": ("an event of a state machine", 1),
    "404": ("404", 1),
}

# Benchmark: words, and how many of that an iteration has.
OPERATIONS = {
    "parse_bench:BM_parse_get_1_field": ("parsing a GET with 1 field", 1),
    "parse_bench:BM_parse_get_3_fields_of_curl": ("… with curl's 3", 1),
    "parse_bench:BM_parse_get_12_fields_of_browser": ("… with a browser's 12", 1),
    "parse_bench:BM_parse_post_1_kib": ("parsing a POST of 1 KiB", 1),
    "parse_bench:BM_parse_post_1_kib_in_1_chunk": ("… in 1 chunk", 1),
    "parse_bench:BM_parse_post_1_kib_in_64_chunks": ("… in 64 chunks", 1),
    "session_bench:BM_memory_load_commit/1000":
        ("session load and commit in memory (1,000 sessions)", 1),
    "session_bench:BM_signed_load_commit/0": ("… in a signed cookie (a counter)", 1),
    "session_bench:BM_sealed_load_commit/0": ("… in a sealed cookie", 1),
    "session_bench:BM_revocable_sealed_load_commit/0": ("… in a sealed one with revocations", 1),
    "session_bench:BM_flask_load_commit/0": ("… in Flask's cookie", 1),
    "session_bench:BM_hmac/28": ("HMAC-SHA256 of 28 bytes", 1),
    "session_bench:BM_aes_gcm/28": ("AES-GCM of 28 bytes", 1),
    "session_bench:BM_sha256_token": ("SHA-256 of a token", 1),
    "session_bench:BM_random_token": ("a random token", 1),
    "machine_bench:BM_transition_without_data":
        ("a transition without data, stored in the session", 1),
    "machine_bench:BM_two_transitions_with_cart": ("… with a cart of two lines", 2),
    "machine_bench:BM_visit_without_data":
        ("loading a machine without data, one transition, commit in memory", 1),
    "machine_bench:BM_visit_with_cart": ("… with that cart", 1),
    "json_bench:write_cart": ("writing a cart of three lines as JSON", 1),
    "json_bench:write_cart_by_nlohmann": ("… by nlohmann_json", 1),
    "json_bench:read_cart": ("reading it", 1),
    "json_bench:read_cart_by_nlohmann": ("… by nlohmann_json", 1),
    "response_bench:BM_write_text/13": ("writing a response of 13 bytes", 1),
    "response_bench:BM_write_text/1024": ("… of 1 KiB", 1),
    "response_bench:BM_write_6_fields": ("… with 6 fields", 1),
    "route_bench:BM_route_github_203":
        ("a lookup among the GitHub API's 203 routes, on average", 1),
    "route_bench:BM_route_miss/10000": ("a path that none of 10,000 routes has", 1),
}

PAUSES = {
    "BM_no_store_a_million": "no store: as long as an insert",
    "BM_memory_expire_a_million/0": "inserts while a million sessions expire",
    "BM_memory_expire_a_million/1": "the same, each with an owner",
    "BM_memory_grow_to_a_million/0": "inserts up to a million sessions",
    "BM_memory_grow_to_a_million/1": "the same, each with an owner",
}


def _spread(times: list[float], count: int) -> list[str]:
    median, least, most = (each / count for each in times)
    return [duration(median), f"{duration(least)} to {duration(most)}" if least < most else ""]


def operations(result: Any) -> str:
    rows = [[words, *_spread(result[name], count)]
            for name, (words, count) in OPERATIONS.items() if name in result]
    missing = [name for name in OPERATIONS if name not in result]
    return (table(["what", "time", "least to most"], rows)
            + (f"\n\n*Not measured, for there are none: {', '.join(missing)}.*" if missing else ""))


def requests(result: Any, budgets: Any) -> str:
    """Whole requests: time, and instructions that a test allows."""
    allowed = (budgets or {}).get("instructions", {})
    known = [name.removeprefix("pipeline_bench:BM_pipeline_")
             for name in result if name.startswith("pipeline_bench:")]
    rows = []
    for name in [*REQUESTS, *(each for each in known if each not in REQUESTS)]:
        words, count = REQUESTS.get(name, (name.replace("_", " "), 1))
        times = result.get(f"pipeline_bench:BM_pipeline_{name}")
        if times or name in allowed:
            rows.append([words, *(_spread(times, count) if times else ["", ""]),
                         f"{allowed[name]:,}" if name in allowed else ""])
    header = ["a whole request", "time", "least to most", "instructions allowed"]
    return table(header if allowed else header[:-1],
                 rows if allowed else [row[:-1] for row in rows])


def million_sessions(result: Any) -> str:
    def each(runs: list[dict[str, float]], name: str, unit: str) -> str:
        return ", ".join(f"{digits(run[name])}{unit}" if unit else f"{run[name]:.0f}"
                         for run in runs)

    rows = [[words, each(result[name], "median_us", " µs"), each(result[name], "p9999_us", " µs"),
             each(result[name], "max_us", " µs"), each(result[name], "over_100us", "")]
            for name, words in PAUSES.items() if name in result]
    return table(["what", "median", "99.99 %", "longest", "over 100 µs"], rows)


def session_bytes(result: Any) -> str:
    plain, owned = (result.get(f"BM_memory_bytes_of_a_million/{each}") for each in (0, 1))
    text = "A session takes " + f"{plain[0]['overhead_bytes']:.0f} bytes beyond its contents"
    return text + (f", and {owned[0]['overhead_bytes']:.0f} with an owner of its own."
                   if owned else ".")


def allocations(result: Any) -> str:
    return f"All {result['passed']} of its tests passed."


def idle_memory(result: Any) -> str:
    return (f"{result['bytes_per_connection']:.0f} bytes of private memory for each of "
            f"{result['connections']:,} idle connections; the kernel's memory for a socket is not "
            f"in it. The whole process takes {result['private_kib_before'] / 1024:.1f} MiB before "
            "they come.")


def compile_time(result: Any) -> str:
    return table(["source", "CPU time", "ratio"],
                 [[f"`{source}`", f"{mean:.2f} s", times_of(ratio)]
                  for source, (mean, ratio) in result.items()])


def times_of(ratio: float) -> str:
    return "1" if ratio == 1 else f"{ratio:.2f} ×"


def binary_size(result: Any) -> str:
    return (f"`hello` without symbols is {result['bytes'] / 2**20:.2f} MiB. Cloakroom is in it, "
            "the C++ library and OpenSSL are not.")


TABLES = {"micro.micro": operations, "micro.million_sessions": million_sessions,
          "micro.session_bytes": session_bytes, "micro.allocations": allocations,
          "memory.idle_memory": idle_memory, "memory.compile_time": compile_time,
          "memory.binary_size": binary_size}
