"""Log in with a telephone: a code is sent to it, and who of the household it is says the day of her birth."""

from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher

from timebank import directory
from timebank.bank import MINUTE_MS, Bank, Reading
from timebank.ledger import Code, Refused

from . import logins, pace, pins, texts
from .certificates import masked

LASTS_MINUTES = 10
_DIGITS = 6
_TRIES = 5
_PHONE, _ADDRESS = "login-code", "login-code-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The telephone number that was typed; `address` is the client's, for throttling; `wording` says the code."""

    phone: str
    address: str
    wording: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the browser keeps until it is in; and the message to be handed over, if there is one."""

    secret: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the household: her name as far as it is told to whoever holds the telephone."""

    person: str
    name: str


def ask(bank: Bank, asked: Asked) -> Ticket:
    """Make a code for a telephone. The answer, but not to the millisecond its time, is the same whether or not somebody
    here has that number.

    Hand the message over afterwards with `texts.deliver`. Refused where no text messages are sent, and after too many.
    """
    texts.check_configured(bank)
    pace.count(bank, _ADDRESS, asked.address, bank.settings.login_attempts * 20)
    pace.count(bank, _PHONE, asked.phone)
    with bank.office() as office:
        secret = directory.logins.opaque(office.random)
        code = f"{int.from_bytes(office.random(8)) % 10**_DIGITS:0{_DIGITS}}"
        ticket_hash = directory.logins.hash_of(secret)
        row = directory.LoginCode(
            ticket_hash=ticket_hash,
            phone_blind=office.vault.blind("people.phone", asked.phone),
            code_hash=_hash(office, ticket_hash, code),
            expires_at=office.now + LASTS_MINUTES * MINUTE_MS,
            tries=0,
        )
        directory.login_codes.add(office.people, row)
        message = None
        if _household(office, row):
            text = asked.wording(code)
            message = texts.put(bank, office, asked.phone, text, LASTS_MINUTES * MINUTE_MS)
    return Ticket(secret, message)


def enter(bank: Bank, ticket: str, code: str) -> tuple[Choice, ...]:
    """Type the code: who of the household may log in now. Refused when it is wrong, old, or guessed at too often."""
    with bank.office() as office:
        row = _row(office, ticket)
        digits = "".join(filter(str.isdigit, code))
        is_right = row is not None and row.code_hash == _hash(office, row.ticket_hash, digits)
        found: tuple[Choice, ...] = ()
        if row is not None and is_right:
            row.proved_at = office.now
            found = tuple(
                Choice(one.id, masked(directory.people.name_of(office.vault, one) or ""))
                for one in _household(office, row)
            )
        elif row is not None:
            _miss(office, row)
    # After the commit: a wrong code counts.
    if not found:
        raise Refused(Code.LOGIN_CODE_WRONG)
    return found


def choose(
    bank: Bank,
    ticket: str,
    person: str,
    born: str,
    *,
    known: bool = False,
    own: bool = False,
    hasher: PasswordHasher = logins.HASHER,
) -> str:
    """Log in as one of the household: a session's token. The ticket is good for nothing more.

    `born`: month and day of her birth, four digits. It is asked because numbers are given to other people, and not
    where this browser is `known` as hers. `own`: the session lasts for weeks. Refused when it is wrong, or not known.
    """
    token, refusal = None, Code.LOGIN_CODE_WRONG
    with bank.office() as office:
        row = _row(office, ticket)
        if row is not None and row.proved_at is not None:
            chosen = next((one for one in _household(office, row) if one.id == person), None)
            birthday = "" if chosen is None else _birthday(office, chosen)
            if chosen is not None and not known and not birthday:
                refusal = Code.BIRTHDAY_UNKNOWN
            elif chosen is not None and (known or "".join(filter(str.isdigit, born)) == birthday):
                directory.login_codes.remove(office.people, row)
                directory.people.lock(office.connection, chosen.id)
                token = _session(bank, office, chosen, hasher, own=own)
            else:
                refusal = Code.BIRTHDAY_WRONG
                _miss(office, row)
    # After the commit: a wrong day counts.
    if token is None:
        raise Refused(refusal)
    return token


def mark_of(bank: Bank, person: str) -> str:
    """What a browser keeps in which somebody has logged in with her day of birth."""
    return bank.vault.blind("devices.person", person).hex()


def _row(office: Reading, ticket: str) -> directory.LoginCode | None:
    return directory.login_codes.locked(office.people, directory.logins.hash_of(ticket), office.now)


def _miss(office: Reading, row: directory.LoginCode) -> None:
    """A wrong one; after so many the code is void."""
    row.tries += 1
    if row.tries >= _TRIES:
        directory.login_codes.remove(office.people, row)


def _hash(office: Reading, ticket_hash: bytes, code: str) -> bytes:
    return office.vault.blind("login_codes.code", f"{ticket_hash.hex()} {code}")


def _household(office: Reading, row: directory.LoginCode) -> list[directory.people.Known]:
    """Those with this telephone who may log in."""
    return [one for one in directory.people.with_phone_blind(office.connection, row.phone_blind) if _may(office, one)]


def _may(office: Reading, person: directory.people.Known) -> bool:
    try:
        pins.check_may_enter(office, person)
        pins.login_of_card(office, person)
    except Refused:
        return False
    return True


def _birthday(office: Reading, person: directory.people.Known) -> str:
    return (directory.people.born_of(office.vault, person) or "").replace("-", "")[4:]


def _session(bank: Bank, office: Reading, person: directory.people.Known, hasher: PasswordHasher, *, own: bool) -> str:
    """Who has no login yet is given one, under the number of her card and with a secret that nobody knows."""
    login = pins.login_of_card(office, person)
    id = login.id if login else pins.open_login(bank, office, person, directory.logins.opaque(office.random), hasher)
    return logins.open_session(bank, office, id, own=own)
