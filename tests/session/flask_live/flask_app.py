# SPDX-License-Identifier: MIT
"""The real Flask, with the session that a Cloakroom app shares.

usage: flask_app.py SECRET COOKIE_NAME     prints "listening on http://127.0.0.1:PORT"
"""
import datetime
import sys
import uuid

from flask import Flask, flash, get_flashed_messages, jsonify, session
from markupsafe import Markup
from werkzeug.serving import make_server

app = Flask(__name__)
app.config.update(
    SECRET_KEY=sys.argv[1],
    SESSION_COOKIE_NAME=sys.argv[2],
    SESSION_COOKIE_SECURE=sys.argv[2].startswith("__Host-"),
    SESSION_COOKIE_SAMESITE="Lax",
)

# Every type that Flask's JSON has a tag for, and what only looks like one.
tagged = {
    "tuple": (1, "two", (3, [4, ()])),
    "bytes": b"\x00\xff\x10",
    "markup": Markup("<b>é</b>"),
    "uuid": uuid.UUID(int=1),
    "date": datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.timezone.utc),
    "dict": {" t": [1], "x": {" m": "<i>"}},
    "escapes": [{" t": "x"}, {" t": [1]}, {" di": {" t__": 1}}, {" di": 1}, {" b": b"x"}],
    "same": [(1,), {" t": [1]}, (1,)],
    "text": "你好 🌍 \x7f\n\"\\/ \ud800",
    "numbers": [0, -1, 1.0, 1e100, 1e-7, 123456789012345678901234567890],
    "rest": [None, True, False, {}, [], ""],
    "🌍": {"z": 1, "é": 2, "\uffff": 3, "🌍": 4},
}


@app.get("/")
def count():
    session["count"] = session.get("count", 0) + 1
    return f"You have visited {session['count']} times."


@app.get("/store")
def store():
    session.update(tagged)
    flash("Hello")
    return "stored"


@app.get("/check")
def check():
    """Tells what has changed: nothing, where all is well."""
    changed = [key for key, value in tagged.items()
               if repr(session.get(key)) != repr(value)]
    return jsonify(changed=changed, others=sorted(set(session) - set(tagged)),
                   flashes=session["_flashes"] == [("message", "Hello")])


@app.get("/flashes")
def flashes():
    return jsonify(get_flashed_messages())


server = make_server("127.0.0.1", 0, app, threaded=False)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
