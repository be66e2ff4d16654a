# SPDX-License-Identifier: MIT
"""Reads the cases of *.txt, in the form that README.md describes. Sends nothing."""
import dataclasses
import re

RULE = r"(9110|9112|6265bis|9457) [A-Z0-9]+(\.[0-9]+)*"
SECTION = re.compile(f"{RULE}(, {RULE})*")
OUTCOME = re.compile(r"(?P<status>[0-9]{3}(\|[0-9]{3})*) (?P<fate>keep|close)")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))|\{([^{}]*)\*([0-9]+)\}")
ESCAPED = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
COOKIE = "{cookie}"


class WrongCase(Exception):
    """A case that breaks the format; says where."""


@dataclasses.dataclass
class Send:
    text: str  # with its escapes, as cookies are known only later
    ends: bool = False  # nothing is sent after it, and the server told so

    def bytes(self, cookie=""):
        return unescaped(self.text.replace(COOKIE, cookie))


@dataclasses.dataclass
class Want:
    """One response. `outcomes` is empty where nothing may come, or for an interim one."""
    text: str
    outcomes: list = dataclasses.field(default_factory=list)  # of (set of statuses, fate)
    interim: str = ""  # "", "must" or "may" come
    is_head: bool = False
    fields: list = dataclasses.field(default_factory=list)  # of (name, value or None, is_there)
    body: tuple = ()  # ("is" or "has", bytes)

    def is_nothing(self):
        return not self.outcomes and not self.interim


@dataclasses.dataclass
class Case:
    name: str
    place: str
    section: str = ""
    steps: list = dataclasses.field(default_factory=list)
    values: list = dataclasses.field(default_factory=list)


def unescaped(text):
    """The bytes that `text` means."""
    made = bytearray()
    at = 0
    for match in ESCAPE.finditer(text):
        made += text[at:match.start()].encode("ascii")
        at = match.end()
        if match[1] is not None:
            made.append(int(match[1], 16))
        elif match[2] is not None:
            if match[2] not in ESCAPED:
                raise WrongCase(f"no escape: {match[0]}")
            made += ESCAPED[match[2]]
        else:
            made += unescaped(match[3]) * int(match[4])
    return bytes(made + text[at:].encode("ascii"))


def outcome(text):
    """What stands behind "<"."""
    want = Want(text)
    if text in ("100", "100?"):
        want.interim = "must" if text == "100" else "may"
        return want
    if text == "nothing":
        return want
    if text.startswith("HEAD "):
        want.is_head = True
        text = text[5:]
    for each in text.split(" or "):
        match = OUTCOME.fullmatch(each)
        if not match:
            raise WrongCase(f"no outcome: {each}")
        want.outcomes.append(({int(code) for code in match["status"].split("|")}, match["fate"]))
    return want


def add_demand(want, text):
    """What stands, indented, below an outcome."""
    name, separator, value = text.partition(":")
    value = value.strip(" ")
    if name in ("body", "body has"):
        want.body = ("has" if name == "body has" else "is", unescaped(value))
    elif text.startswith("!"):
        want.fields.append((text[1:], None, False))
    else:
        want.fields.append((name, unescaped(value).decode("latin-1") if separator else None, True))


def add_line(case, line):
    """Takes one line of a case in."""
    if line != line.rstrip():
        raise WrongCase(f"blanks at the end, which nobody sees: write \\x20: {line}")
    if line.startswith("> ") and line != "> end":
        if case.steps and isinstance(case.steps[-1], Send):
            case.steps[-1].text += line[2:]
        else:
            case.steps.append(Send(line[2:]))
    elif line == "> end" and case.steps and isinstance(case.steps[-1], Send):
        case.steps[-1].ends = True
    elif line.startswith("< "):
        case.steps.append(outcome(line[2:]))
    elif line.startswith("* ") and case.steps and isinstance(case.steps[-1], Want):
        case.steps += [case.steps[-1]] * (int(line[2:]) - 1)
    elif line.startswith("  ") and case.steps and isinstance(case.steps[-1], Want):
        add_demand(case.steps[-1], line[2:])
    elif line.startswith("- "):
        case.values.append(line[2:])
    elif not case.section and SECTION.fullmatch(line):
        case.section = line
    else:
        raise WrongCase(f"not understood: {line}")


def check(case):
    """Complains of what is missing."""
    if not case.section:
        raise WrongCase("no section of an RFC")
    if len(case.steps) < 2 or not isinstance(case.steps[-1], Want) or case.steps[-1].interim:
        raise WrongCase("does not end in an outcome")


def read_file(path):
    """All cases of one file, each value a case of its own."""
    made = []
    lines = path.read_text("ascii").splitlines()
    begins = [index for index, line in enumerate(lines) if line.startswith("== ")]
    for begin, end in zip(begins, begins[1:] + [len(lines)]):
        block = [line for line in lines[begin + 1:end] if line and not line.startswith("#")]
        values = [line[2:] for line in block if line.startswith("- ")] or [None]
        for value in values:
            case = Case(lines[begin][3:], f"{path.name}:{begin + 1}")
            try:
                for line in block:
                    if not line.startswith("- "):
                        add_line(case, line if value is None else line.replace("$", value))
                check(case)
                for step in case.steps:
                    if isinstance(step, Send):
                        step.bytes()
            except (WrongCase, UnicodeEncodeError) as error:
                raise WrongCase(f"{case.place}: {error}") from None
            if value is not None:
                case.name = case.name.replace("$", value)
            made.append(case)
    return made
