"""The floors under everything that is served: an empty Flask route, and one that reads JSON and gives it back."""

from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    return "{}"


@app.post("/")
def echo() -> Response:
    return jsonify(request.get_json())
