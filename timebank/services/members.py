"""Register people and their relatives, and find them."""

from dataclasses import dataclass, replace

from timebank import directory
from timebank.access import Actor, Right, require, require_either
from timebank.bank import DAY_MS, Bank, Posted, Reading
from timebank.keyring import digits_of
from timebank.ledger import Code, KeyRole, Refused

from .certificates import masked
from .statements import day_start_ms, seen_person

TIMES = directory.matching.TIMES
_AT_ONCE = 500  # rows that one transaction changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A person at the counter. `id` is a UUIDv7 chosen by the caller and becomes the person's; `born` an ISO day.

    `kind`: also a `group`, whose hours go to the fund, or a `provider`, who is paid by others and never earns. The last
    four are a Profile.
    """

    id: str
    community: str
    name: str
    phone: str | None = None
    address: str | None = None
    born: str | None = None
    is_volunteer: bool = False
    is_elder: bool = False
    is_family: bool = False
    language: str = "zh"
    kind: str = "person"
    gender: str | None = None
    speaks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    grid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the station needs to know to send the right one; it takes the place of what was noted before.

    `gender` (f, m), `speaks` (codes of languages), `offers` (codes of services), `times` (of TIMES: when she has time)
    and `goes_to` (other grids to which she likes to go) are a volunteer's alone; `grid` is the code of the part of the
    community where somebody lives.
    """

    person: str
    gender: str | None = None
    speaks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    grid: str | None = None
    times: tuple[str, ...] = ()
    goes_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProfile:
    """What a volunteer says of herself, in place of what was noted of it. The rest of her Profile the station notes:
    orders are given by it.

    `phone`: None leaves it as it is; an empty text takes it away.
    """

    person: str
    speaks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    goes_to: tuple[str, ...] = ()
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What an elder is to a member (`relation`), and what she consented to at the station.

    `scope` are the rights over her own that the member may use for her, none where only the relation is noted;
    `expires_on` the last day of the consent; `monthly_minutes` the most of her hours that may be used in a month.
    """

    id: str
    community: str
    member: str
    elder: str
    relation: str
    proof: str
    scope: tuple[str, ...] = ()
    expires_on: str | None = None
    monthly_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person as the counter sees her."""

    id: str
    community: str
    account: str
    card: str
    name: str
    phone_tail: str
    is_volunteer: bool
    is_elder: bool
    is_family: bool
    kind: str = "person"


def register(bank: Bank, actor: Actor | None, new: Registration) -> tuple[Known, Posted]:
    """Open an account and keep the person's data beside the ledger, in one transaction."""
    require(actor, Right.REGISTER_PERSON, new.community)
    _check_profile(bank, _registered(new), new.id, is_volunteer=new.is_volunteer)
    # Drawn from the request's id, so that a retry opens the same account; without the vault's key it tells nothing.
    account = f"member:{bank.vault.blind('people.account', new.id)[:16].hex()}"
    with bank.work_for(new.community) as work:
        record = work.repeated(f"{account}.open", new)
        if record is None:
            _check_free(work, new)
            body = {"account": account, "class": new.kind}
            record = work.post("open", by=(KeyRole.STATION,), id=f"{account}.open", body=body)
        # Also where the account came back to the books and the person was lost with an old copy of the directory.
        if not directory.people.is_registered(work.connection, new.id):
            directory.people.register(work.connection, work.vault, _row(new, account, work.now), random=work.random)
        known = known_of(work, work.person(new.id, new.community))
    return known, bank.posted(work, record, [])


def _check_free(reading: Reading, new: Registration) -> None:
    if directory.people.is_registered(reading.connection, new.id):
        raise Refused(Code.PERSON_TAKEN, person=new.id)
    if new.phone is None:
        return
    for other in directory.people.with_phone(reading.connection, reading.vault, new.phone):
        # A household may share a telephone; the same name with it is the same person.
        if other.community == new.community and directory.people.name_of(reading.vault, other) == new.name:
            raise Refused(Code.PERSON_TAKEN, person=other.id)


def _check_profile(bank: Bank, given: directory.people.Profile, person: str, *, is_volunteer: bool) -> None:
    """Of somebody who does not serve nothing is noted that only helps to send her."""
    if not is_volunteer and given != directory.people.Profile(grid=given.grid):
        raise Refused(Code.PERSON_ROLE, person=person, role="volunteer")
    for service in given.offers:
        if service not in bank.catalogue.by_code:
            raise Refused(Code.SERVICE_UNKNOWN, service=service)


def _kept(given: Profile) -> directory.people.Profile:
    """As it is kept: each code once, in one order, so that the same is the same."""
    return directory.people.Profile(
        gender=given.gender,
        speaks=tuple(sorted(set(given.speaks))),
        offers=tuple(sorted(set(given.offers))),
        grid=given.grid,
        times=tuple(time for time in TIMES if time in given.times),
        goes_to=tuple(sorted(set(given.goes_to))),
    )


def _registered(new: Registration) -> directory.people.Profile:
    return _kept(Profile(person=new.id, gender=new.gender, speaks=new.speaks, offers=new.offers, grid=new.grid))


def _row(new: Registration, account: str, now: int) -> directory.people.NewPerson:
    return directory.people.NewPerson(
        id=new.id,
        community=new.community,
        account=account,
        name=new.name,
        phone=new.phone,
        address=new.address,
        born=new.born,
        is_volunteer=new.is_volunteer,
        is_elder=new.is_elder,
        is_family=new.is_family,
        language=new.language,
        kind=new.kind,
        profile=_registered(new),
        registered_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was registered wrongly or not at all. None leaves it as it is; an empty text takes it away."""

    person: str
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    born: str | None = None


def correct(bank: Bank, actor: Actor | None, correction: Correction) -> Known:
    """Put a person's data right; nothing of it is in the books. A clerk's own data another clerk corrects."""
    with bank.office() as office:
        row = _to_correct(office, actor, correction.person)
        texts = {"name": correction.name, "phone": correction.phone, "address": correction.address}
        given = {key: text for key, text in {**texts, "born": correction.born}.items() if text is not None}
        directory.people.correct(office.people, office.vault, row, given)
        return known_of(office, row)


def _to_correct(office: Reading, actor: Actor | None, person_id: str) -> directory.Person:
    found = directory.people.known(office.connection, [person_id]).get(person_id)
    # Somebody unknown and somebody of another community look the same.
    actor = require(actor, Right.REGISTER_PERSON, found.community if found else "")
    person = office.person(person_id)
    if actor.person == person.id:
        raise Refused(Code.OWN_MATTER)
    return office.people.get_one(directory.Person, person.id)


def describe(bank: Bank, actor: Actor | None, profile: Profile) -> Profile:
    """Note what a volunteer can do, or where somebody lives, in place of what was noted; twice is the same."""
    with bank.office() as office:
        row = _to_correct(office, actor, profile.person)
        noted = _kept(profile)
        _check_profile(bank, noted, row.id, is_volunteer=row.is_volunteer)
        directory.people.describe(row, noted)
        return _profile_of(row)


def describe_own(bank: Bank, actor: Actor | None, own: OwnProfile) -> Profile:
    """Note what a volunteer says of herself; twice is the same. What a clerk proved stays as it is.

    The number by which an elder is called back, and by which she confirms, the station changes: Refused here.
    """
    with bank.office() as office:
        known = directory.people.known(office.connection, [own.person]).get(own.person)
        require(actor, Right.DESCRIBE_OWN, known.community if known else "", own.person)
        row = office.people.get_one(directory.Person, office.person(own.person).id)
        station_s = _profile_of(row)
        noted = _kept(replace(station_s, speaks=own.speaks, offers=own.offers, times=own.times, goes_to=own.goes_to))
        if not row.is_volunteer:
            raise Refused(Code.PERSON_ROLE, person=row.id, role="volunteer")
        _check_profile(bank, noted, row.id, is_volunteer=True)
        directory.people.describe(row, noted)
        if own.phone is not None and own.phone != (directory.people.phone_of(office.vault, row) or ""):
            if row.is_elder:
                raise Refused(Code.PHONE_OF_ELDER)
            directory.people.correct(office.people, office.vault, row, {"phone": own.phone})
        return _profile_of(row)


def profile(bank: Bank, actor: Actor | None, person_id: str) -> Profile:
    """What is noted of somebody: for herself, who may see her, and staff of her community."""
    with bank.view() as view:
        seen = seen_person(view, actor, person_id)
        return _profile(seen.id, directory.people.profile(view.connection, seen.id))


def _profile_of(row: directory.Person) -> Profile:
    return _profile(row.id, directory.people.profile_of(row))


def _profile(person: str, kept: directory.people.Profile) -> Profile:
    return Profile(
        person=person,
        gender=kept.gender,
        speaks=kept.speaks,
        offers=kept.offers,
        grid=kept.grid,
        times=kept.times,
        goes_to=kept.goes_to,
    )


def own_phone(bank: Bank, actor: Actor | None, person_id: str) -> str:
    """The telephone number of the actor herself, to be put right; empty where none is noted."""
    with bank.view() as view:
        known = view.person(person_id)
        require(actor, Right.DESCRIBE_OWN, known.community, known.id)
        return directory.people.phone_of(view.vault, known) or ""


def relate(bank: Bank, actor: Actor | None, kin: Kin) -> bool:
    """Note what an elder is to a member, and what she consented to; False when this very note was there before."""
    actor = require(actor, Right.RECORD_KINSHIP, kin.community)
    offset = bank.settings.utc_offset_minutes
    with bank.office() as office:
        office.person(kin.elder, kin.community)
        office.person(kin.member)
        if kin.member == kin.elder:
            raise Refused(Code.SAME_PERSON)
        facts = {
            "member": kin.member,
            "elder": kin.elder,
            "relation": kin.relation,
            "proof": kin.proof,
            "scope": " ".join(sorted(kin.scope)),
            "expires_at": None if kin.expires_on is None else day_start_ms(kin.expires_on, offset) + DAY_MS,
            "monthly_minutes": kin.monthly_minutes,
        }
        before = office.people.get(directory.Kinship, kin.id)
        if before is not None:
            if {name: getattr(before, name) for name in facts} != facts:
                raise Refused(Code.ID_TAKEN, id=kin.id)
            return False
        office.people.add(directory.Kinship(id=kin.id, consented_at=office.now, noted_by=actor.login, **facts))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """The elder takes her consent back; what she is to the member stays known."""

    community: str
    kinship: str


def revoke(bank: Bank, actor: Actor | None, revocation: Revocation) -> None:
    """End a consent at once; of a relation without one, that it was noted. Twice is the same."""
    require(actor, Right.RECORD_KINSHIP, revocation.community)
    with bank.office() as office:
        found = office.people.get(directory.Kinship, revocation.kinship)
        elder = directory.people.known(office.connection, [found.elder]).get(found.elder) if found else None
        if found is None or elder is None or elder.community != revocation.community:
            raise Refused(Code.PAPER_UNKNOWN)
        # Ending what one may do oneself is nobody's advantage; the elder's own family may bring her word.
        if found.revoked_at is None:
            directory.people.revoke(office.people, found, bank.uuid(), office.now)


def recognise_all(bank: Bank) -> int:
    """Keep of everybody whose day of birth is known by what she is found again in another community, where an older
    version did not; how many that were. Safe to repeat."""
    done = 0
    while True:
        with bank.office() as office:
            found = directory.people.unrecognised(office.people, _AT_ONCE)
            for person in found:
                directory.people.recognise(office.vault, person)
        if not found:
            return done
        done += len(found)


def search(bank: Bank, actor: Actor | None, community: str, text: str, limit: int = 10) -> list[Known]:
    """People of a community by name, pinyin, initials, the end of the telephone number, or card; Refused for a card
    that is void."""
    require(actor, Right.SEARCH_PEOPLE, community)
    with bank.view() as view:
        found = directory.people.search(view.people, view.vault, community, text, limit)
        if not found and directory.cards.is_void(view.people, text, community):
            raise Refused(Code.CARD_RENEWED)
        return [known_of(view, person) for person in found]


def person(bank: Bank, actor: Actor | None, person_id: str) -> Known:
    """One person, for a clerk of the community, for herself and for those who act for her."""
    with bank.view() as view:
        return known_of(view, seen_person(view, actor, person_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Somebody whom the asker may not look up: enough to see that the card is the right one."""

    id: str
    name: str


def by_card(bank: Bank, actor: Actor | None, giver: str, card: str) -> Masked:
    """Who holds a card, for somebody who is about to give hours to her; only within the giver's community."""
    with bank.view() as view:
        found = view.people.get(directory.Person, giver)
        place = found.community if found else ""
        require_either(actor, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, place, giver)
        holder = directory.people.with_card(view.connection, card)
        if holder is None and directory.cards.is_void(view.people, card, place):
            raise Refused(Code.CARD_RENEWED)
        if holder is None or holder.community != place or holder.deceased_on is not None:
            raise Refused(Code.PERSON_UNKNOWN)
        name = directory.people.name_of(view.vault, holder) or ""
        return Masked(id=holder.id, name=masked(name))


def elders(bank: Bank, actor: Actor | None) -> list[Known]:
    """The elders for whom the actor may use hours."""
    if actor is None:
        return []
    with bank.view() as view:
        return [known_of(view, elder) for elder in view.persons(actor.acts_for(Right.REDEEM_OWN))]


def known_of(reading: Reading, found: directory.Person | directory.people.Known) -> Known:
    phone = digits_of(directory.people.phone_of(reading.vault, found) or "")
    return Known(
        id=found.id,
        community=found.community,
        account=found.account,
        card=found.card,
        name=directory.people.name_of(reading.vault, found) or "",
        phone_tail=phone[-4:],
        is_volunteer=found.is_volunteer,
        is_elder=found.is_elder,
        is_family=found.is_family,
        kind=found.kind,
    )
