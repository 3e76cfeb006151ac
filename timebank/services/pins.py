"""The PIN of a member's card: chosen at the counter, changed by herself; with it she logs in and confirms."""

import re
from dataclasses import dataclass

from argon2 import PasswordHasher

from timebank import directory
from timebank.access import Actor, Right, Role, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused

from . import dealing, logins
from .statements import day_in_zone

DIGITS = 6
_ROW = "01234567890123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPin:
    """A PIN that somebody types at the counter for her own card."""

    community: str
    person: str
    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPin:
    """Another PIN in place of the one that is known; `address` is where it was typed, for throttling alone."""

    person: str
    old: str
    pin: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Whether a card has a PIN, and when it was chosen last, as far as that is kept (ms); `own`: by herself."""

    is_set: bool
    chosen_at: int | None
    own: bool


def choose(bank: Bank, actor: Actor | None, chosen: ChosenPin, *, hasher: PasswordHasher = logins.HASHER) -> Pin:
    """Give a card its PIN, or another one where it was forgotten. Whoever was in with the old one is out.

    Nobody does it for themselves or for their own family: a PIN confirms services by one's own hand. Refused where it
    is easily guessed, for a group or provider, and for somebody who died or for whom somebody else decides.
    """
    actor = require(actor, Right.SET_PIN, chosen.community)
    with bank.office() as office:
        person = office.person(chosen.person, chosen.community)
        dealing.check_own_matter(office, actor, [person.id])
        check_may_enter(office, person)
        _check_strength(office, person, chosen.pin)
        directory.people.lock(office.connection, person.id)  # or two at once would both make her login
        login = login_of_card(office, person)
        if login is None:
            open_login(bank, office, person, chosen.pin, hasher)
        else:
            _replace(office, login, chosen.pin, hasher)
        directory.pins.note(office.connection, bank.uuid(), person.id, actor.login, office.now)
        return Pin(is_set=True, chosen_at=office.now, own=False)


def change(bank: Bank, actor: Actor | None, changed: ChangedPin, *, hasher: PasswordHasher = logins.HASHER) -> Pin:
    """Another PIN for one's own card. Every session of it ends, also the one in which this is asked.

    Refused where the old one is wrong (and throttled as log-ins are), or the new one is easily guessed.
    """
    with bank.view() as view:
        person = view.person(changed.person)
        actor = require(actor, Right.CHANGE_PIN_OWN, person.community, person.id)
    known = logins.LogIn(name=person.card, secret=changed.old, address=changed.address)
    logins.prove(bank, known, person.id, hasher=hasher)
    with bank.office() as office:
        person = office.person(changed.person)
        _check_strength(office, person, changed.pin)
        login = login_of_card(office, person)
        if login is None:
            raise Refused(Code.LOGIN_WRONG)
        _replace(office, login, changed.pin, hasher)
        directory.pins.note(office.connection, bank.uuid(), person.id, actor.login, office.now)
        return Pin(is_set=True, chosen_at=office.now, own=True)


def of(bank: Bank, actor: Actor | None, person_id: str) -> Pin:
    """Whether somebody's card has a PIN: for herself, and for whoever may give her one."""
    with bank.view() as view:
        person = view.person(person_id)
        if actor is None or actor.person != person.id:
            require(actor, Right.SET_PIN, person.community)
        newest = directory.pins.newest(view.connection, person.id)
        login = directory.logins.find(view.people, view.vault, person.card)
        return Pin(
            is_set=login is not None and login.active and newest is not None,
            chosen_at=None if newest is None else newest.at,
            own=newest is not None and newest.by_person == person.id,
        )


def check_may_enter(reading: Reading, person: directory.people.Known) -> None:
    """Refused for what is no person, and for somebody who has no log-in any more."""
    if person.kind != "person":
        raise Refused(Code.PERSON_ROLE, person=person.id, role="member")
    if person.deceased_on is not None:
        raise Refused(Code.PERSON_DECEASED, person=person.id, day=person.deceased_on)
    today = day_in_zone(reading.now, reading.head(person.origin).offset_minutes)
    if directory.standing.deciders_of(reading.connection, person.id, today):
        raise Refused(Code.GUARDIAN_DECIDES, person=person.id)


def login_of_card(reading: Reading, person: directory.people.Known) -> directory.Login | None:
    """The login whose name is the number of her card; Refused where it was closed."""
    login = directory.logins.find(reading.people, reading.vault, person.card)
    if login is not None and not login.active:
        raise Refused(Code.LOGIN_CLOSED)
    return login


def open_login(bank: Bank, office: Reading, person: directory.people.Known, secret: str, hasher: PasswordHasher) -> str:
    """A member's first login, under the number of her card, with this secret; its id."""
    new = directory.logins.NewLogin(
        id=bank.uuid(),
        name=person.card,
        shown=directory.people.name_of(office.vault, person) or "",
        secret=secret,
        person=person.id,
        created_at=office.now,
    )
    directory.logins.create(office.connection, office.vault, hasher, new)
    directory.logins.grant(office.connection, new.id, Role.MEMBER.value, person.community, office.now)
    return new.id


def _replace(office: Reading, login: directory.Login, pin: str, hasher: PasswordHasher) -> None:
    directory.logins.set_secret(office.people, office.vault, hasher, login=login, secret=pin, now=office.now)


def _check_strength(reading: Reading, person: directory.people.Known, pin: str) -> None:
    """Six digits, of which somebody who found the card would not think first."""
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", pin):
        raise Refused(Code.PIN_WEAK)
    born = (directory.people.born_of(reading.vault, person) or "").replace("-", "")
    phone = "".join(filter(str.isdigit, directory.people.phone_of(reading.vault, person) or ""))
    guessed = {
        born[2:],
        born[:DIGITS],
        born[4:] + born[2:4],
        phone[-DIGITS:],
        person.card[-DIGITS:],
        person.card[:DIGITS],
    }
    if pin in guessed or len(set(pin)) < 3 or pin in _ROW or pin[::-1] in _ROW:
        raise Refused(Code.PIN_WEAK)
