"""What was typed into a form and not sent, kept in the page itself while nobody is logged in: sealed, for a while."""

import base64
import binascii

import msgspec

from timebank.bank import MINUTE_MS, Bank
from timebank.keyring import VaultError

_COLUMN, _ROW = "pages.draft", "draft"


class Draft(msgspec.Struct, frozen=True):
    """The fields of a form, in their order, and the path to which they belong. `at`: when it was sealed."""

    path: str
    community: str
    fields: tuple[tuple[str, str], ...]
    at: int


def seal(bank: Bank, path: str, community: str, fields: tuple[tuple[str, str], ...]) -> str:
    """As text for a page; whoever reads the page meanwhile reads nothing of it, and cannot change it."""
    said = msgspec.json.encode(Draft(path, community, fields, bank.clock())).decode()
    return base64.urlsafe_b64encode(bank.vault.seal(_COLUMN, _ROW, said)).decode()


def opened(bank: Bank, sealed: str) -> Draft | None:
    """What was sealed; None where it is none of ours, or older than a log-in may be."""
    try:
        said = bank.vault.open(_COLUMN, _ROW, base64.urlsafe_b64decode(sealed))
    except (binascii.Error, ValueError, VaultError):
        return None
    draft = msgspec.json.decode(said, type=Draft)
    return draft if bank.clock() - draft.at <= bank.settings.session_minutes * MINUTE_MS else None
