"""The code inside an elder's door: whoever types it when signing in or out was there, or has a photograph of it.

So it confirms nothing, and signing in without it stays possible; how often that is done is counted.
"""

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.directory.orders import Asked
from timebank.ledger import Code, Refused

from .. import pace

AT_DOOR = "at-door"
_DIGITS = 6
_DOOR = "door-code"


def make_code(bank: Bank, actor: Actor | None, community: str, elder: str) -> str:
    """A new code of six digits for her door, to be printed at once and never shown again; the old one is void."""
    require(actor, Right.RUN_ORDERS, community)
    with bank.office() as office:
        person = office.person(elder, community)
        directory.people.lock(office.connection, person.id)  # or two cards made at once would both be the first
        code = f"{int.from_bytes(office.random(8)) % 10**_DIGITS:0{_DIGITS}}"
        row = office.people.get(directory.DoorCode, person.id)
        if row is None:
            row = directory.DoorCode(person=person.id)
            office.people.add(row)
        row.code_hash, row.made_at = _hash(office, person.id, code), office.now
        pace.forget(office, _DOOR, person.id)
        return code


def count_try(bank: Bank, elder: str) -> None:
    """Before a code is looked at; Refused after too many wrong ones for this elder, whoever types them."""
    pace.count(bank, _DOOR, elder)


def sign(reading: Reading, order: Asked, typed: str | None) -> str | None:
    """How a sign-in is noted: as at the door, where the code is hers; Refused for a wrong one, None without one."""
    if typed is None:
        return None
    found = reading.people.get(directory.DoorCode, order.elder)
    if found is None or found.code_hash != _hash(reading, order.elder, typed):
        raise Refused(Code.DOOR_CODE_WRONG)
    pace.forget(reading, _DOOR, order.elder)
    return AT_DOOR


def _hash(reading: Reading, person: str, code: str) -> bytes:
    digits = "".join(character for character in code if character.isdigit())
    return reading.vault.blind("door_codes.code", f"{person} {digits}")
