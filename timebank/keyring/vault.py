"""The vault: personal columns sealed cell by cell, and blind indexes by which they are found."""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .master import Master

# A sealed cell: format, key id, nonce, then ciphertext and tag.
_FORMAT = b"\x01"
_KEY_ID = 4
_NONCE = 12
_HEAD = len(_FORMAT) + _KEY_ID + _NONCE
_TAG = 16

_NUMBER = re.compile(r"[0-9 +()-]+")
_ABROAD = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")


class VaultError(Exception):
    """A sealed cell does not open: altered, moved to another row or column, or sealed under another master key."""


class Vault:
    """A cell opens only in the column and row for which it was sealed.

    Columns are named `table.column`; a row is named by its primary key.
    """

    def __init__(self, master: Master, *, random: Callable[[int], bytes] = os.urandom) -> None:
        key = master.derive("vault seal")
        self._cipher = AESGCM(key)
        self._prefix = _FORMAT + hashlib.sha256(b"key id " + key).digest()[:_KEY_ID]
        self._blind_key = master.derive("vault blind")
        self._pepper_key = master.derive("vault pepper")
        self._cookie_key = master.derive("cookies")
        self._random = random

    def seal(self, column: str, row: str, text: str) -> bytes:
        nonce = self._random(_NONCE)
        return self._prefix + nonce + self._cipher.encrypt(nonce, text.encode(), _place(column, row))

    def open(self, column: str, row: str, sealed: bytes) -> str:
        """The text of a cell; VaultError when it does not belong there."""
        if len(sealed) < _HEAD + _TAG or not sealed.startswith(self._prefix):
            raise VaultError(f"{column} of {row}: not sealed under this master key")
        nonce = sealed[len(self._prefix) : _HEAD]
        try:
            return self._cipher.decrypt(nonce, sealed[_HEAD:], _place(column, row)).decode()
        except InvalidTag as error:
            raise VaultError(f"{column} of {row}: altered, or moved here from another cell") from error

    def blind(self, column: str, text: str) -> bytes:
        """32 bytes that are equal for texts a person would call the same, and tell nothing without the master key."""
        return hmac.digest(self._blind_key, _place(column, _normal(text)), "sha256")

    def pepper(self, login: str, secret: str) -> bytes:
        """What is hashed in place of a password or PIN: from a stolen database alone not even six digits can be
        guessed, and a hash copied to another login opens nothing there."""
        return hmac.digest(self._pepper_key, _place(login, unicodedata.normalize("NFKC", secret)), "sha256")

    def sign_cookie_key(self) -> bytes:
        """For Flask's SECRET_KEY."""
        return self._cookie_key


def digits_of(text: str) -> str:
    """The digits of a phone or card, however it was grouped, a mobile without +86; empty for any other text."""
    folded = _fold(text)
    return _ABROAD.sub("", "".join(filter(str.isdigit, folded))) if _NUMBER.fullmatch(folded) else ""


def _normal(text: str) -> str:
    """One spelling for look-up: width and case folded, numbers as their digits."""
    return digits_of(text) or _fold(text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def _place(column: str, row: str) -> bytes:
    # Columns and ids are of our own making and hold no NUL, so the first NUL ends them, whatever comes after.
    return column.encode() + b"\0" + row.encode()
