"""People: registered, looked up, found by whatever a clerk types, acted for by relatives, erased."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from opencc import OpenCC
from pypinyin import Style, pinyin
from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session as Db
from sqlalchemy.orm import aliased

from timebank.keyring import Vault, digits_of
from timebank.ledger import Prepared

from . import logins, photos, pins, sheets
from .care_model import KinCheck
from .desk_model import VoidCard
from .group_model import DoorCode, Membership, RosterRow
from .model import Approval, Community, Detail, DetailPerson, Kinship, Person, is_consented
from .order_model import Order, Presence, Rating, TearOff
from .people_model import Assessment, Guardian, HonourWish, LastWish, PersonClass, Stay, Training

PHONE_TAIL = 4  # digits; fewer would list half the village

_SIMPLIFIED = OpenCC("t2s")
_BETWEEN = re.compile(r"[\s·•'’-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What helps to find who could go: gender (f, m), languages and services by their codes, the grid of the address,
    when she has time (`matching.TIMES`) and to which other grids she likes to go.

    Not sealed: they are compared for all volunteers at once, and codes name nobody (docs/decisions/0007).
    """

    gender: str | None = None
    speaks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    grid: str | None = None
    times: tuple[str, ...] = ()
    goes_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What the counter knows of somebody. `born` is an ISO day; `account` is `member:` and 32 hex digits."""

    id: str
    community: str
    account: str
    name: str
    phone: str | None = None
    address: str | None = None
    note: str | None = None
    born: str | None = None
    is_volunteer: bool = False
    is_elder: bool = False
    is_family: bool = False
    language: str = "zh"
    kind: str = "person"
    profile: Profile = Profile()
    registered_at: int


@dataclass(frozen=True, slots=True)
class Known:
    """What nearly every page and use case asks of a person; the other cells are read by those who show them."""

    id: str
    community: str
    account: str
    card: str
    sealed_name: bytes | None
    sealed_phone: bytes | None
    is_volunteer: bool
    is_elder: bool
    is_family: bool
    erased_at: int | None
    sealed_born: bytes | None
    kind: str
    suspended_at: int | None
    deceased_on: str | None
    grid: str | None
    origin: str  # the ledger that the community keeps now

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None


class Sealed(Protocol):
    """A row of somebody with what is sealed of her."""

    @property
    def id(self) -> str: ...
    @property
    def sealed_name(self) -> bytes | None: ...
    @property
    def sealed_born(self) -> bytes | None: ...


_KNOWN = Prepared(
    select(
        Person.id,
        Person.community,
        Person.account,
        Person.card,
        Person.sealed_name,
        Person.sealed_phone,
        Person.is_volunteer,
        Person.is_elder,
        Person.is_family,
        Person.erased_at,
        Person.sealed_born,
        Person.kind,
        Person.suspended_at,
        Person.deceased_on,
        Person.grid,
        Community.origin,
    )
    .join(Community, Community.code == Person.community)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
)


def frozen_among(connection: Connection, accounts: Sequence[str]) -> set[str]:
    """Those of these accounts whose people are suspended or have died."""
    found: set[str] = set()
    for part in batched(sorted(accounts)):
        query = select(Person.account).where(
            Person.account.in_(part), or_(Person.suspended_at.is_not(None), Person.deceased_on.is_not(None))
        )
        found |= set(connection.scalars(query))
    return found


_LOCKED = Prepared(select(Person.id).where(Person.id == bindparam("id")).with_for_update())
_OF_ID = Prepared(select(Person.id).where(Person.id == bindparam("id")))


def lock(connection: Connection, person: str) -> None:
    """Make others who lock this person wait until the transaction ends."""
    _LOCKED.rows(connection, id=person)


def is_registered(connection: Connection, person: str) -> bool:
    """Whether somebody has this id, also somebody who was erased."""
    return _OF_ID.row(connection, id=person) is not None


def known(connection: Connection, ids: Iterable[str]) -> dict[str, Known]:
    """The people with these ids, also those who are erased."""
    found = {}
    for row in _KNOWN.rows(connection, ids=sorted(set(ids))):
        before, roles, after = row[:6], map(bool, row[6:9]), row[9:]
        found[row[0]] = Known(*before, *roles, *after)
    return found


_OF_ACCOUNT = Prepared(select(Person.id).where(Person.account == bindparam("account"), Person.erased_at.is_(None)))


def by_account(connection: Connection, account: str) -> Known | None:
    """The person behind an account; None when there is nobody, or she was erased."""
    row = _OF_ACCOUNT.row(connection, account=account)
    return None if row is None else known(connection, [row[0]])[row[0]]


_SEALED = ("name", "phone", "address", "note", "born")
_PROFILE = ("gender", "speaks", "offers", "grid", "times", "goes_to")
_AS_GIVEN = ("id", "community", "account", "is_volunteer", "is_elder", "is_family", "language", "kind", "registered_at")
_DRAWN = ("card", "phone_blind", "same_blind", *(f"sealed_{column}" for column in _SEALED))
_ADD = Prepared(insert(Person).values({name: bindparam(name) for name in (*_AS_GIVEN, *_DRAWN, *_PROFILE)}))


def register(connection: Connection, vault: Vault, new: NewPerson, *, random: Callable[[int], bytes]) -> None:
    """Add a person and draw the number of her card."""

    def sealed(column: str, text: str | None) -> bytes | None:
        return None if text is None else vault.seal(f"people.{column}", new.id, text)

    _ADD.run(
        connection,
        card=free_card(connection, random),
        phone_blind=None if new.phone is None else vault.blind("people.phone", new.phone),
        same_blind=_same(vault, new.name, new.born),
        **{f"sealed_{column}": sealed(column, getattr(new, column)) for column in _SEALED},
        **{name: getattr(new, name) for name in _AS_GIVEN},
        **_cells(new.profile),
    )


def describe(person: Person, profile: Profile) -> None:
    """Put this in place of what was noted before."""
    for column, cell in _cells(profile).items():
        setattr(person, column, cell)


def _cells(profile: Profile) -> dict[str, str | None]:
    """A profile as its columns: codes with a space between."""
    given = ((column, getattr(profile, column)) for column in _PROFILE)
    return {column: " ".join(cell) if isinstance(cell, tuple) else cell for column, cell in given}


def profile_of(person: Person) -> Profile:
    return _profile(person.gender, person.speaks, person.offers, person.grid, person.times, person.goes_to)


_PROFILE_OF = Prepared(
    select(Person.gender, Person.speaks, Person.offers, Person.grid, Person.times, Person.goes_to).where(
        Person.id == bindparam("id")
    )
)


def profile(connection: Connection, person: str) -> Profile:
    """What is noted of somebody who is registered."""
    (row,) = _PROFILE_OF.rows(connection, id=person)
    return _profile(*row)


def _profile(gender: str | None, speaks: str, offers: str, grid: str | None, times: str, goes_to: str) -> Profile:
    return Profile(
        gender=gender,
        speaks=tuple(speaks.split()),
        offers=tuple(offers.split()),
        grid=grid,
        times=tuple(times.split()),
        goes_to=tuple(goes_to.split()),
    )


def correct(db: Db, vault: Vault, person: Person, given: Mapping[str, str]) -> None:
    """Replace what is given of name, phone, address and born; an empty text takes it away (but never a name)."""
    for column, text in given.items():
        if column == "name" and not text:
            continue
        setattr(person, f"sealed_{column}", vault.seal(f"people.{column}", person.id, text) if text else None)
    if "phone" in given:
        person.phone_blind = vault.blind("people.phone", given["phone"]) if given["phone"] else None
    recognise(vault, person)
    db.flush()


def recognise(vault: Vault, person: Person) -> None:
    """Keep by what she is found again, should she be registered in another community too."""
    person.same_blind = _same(vault, name_of(vault, person), born_of(vault, person))


def unrecognised(db: Db, most: int) -> list[Person]:
    """Those whose day of birth is known, and by what they are found again is not: registered by an older version."""
    query = select(Person).where(
        Person.sealed_name.is_not(None), Person.sealed_born.is_not(None), Person.same_blind.is_(None)
    )
    return list(db.scalars(query.order_by(Person.id).limit(most)))


def _same(vault: Vault, name: str | None, born: str | None) -> bytes | None:
    """Equal for two who have one name and were born on one day: hardly ever two people."""
    return vault.blind("people.same", f"{_folded(name)} {born}") if name and born else None


_SAME = Prepared(
    select(Person.same_blind).where(
        Person.id.in_(bindparam("ids", expanding=True)), Person.same_blind.is_not(None), Person.erased_at.is_(None)
    )
)


def are_one(connection: Connection, person: str, other: str) -> bool:
    """Whether two registrations are of one human being, as far as name and day of birth say so."""
    found = [row[0] for row in _SAME.rows(connection, ids=[person, other])]
    return len(found) == 2 and found[0] == found[1]


def name_of(vault: Vault, person: Person | Known | Sealed) -> str | None:
    """None once the person has been erased; so for all of these."""
    return _opened(vault, person, "name", person.sealed_name)


def phone_of(vault: Vault, person: Person | Known) -> str | None:
    return _opened(vault, person, "phone", person.sealed_phone)


def address_of(vault: Vault, person: Person) -> str | None:
    return _opened(vault, person, "address", person.sealed_address)


def note_of(vault: Vault, person: Person) -> str | None:
    return _opened(vault, person, "note", person.sealed_note)


def born_of(vault: Vault, person: Person | Known | Sealed) -> str | None:
    return _opened(vault, person, "born", person.sealed_born)


_OF_PHONE = Prepared(select(Person.id).where(Person.phone_blind == bindparam("phone")).order_by(Person.id))


def with_phone(connection: Connection, vault: Vault, phone: str) -> list[Known]:
    """Everybody with that phone, in all communities, by their ids: a household may share one."""
    return with_phone_blind(connection, vault.blind("people.phone", phone))


def with_phone_blind(connection: Connection, phone_blind: bytes) -> list[Known]:
    """As `with_phone`, where only the keyed hash of the number is at hand."""
    ids = [row[0] for row in _OF_PHONE.rows(connection, phone=phone_blind)]
    found = known(connection, ids) if ids else {}
    return [found[person] for person in ids]


_HOLDER = Prepared(select(Person.id).where(Person.card == bindparam("card"), Person.erased_at.is_(None)))


def with_card(connection: Connection, card: str) -> Known | None:
    """The holder of a card, as typed or scanned; None for a number that is not a card's, or whose holder is erased."""
    number = digits_of(card)
    row = _HOLDER.row(connection, card=number) if is_card(number) else None
    return None if row is None else known(connection, [row[0]])[row[0]]


_NAMES = Prepared(
    select(Person.id, Person.sealed_name).where(
        Person.id.in_(bindparam("ids", expanding=True)), Person.sealed_name.is_not(None)
    )
)
_NAMES_BY_ACCOUNT = Prepared(
    select(Person.id, Person.account, Person.sealed_name).where(
        Person.account.in_(bindparam("accounts", expanding=True)), Person.sealed_name.is_not(None)
    )
)


def names_of(connection: Connection, vault: Vault, people: Iterable[str]) -> dict[str, str]:
    """The names of these people by id; who is unknown or erased is left out."""
    rows = _NAMES.rows(connection, ids=sorted(people))
    return {person_id: vault.open("people.name", person_id, sealed) for person_id, sealed in rows}


def names_of_accounts(connection: Connection, vault: Vault, accounts: Iterable[str]) -> dict[str, str]:
    """The names of the people behind these accounts; who is unknown or erased is left out."""
    rows = _NAMES_BY_ACCOUNT.rows(connection, accounts=sorted(accounts))
    return {account: vault.open("people.name", person_id, sealed) for person_id, account, sealed in rows}


def with_accounts(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """The ids of the people behind these accounts; who was erased is left out."""
    query = select(Person.account, Person.id).where(Person.erased_at.is_(None))
    found: dict[str, str] = {}
    for part in batched(sorted(accounts)):
        found |= dict(connection.execute(query.where(Person.account.in_(part))).all())
    return found


def births_of(connection: Connection, vault: Vault, accounts: Iterable[str]) -> dict[str, str]:
    """The days of birth of the people behind these accounts, as far as they are known."""
    query = select(Person.id, Person.account, Person.sealed_born).where(Person.sealed_born.is_not(None))
    found = {}
    for part in batched(sorted(accounts)):
        for person_id, account, sealed in connection.execute(query.where(Person.account.in_(part))):
            found[account] = vault.open("people.born", person_id, sealed or b"")
    return found


# What somebody is to an elder who is this to her; for the others there is no word in a circle.
_INVERSE = {"spouse": "spouse", "parent": "child", "child": "parent", "grandparent": "grandchild",
            "grandchild": "grandparent"}  # fmt: skip
_Member, _Elder = aliased(Person), aliased(Person)
_AROUND: BindParameter[str] = bindparam("accounts", expanding=True)
_RELATIONS = Prepared(
    select(_Member.account, _Elder.account, Kinship.relation)
    .join(_Member, _Member.id == Kinship.member)
    .join(_Elder, _Elder.id == Kinship.elder)
    .where(Kinship.revoked_at.is_(None), or_(_Member.account.in_(_AROUND), _Elder.account.in_(_AROUND)))
)


def relations_of(connection: Connection, accounts: Iterable[str]) -> dict[tuple[str, str], frozenset[str]]:
    """What is proved of kinship around these accounts: (one, other) to what the other is to the one."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for part in batched(sorted(accounts)):
        for member, elder, relation in _RELATIONS.rows(connection, accounts=list(part)):
            found[member, elder] = found.get((member, elder), frozenset()) | {relation}
            if relation in _INVERSE:
                found[elder, member] = found.get((elder, member), frozenset()) | {_INVERSE[relation]}
    return found


def batched(values: Sequence[str], most: int = 500) -> Iterator[Sequence[str]]:
    """Parts that a statement can name one by one."""
    return (values[start : start + most] for start in range(0, len(values), most))


_REGISTERED = Prepared(select(Person.registered_at).where(Person.id == bindparam("id")))


def registered_at(connection: Connection, person: str) -> int:
    """When somebody was registered, in milliseconds; 0 when there is nobody."""
    row = _REGISTERED.row(connection, id=person)
    return 0 if row is None else int(row[0])


_ACCOUNTS = Prepared(select(Person.account).where(Person.id.in_(bindparam("ids", expanding=True))))


def accounts_of(connection: Connection, people: Iterable[str]) -> set[str]:
    """The accounts of these people."""
    ids = sorted(people)
    return {account for (account,) in _ACCOUNTS.rows(connection, ids=ids)} if ids else set()


def search(db: Db, vault: Vault, community: str, text: str, limit: int) -> list[Person]:
    """People of one community by part of the name, pinyin (all readings, whole or initials), phone tail or card.

    Who begins with what was typed comes first. Nothing readable is stored for this: the community is opened and
    scanned.
    """
    if not _folded(text):
        return []
    rank = _ranking(vault, text)
    rows = select(Person.id, Person.card, Person.sealed_name, Person.sealed_phone)
    here = rows.where(Person.community == community, Person.erased_at.is_(None))
    ranked = sorted(hit for row in db.execute(here) if (hit := rank(*row)) is not None)
    wanted = [person_id for _, _, person_id in ranked[:limit]]
    found = {person.id: person for person in db.scalars(select(Person).where(Person.id.in_(wanted)))}
    return [found[person_id] for person_id in wanted]


def everybody(connection: Connection, vault: Vault, community: str) -> Iterator[tuple[str, str, str, str, bool]]:
    """All people of a community who were not erased: id, name, card, telephone (or empty), whether a volunteer."""
    rows = select(Person.id, Person.sealed_name, Person.card, Person.sealed_phone, Person.is_volunteer)
    here = rows.where(Person.community == community, Person.erased_at.is_(None), Person.kind == "person")
    for id, name, card, phone, is_volunteer in connection.execute(here.order_by(Person.id)):
        opened = "" if phone is None else vault.open("people.phone", id, phone)
        yield id, vault.open("people.name", id, name or b""), card, opened, is_volunteer


_ELDERS = Prepared(select(Kinship.elder).where(Kinship.member == bindparam("member"), *is_consented()))


def elders_of(connection: Connection, member: str, now: int) -> frozenset[str]:
    """The ids of the people who consented to this member's acting for them, as far as that holds now."""
    return frozenset(elder for (elder,) in _ELDERS.rows(connection, member=member, now=now))


_MEMBERS = Prepared(select(Kinship.member).where(Kinship.elder == bindparam("elder"), *is_consented()))


def members_for(connection: Connection, elder: str, now: int) -> frozenset[str]:
    """The ids of those who may act for this elder, for whatever it is, as far as that holds now."""
    return frozenset(member for (member,) in _MEMBERS.rows(connection, elder=elder, now=now))


_KIN = Prepared(
    select(Kinship.member, Kinship.elder).where(
        or_(Kinship.member == bindparam("person"), Kinship.elder == bindparam("person")), Kinship.revoked_at.is_(None)
    )
)


def kin_of(connection: Connection, person: str) -> frozenset[str]:
    """The ids of everybody who is known to be related to somebody, with a consent or without."""
    rows = _KIN.rows(connection, person=person)
    return frozenset(other for row in rows for other in row) - {person}


class Kin(NamedTuple):
    """What an elder is to a member, and for what (codes with a space between) and until when (milliseconds) the member
    may act for her; `monthly_minutes` is how much of her hours."""

    id: str
    member: str
    relation: str
    scope: str
    expires_at: int | None
    monthly_minutes: int | None


_KINSHIPS = Prepared(
    select(Kinship.id, Kinship.member, Kinship.relation, Kinship.scope, Kinship.expires_at, Kinship.monthly_minutes)
    .where(Kinship.elder == bindparam("elder"), Kinship.revoked_at.is_(None))
    .order_by(Kinship.id)
)


def kinships_of(connection: Connection, elder: str) -> list[Kin]:
    """Who is known to be related to an elder or may act for her, in the order in which it was noted."""
    return [Kin(*row) for row in _KINSHIPS.rows(connection, elder=elder)]


def revoke(db: Db, kinship: Kinship, id: str, now: int) -> None:
    """End a consent; what the elder is to the member stays known, in a row of its own."""
    kinship.revoked_at = now
    if kinship.scope:
        facts = {name: getattr(kinship, name) for name in ("member", "elder", "relation", "proof", "noted_by")}
        db.add(Kinship(id=id, consented_at=now, scope="", **facts))
    db.flush()


def end_consents(db: Db, person: str, now: int) -> None:
    """Nobody acts for somebody any more, nor she for others; the relations stay known."""
    either = or_(Kinship.member == person, Kinship.elder == person)
    open_ones = or_(Kinship.expires_at.is_(None), Kinship.expires_at > now)
    db.execute(update(Kinship).where(either, open_ones, Kinship.scope != "").values(expires_at=now))


_LIMITS = Prepared(
    select(Kinship.scope, Kinship.monthly_minutes).where(
        Kinship.member == bindparam("member"), Kinship.elder == bindparam("elder"), *is_consented()
    )
)


def monthly_limit(connection: Connection, member: str, elder: str, right: str, now: int) -> int | None:
    """How many minutes a month a member's consents for this right allow; None: no limit, or no consent at all."""
    rows = _LIMITS.rows(connection, member=member, elder=elder, now=now)
    limits = [limit for scope, limit in rows if right in scope.split()]
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def acts_for(connection: Connection, member: str, elder: str, now: int) -> bool:
    return elder in elders_of(connection, member, now)


def erase(db: Db, person: Person, at: int) -> None:
    """Empty everything personal about somebody. The account and its entries stay, and belong to nobody known.

    Details of entries shared with another person go too: they name both.
    """
    # 1. What hangs on the entries; the links go last, because they say which entries these are.
    shared = select(DetailPerson.origin, DetailPerson.entry).where(DetailPerson.person == person.id)
    subjects = select(DetailPerson.entry).where(DetailPerson.person == person.id)
    about = or_(Approval.subject == person.account, Approval.subject.in_(subjects))
    db.execute(update(Approval).where(about).values(sealed_payload=None))
    for table in (Detail, DetailPerson):
        db.execute(delete(table).where(tuple_(table.origin, table.entry).in_(shared)))

    # 2. What hangs on the person.
    theirs = select(Order.id).where(or_(Order.elder == person.id, Order.volunteer == person.id))
    db.execute(update(Rating).where(Rating.order.in_(theirs)).values(sealed_text=None))
    empty: dict[str, None] = dict.fromkeys(("sealed_note", "sealed_place", "gender", "speaks", "grid"))
    db.execute(update(Order).where(Order.elder == person.id).values(empty))
    db.execute(delete(TearOff).where(TearOff.person == person.id, TearOff.order.is_(None)))
    either = or_(Kinship.member == person.id, Kinship.elder == person.id)
    db.execute(delete(KinCheck).where(KinCheck.kinship.in_(select(Kinship.id).where(either))))
    db.execute(delete(Kinship).where(either))
    db.execute(delete(Guardian).where(or_(Guardian.ward == person.id, Guardian.guardian == person.id)))
    db.execute(delete(LastWish).where(LastWish.heir == person.id))
    db.execute(delete(Membership).where(or_(Membership.team == person.id, Membership.person == person.id)))
    for hers in (PersonClass, Training, Assessment, Stay, Presence, HonourWish, LastWish, RosterRow, DoorCode):
        db.execute(delete(hers).where(hers.person == person.id))
    logins.empty(db, person.id)
    pins.forget(db.connection(), person.id)
    photos.forget(db.connection(), person.id)
    sheets.forget_all(db, person.community)

    # 3. The person.
    person.sealed_name = person.sealed_phone = person.sealed_address = person.sealed_note = person.sealed_born = None
    person.phone_blind = person.same_blind = None
    describe(person, Profile())
    person.suspended_at = person.deceased_on = None
    person.erased_at = at
    db.flush()


def is_card(number: str) -> bool:
    """Ten digits whose last one is Luhn's: a mistyped digit is noticed before somebody else's hours are used."""
    return re.fullmatch(r"[1-9][0-9]{9}", number) is not None and _luhn(number[:-1]) == number[-1]


_OF_CARD = Prepared(select(Person.id).where(Person.card == bindparam("card")))


_VOID = Prepared(select(VoidCard.person).where(VoidCard.number == bindparam("card")))


def free_card(connection: Connection, random: Callable[[int], bytes]) -> str:
    """A number that nobody has and nobody had."""
    # Never a leading zero: a spreadsheet would drop it.
    while True:
        body = str(100_000_000 + int.from_bytes(random(8)) % 900_000_000)
        card = body + _luhn(body)
        if _OF_CARD.row(connection, card=card) is None and _VOID.row(connection, card=card) is None:
            return card


def _luhn(body: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _opened(vault: Vault, person: Person | Known | Sealed, column: str, sealed: bytes | None) -> str | None:
    return None if sealed is None else vault.open(f"people.{column}", person.id, sealed)


# How well somebody fits (0 is best), the name, the id: hits are shown in this order.
Hit = tuple[int, str, str]


def _ranking(vault: Vault, text: str) -> Callable[[str, str, bytes | None, bytes | None], Hit | None]:
    """The judge of one row (id, card, sealed name, sealed phone) for what was typed: a number or a name."""
    digits, typed = digits_of(text), _folded(text)
    # Two letters sound like half the village.
    heard = _heard(typed) if typed.isascii() and len(typed) > 2 else ""

    def opened(column: str, person: str, sealed: bytes | None) -> str:
        return "" if sealed is None else vault.open(f"people.{column}", person, sealed)

    def by_number(person: str, card: str, name: bytes | None, phone: bytes | None) -> Hit | None:
        if card == digits:
            return 0, "", person
        if len(digits) < PHONE_TAIL or not digits_of(opened("phone", person, phone)).endswith(digits):
            return None
        return 1, opened("name", person, name), person

    def by_name(person: str, card: str, name: bytes | None, phone: bytes | None) -> Hit | None:
        whole = opened("name", person, name)
        folded = _folded(whole)
        start = next((start for start in range(len(folded)) if _spells(typed, folded, start)), None)
        if start is None and heard:
            start = next((start for start in range(len(folded)) if _spells(heard, folded, start, _sounds)), None)
            return None if start is None else (2 + min(start, 1), whole, person)
        return None if start is None else (min(start, 1), whole, person)

    return by_number if digits else by_name


def _folded(text: str) -> str:
    """As names are compared: narrow, small, in simplified characters, without what stands between them."""
    return _BETWEEN.sub("", _SIMPLIFIED.convert(unicodedata.normalize("NFKC", text)).casefold())


def _heard(spelling: str) -> str:
    """As it sounds in the south-west, where n and l, f and hu, zh and z, -ng and -n are one."""
    heard = spelling.replace("ng", "n").replace("n", "l").replace("zh", "z").replace("ch", "c").replace("sh", "s")
    return heard.replace("fu", "hu").replace("f", "hu").replace("ui", "uei")


def begins(typed: str, name: str) -> bool:
    """Whether a name begins as it was typed: in characters, in pinyin or by initials."""
    return _spells(_folded(typed), _folded(name), 0)


@lru_cache(maxsize=30_000)  # about characters, not about people
def _readings(character: str) -> frozenset[str]:
    readings = {
        reading for row in pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore") for reading in row
    }
    # 吕 is lv on a keyboard, lyu in a passport, lu where nobody cares.
    return frozenset(readings | {reading.replace("v", vowel) for reading in readings for vowel in ("u", "yu")})


@lru_cache(maxsize=30_000)
def _spellings(character: str) -> frozenset[str]:
    """A character as itself, in pinyin or by its initial."""
    readings = _readings(character)
    initials = {reading[:length] for reading in readings for length in (1, 2) if length == 1 or reading[1:2] == "h"}
    return frozenset({character} | readings | initials)


@lru_cache(maxsize=30_000)
def _sounds(character: str) -> frozenset[str]:
    return frozenset({character} | {_heard(reading) for reading in _readings(character)})


def _spells(typed: str, name: str, start: int, spellings: Callable[[str], frozenset[str]] = _spellings) -> bool:
    """Whether `typed` is the name from there on, each character spelt one way or another.

    The last one may be cut short: people look while they type.
    """
    if not typed:
        return True
    if start == len(name):
        return False
    for spelling in spellings(name[start]):
        if spelling.startswith(typed):
            return True
        if typed.startswith(spelling) and _spells(typed[len(spelling) :], name, start + 1, spellings):
            return True
    return False
