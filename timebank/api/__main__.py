"""Print the OpenAPI document: `python -m timebank.api > docs/openapi.json`."""

import sys

from flask import Flask

from timebank.api import register
from timebank.api.about import document_text

app = Flask("timebank")
register(app)
with app.app_context():
    sys.stdout.write(document_text())
