"""The layers of policies: what the city, a county and a community each want otherwise than the layer above."""

from collections.abc import Iterable

from sqlalchemy.orm import Session as Db

from .model import PolicyLayer


def of(db: Db, scopes: Iterable[str]) -> list[str]:
    """The layers of these scopes, in their order; a scope without one is left out."""
    found = (db.get(PolicyLayer, scope) for scope in scopes)
    return [layer.text for layer in found if layer is not None]


def put(db: Db, scope: str, text: str, *, by: str, at: int) -> None:
    """Set the layer of a scope in place of what was there."""
    db.merge(PolicyLayer(scope=scope, text=text, set_by=by, set_at=at))
