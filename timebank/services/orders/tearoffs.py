"""The sheet of ten codes that an elder keeps: tearing one off confirms one service, also without a telephone."""

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.directory.orders import Asked
from timebank.ledger import Code, Refused

from .. import pace

CODES = 10
_DIGITS = 8
_SHEET = "tear-offs"


def make_sheet(bank: Bank, actor: Actor | None, community: str, elder: str) -> list[str]:
    """Ten new codes of eight digits, to be printed once and never shown again; those of her last sheet are void."""
    require(actor, Right.RUN_ORDERS, community)
    with bank.office() as office:
        person = office.person(elder, community)
        directory.orders.void_tear_offs(office.connection, person.id, office.now)
        codes: set[str] = set()
        while len(codes) < CODES:
            codes.add(f"{int.from_bytes(office.random(8)) % 10**_DIGITS:0{_DIGITS}}")
        for code in codes:
            directory.orders.add_tear_off(office.connection, person.id, _hash(office, person.id, code), office.now)
    return sorted(codes)


def count_try(bank: Bank, order: Asked) -> None:
    """Before a code is looked at; Refused after too many wrong ones for this elder, whoever types them."""
    pace.count(bank, _SHEET, order.elder)


def use(reading: Reading, order: Asked, typed: str) -> None:
    """Tear a code off for this order; Refused when it is none of hers, or was used."""
    if not directory.orders.tear_off(reading.connection, order.elder, _hash(reading, order.elder, typed), order.id):
        raise Refused(Code.CODE_WRONG)
    pace.forget(reading, _SHEET, order.elder)


def _hash(reading: Reading, person: str, code: str) -> bytes:
    digits = "".join(character for character in code if character.isdigit())
    return reading.vault.blind("tear_offs.code", f"{person} {digits}")
