"""An empty Flask route: the floor under everything that is served."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    return "{}"
