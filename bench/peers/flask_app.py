# SPDX-License-Identifier: MIT
"""Flask's two classics, to compare with: Debian's python3-flask 2.2.2 under gunicorn 20.1.

The idioms: https://flask.palletsprojects.com/en/2.2.x/quickstart/ (hello, sessions) and
https://docs.gunicorn.org/en/20.1.0/settings.html (gthread, as the default worker closes each
connection after one response).

    gunicorn --bind 127.0.0.1:8080 --worker-class gthread --threads 1 --keep-alive 75 \\
        --chdir bench/peers flask_app:app
"""
from flask import Flask, session

app = Flask(__name__)
app.secret_key = "your secret key"


@app.get("/")
def hello():
    return "Hello, World!", {"Content-Type": "text/plain; charset=utf-8"}


@app.get("/counter")
def counter():
    session["count"] = session.get("count", 0) + 1
    return f"You have visited {session['count']} times."
