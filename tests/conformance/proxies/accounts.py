# SPDX-License-Identifier: MIT
"""Compares what a proxy says it has sent with what the server behind it says it has seen."""
import collections
import re


def compare(forwarded, lines):
    """What the proxy has sent, against what the server says it has seen. Returns complaints."""
    found = [f"seen without a name: {line!r}" for line in lines if line.startswith("nameless ")]
    seen = collections.Counter()
    for line in lines:
        method, _, rest = line.partition(" ")
        if re.fullmatch(r"[A-Z]+ [0-9]{3} .*", line):
            name = rest[4:]
            seen[name] += 1
            if name != "refused" and name not in forwarded:
                found.append(f"seen, but not named so by the proxy: {line!r}")
            elif name != "refused" and forwarded[name].method != method:
                found.append(f"forwarded as {forwarded[name].method}: {line!r}")
    found += [f"seen {times} times: {name}" for name, times in seen.items()
              if times > 1 and name != "refused"]
    refused = cut_short = 0
    for name, each in forwarded.items():
        refused += each.seen == "refused"
        cut_short += each.is_sent and not each.seen and not seen[name]
        if each.seen not in ("", "refused", name) or (each.seen == name and not seen[name]):
            found.append(f"{name} was answered as {each.seen}")
    # The server has read no name of these, but each is one that the proxy has sent: it was given
    # the refusal, or had cut the request short itself, for a bad chunk or a client that was gone.
    if not refused <= seen["refused"] <= refused + cut_short:
        found.append(f"the server refused {seen['refused']}, of which the proxy knows {refused}, "
                     f"and has cut short {cut_short}")
    named = sum(seen.values()) - seen["refused"]
    sent = sum(each.is_sent for each in forwarded.values())
    print(f"the proxy sent {sent}, cut {cut_short} of them short; the server answered {named}, and "
          f"refused {seen['refused']}")
    return found
