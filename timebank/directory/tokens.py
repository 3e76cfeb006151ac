"""API tokens: bearer keys of programs, with fewer rights than the login that gave them."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session as Db

from .logins import hash_of, opaque
from .model import Token

PREFIX = "tbk_"  # so that a token that leaked into a file is recognised as one


def issue(
    db: Db, login: str, *, label: str, scopes: Iterable[str], now: int, expires_at: int, random: Callable[[int], bytes]
) -> str:
    """A new token, shown once; here only its hash stays."""
    bearer = PREFIX + opaque(random)
    names = " ".join(sorted(set(scopes)))
    token = Token(
        token_hash=hash_of(bearer), login=login, label=label, scopes=names, created_at=now, expires_at=expires_at
    )
    db.add(token)
    db.flush()
    return bearer


def revoke(token: Token, now: int) -> None:
    token.revoked_at = now
