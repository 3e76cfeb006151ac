"""Check some of the relations that were only declared: which, nobody chooses, and somebody else than who noted it asks.

docs/callbacks.md says how they are drawn.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused, reads

from . import dealing
from .callbacks import month_before, ranked
from .care import month_ms
from .statements import day_in_zone

MOST_SHOWN = 500
TRUE, FALSE, UNCLEAR = "true", "false", "unclear"
ANSWERS = (TRUE, FALSE, UNCLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was drawn of a month's `declared` relations, and from what: the books' size and root (in hex) at its end."""

    community: str
    month: str
    size: int
    root: str
    one_in: int
    declared: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Somebody asked about a relation, and what came of it."""

    community: str
    kinship: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A relation to be checked: what the elder is said to be to the member. `own`: it is not the reader's to check,
    because she noted it, or it is about herself or her family."""

    kinship: str
    month: str
    member: str
    member_name: str
    elder: str
    elder_name: str
    relation: str
    answer: str | None
    own: bool


def draw(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Draw:
    """Draw the checks of a month (YYYY-MM, the last one when None); drawn again it gives the same.

    Refused while the month is not over.
    """
    require(actor, Right.DRAW_CALLBACKS, community)
    with bank.office() as office:
        office.community(community)
        # Locked, or two draws at once would both find that nothing was drawn.
        head = reads.head(office.connection, office.origin_of(community), lock=True)
        today = day_in_zone(office.now, head.offset_minutes)
        month = month or month_before(today)
        if month >= today[:7]:
            raise Refused(Code.MONTH_NOT_OVER, month=month)
        first, until = month_ms(month, head.offset_minutes)
        size = reads.seq_at(office.connection, head, until)
        root = reads.root_at(office.connection, head, size) or b""
        one_in = office.policy_at(head, f"{month}-31").relations.check_one_in
        declared = directory.kin_checks.declared(office.people, community, first, until)
        known = directory.kin_checks.of_month(office.people, community, month)
        wanted = -(-len(declared) // one_in) if one_in else 0
        # What ended or was erased since is drawn no longer, and nothing in its place.
        new = [] if known else ranked(root, declared)[:wanted]
        office.people.add_all(
            directory.KinCheck(kinship=kinship, community=community, month=month, drawn_at=office.now)
            for kinship in new
        )
        return Draw(
            community=community,
            month=month,
            size=size,
            root=root.hex(),
            one_in=one_in,
            declared=len(declared),
            drawn=len(known) + len(new),
        )


def open_ones(bank: Bank, actor: Actor | None, community: str) -> tuple[Check, ...]:
    """What is still to be found out, the oldest month first."""
    actor = require(actor, Right.CHECK_KIN, community)
    with bank.view() as view:
        found = directory.kin_checks.open_ones(view.people, community, MOST_SHOWN)
        people = {person for _, kin in found for person in (kin.member, kin.elder)}
        names = directory.people.names_of(view.connection, view.vault, people)
        return tuple(_check(view, actor, check, kin, names) for check, kin in found)


def _check(
    reading: Reading, actor: Actor, check: directory.KinCheck, kin: directory.Kinship, names: dict[str, str]
) -> Check:
    return Check(
        kinship=kin.id,
        month=check.month,
        member=kin.member,
        member_name=names.get(kin.member, ""),
        elder=kin.elder,
        elder_name=names.get(kin.elder, ""),
        relation=kin.relation,
        answer=check.answer,
        own=kin.noted_by == actor.login or _is_own(reading, actor, kin),
    )


def _is_own(reading: Reading, actor: Actor, kin: directory.Kinship) -> bool:
    try:
        dealing.check_own_matter(reading, actor, [kin.member, kin.elder])
    except Refused:
        return True
    return False


def answer(bank: Bank, actor: Actor | None, checked: Checked) -> str:
    """Keep what was found out, which is the answer. Whoever noted the relation, or is of the family, does not check it.

    `false` ends the relation at once, with what the elder consented to, and is shown among what looks odd. `unclear`
    may be asked again; another answer than before is refused.
    """
    actor = require(actor, Right.CHECK_KIN, checked.community)
    with bank.office() as office:
        check = office.people.get(directory.KinCheck, checked.kinship)
        if check is None or check.community != checked.community:
            raise Refused(Code.PAPER_UNKNOWN)
        kin = office.people.get_one(directory.Kinship, check.kinship)
        if check.answer in (TRUE, FALSE):
            if check.answer != checked.answer:
                raise Refused(Code.ALREADY_DECIDED, decision=check.answer)
            return check.answer
        if kin.noted_by == actor.login:
            raise Refused(Code.SECOND_PERSON)
        dealing.check_own_matter(office, actor, [kin.member, kin.elder])
        check.answer, check.checked_by, check.checked_at = checked.answer, actor.login, office.now
        if checked.answer == FALSE:
            directory.kin_checks.end(office.people, [(kin.member, kin.elder)], office.now)
        return checked.answer
