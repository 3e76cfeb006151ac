"""Text messages: kept with what they are about, and handed to the gateway after that is committed."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import httpx2

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused

FOLDER = "folder:"
_SILENCE_S = 5
_MOST = 200  # in one run of the job


def check_configured(bank: Bank) -> None:
    """Refused where this service sends no text messages."""
    if not bank.settings.text_gateway:
        raise Refused(Code.NO_TEXTS)


def put(bank: Bank, office: Reading, to: str, text: str, lasts_ms: int) -> str:
    """Keep a message for `deliver`; its id. It goes with the transaction, or not at all."""
    id = bank.uuid()
    message = directory.TextMessage(
        id=id,
        sealed_to=office.vault.seal("text_messages.to", id, to),
        sealed_text=office.vault.seal("text_messages.text", id, text),
        expires_at=office.now + lasts_ms,
    )
    directory.login_codes.add_message(office.people, message)
    return id


def deliver(bank: Bank, id: str) -> bool:
    """Hand a message to the gateway; False where it does not take it now: the job tries again until it is no use.

    A crash after it was taken, or the job at the same moment, hands it over twice, under the same id.
    """
    with bank.view() as view:
        found = directory.login_codes.message(view.people, id, view.now)
        if found is None:
            return False
        to = view.vault.open("text_messages.to", id, found.sealed_to)
        text = view.vault.open("text_messages.text", id, found.sealed_text)
    if not _taken(bank.settings.text_gateway, bank.settings.text_gateway_key, {"id": id, "to": to, "text": text}):
        return False
    with bank.office() as office:
        directory.login_codes.drop_message(office.connection, id)
    return True


def deliver_all(bank: Bank, actor: Actor | None, between: Callable[[], None] = lambda: None) -> tuple[int, int]:
    """Hand over what still waits, and forget what came too late: how many were taken, and how many were not.

    `between` is called before each, for a gateway may let each wait, and may raise to stop.
    """
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.office() as office:
        directory.login_codes.drop_old(office.connection, office.now)
        waiting = directory.login_codes.waiting(office.connection, office.now, _MOST)
    taken = 0
    for id in waiting:
        between()
        taken += deliver(bank, id)
    return taken, len(waiting) - taken


def _taken(gateway: str, key: str, message: dict[str, str]) -> bool:
    """Whether the gateway took it: a folder, where each is a file that something else sends on, or an HTTP address."""
    body = json.dumps(message, ensure_ascii=False).encode()
    try:
        if gateway.startswith(FOLDER):
            _write(Path(gateway.removeprefix(FOLDER)) / f"{message['id']}.json", body)
            return True
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        with httpx2.Client(timeout=_SILENCE_S, trust_env=False) as client:
            return client.post(gateway, content=body, headers=headers).is_success
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return False


def _write(file: Path, body: bytes) -> None:
    """Whole or not at all, readable for its owner alone."""
    part = file.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(body)
    part.replace(file)
