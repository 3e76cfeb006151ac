"""The application a WSGI server loads."""

from timebank.app import create_app
from timebank.settings import load

app = create_app(load())
