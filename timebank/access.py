"""Who may do what: one table from role to rights, deny by default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto

EVERYWHERE = "*"
# How many digits of a community's code name its town; and its city, county, town and itself (GB/T 2260 and 10114).
TOWN = 9
_DIGITS = (4, 6, TOWN, 12)


class Role(StrEnum):
    """What a login was granted, in one community or everywhere."""

    MEMBER = auto()
    CLERK = auto()
    LEAD = auto()
    AUDITOR = auto()
    ADMIN = auto()


class Right(StrEnum):
    """One for each use case that needs asking; the value is also its name as a scope of an API token."""

    SEE_OWN = auto()
    REDEEM_OWN = auto()
    GIFT_OWN = auto()
    DONATE_OWN = auto()
    QUESTION_OWN = auto()
    CERTIFY_OWN = auto()
    SEE_PERSON = auto()
    SEARCH_PEOPLE = auto()
    REGISTER_PERSON = auto()
    SET_PIN = auto()  # let somebody choose the PIN of her card at the counter
    RECORD_KINSHIP = auto()
    NOTE_PAPERS = auto()  # classes, trainings and guardians, with their proof
    SUSPEND_PERSON = auto()
    ASK_STANDING = auto()  # a death, a guardian, the closing of an account
    APPROVE_STANDING = auto()
    ERASE_PERSON = auto()
    RECORD_VISIT = auto()
    REDEEM_FOR_OTHERS = auto()
    SETTLE = auto()
    SEE_BOARD = auto()
    HONOUR_OWN = auto()  # be named on the honour board, or not
    CHANGE_PIN_OWN = auto()
    DESCRIBE_OWN = auto()  # say what one can do, when, and one's telephone number
    SERVE = auto()  # take an order, sign in and out
    CONFIRM_OWN = auto()
    RUN_ORDERS = auto()  # look at requests, send volunteers, confirm for who cannot
    DECIDE_DOUBT = auto()
    GIFT_FOR_OTHERS = auto()
    DONATE_FOR_OTHERS = auto()
    SEE_DAY = auto()
    CLOSE_DAY = auto()
    ASK_REVERSAL = auto()
    APPROVE_REVERSAL = auto()
    APPROVE_VISIT = auto()
    ANSWER_QUESTION = auto()
    CALL_BACK = auto()  # say what somebody who was served answers on the telephone
    ASK_GRANT = auto()
    APPROVE_GRANT = auto()
    SEE_CARE = auto()  # who is looked after by nobody, and whose hours look odd
    CLOSE_FINDING = auto()
    CHECK_KIN = auto()  # find out whether a declared relation is true
    FILE_RECORDS = auto()  # say which records were handed on to the ministry
    ASK_CERTIFICATE = auto()
    ISSUE_CERTIFICATE = auto()
    AUDIT = auto()  # entries, proofs and heads; never a name
    DRAW_CALLBACKS = auto()
    KEEP_BOOKS = auto()  # seal ledgers, make the day's digest
    SUBMIT_ENTRIES = auto()
    FOUND = auto()
    PUBLISH_POLICY = auto()
    MANAGE_PEERS = auto()  # freeze and thaw the links to other communities, and set what they may owe
    REPAIR_LEDGER = auto()  # bring lost records back, open the next epoch
    MANAGE_KEYS = auto()
    READMIT_ENTRY = auto()  # put one's name under what a device signed before its key was revoked
    MANAGE_LOGINS = auto()


# These reach one person: oneself, or (but for the last four) an elder who consented to being acted for in just this.
FOR_ELDERS = frozenset(
    {
        Right.SEE_OWN,
        Right.REDEEM_OWN,
        Right.GIFT_OWN,
        Right.DONATE_OWN,
        Right.CONFIRM_OWN,
        Right.QUESTION_OWN,
        Right.CERTIFY_OWN,
    }
)
OWN = FOR_ELDERS | {Right.SERVE, Right.HONOUR_OWN, Right.DESCRIBE_OWN, Right.CHANGE_PIN_OWN}

# What is not here is denied. A lead does not record: whoever does both at a small station holds both roles. An admin
# sees no person: keys and names are in different hands.
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MEMBER: OWN | {Right.SEE_BOARD},
    Role.CLERK: frozenset(
        {
            Right.SEE_PERSON,
            Right.SEARCH_PEOPLE,
            Right.REGISTER_PERSON,
            Right.SET_PIN,
            Right.RECORD_KINSHIP,
            Right.NOTE_PAPERS,
            Right.ASK_STANDING,
            Right.RECORD_VISIT,
            Right.REDEEM_FOR_OTHERS,
            Right.SETTLE,
            Right.SEE_BOARD,
            Right.RUN_ORDERS,
            Right.GIFT_FOR_OTHERS,
            Right.DONATE_FOR_OTHERS,
            Right.SEE_DAY,
            Right.CLOSE_DAY,
            Right.ASK_REVERSAL,
            Right.CALL_BACK,
            Right.ASK_GRANT,
            Right.FILE_RECORDS,
            Right.ASK_CERTIFICATE,
            Right.SUBMIT_ENTRIES,
        }
    ),
    Role.LEAD: frozenset(
        {
            Right.SEE_PERSON,
            Right.SEARCH_PEOPLE,
            Right.SUSPEND_PERSON,
            Right.ASK_STANDING,
            Right.APPROVE_STANDING,
            Right.ERASE_PERSON,
            Right.SEE_DAY,
            Right.ASK_REVERSAL,
            Right.APPROVE_REVERSAL,
            Right.APPROVE_VISIT,
            Right.ANSWER_QUESTION,
            Right.CALL_BACK,
            Right.ASK_GRANT,
            Right.APPROVE_GRANT,
            Right.SEE_CARE,
            Right.CLOSE_FINDING,
            Right.CHECK_KIN,
            Right.ISSUE_CERTIFICATE,
            Right.SEE_BOARD,
            Right.DECIDE_DOUBT,
            Right.READMIT_ENTRY,
            Right.AUDIT,
        }
    ),
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.ADMIN: frozenset(
        {
            Right.AUDIT,
            Right.DRAW_CALLBACKS,
            Right.KEEP_BOOKS,
            Right.SUBMIT_ENTRIES,
            Right.FOUND,
            Right.PUBLISH_POLICY,
            Right.MANAGE_PEERS,
            Right.REPAIR_LEDGER,
            Right.MANAGE_KEYS,
            Right.MANAGE_LOGINS,
        }
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. `scopes` narrows what an API token may do of what its login may; None is a login without a token.

    A grant's place is a community, `*`, or the beginning of a code: the town (9 digits), county (6) or city (4) whose
    communities it covers. `elders` are those who consented to being acted for, each with the rights over her own that
    her consent covers.
    """

    login: str
    person: str | None = None
    account: str | None = None
    grants: tuple[tuple[Role, str], ...] = ()
    scopes: frozenset[Right] | None = None
    elders: Mapping[str, frozenset[Right]] = field(default_factory=dict)

    def acts_for(self, right: Right) -> list[str]:
        """The elders whose consent covers this right."""
        return sorted(elder for elder, covered in self.elders.items() if right in covered)


# Who stands at the machine: the commands act as an admin of everything, and as no person.
OPERATOR = Actor(login="operator", grants=((Role.ADMIN, EVERYWHERE),))


class Denied(Exception):
    """Not allowed. `anonymous`: nobody is logged in, so the answer is to log in first."""

    def __init__(self, right: Right, community: str, *, anonymous: bool = False) -> None:
        super().__init__(f"{right} in {community}")
        self.right = right
        self.community = community
        self.anonymous = anonymous


def require(actor: Actor | None, right: Right, community: str, person: str | None = None) -> Actor:
    """The actor, or Denied. For a right over one's own, `person` says whose it is meant to be."""
    if actor is None:
        raise Denied(right, community, anonymous=True)
    if actor.scopes is not None and right not in actor.scopes:
        raise Denied(right, community)
    for role, where in actor.grants:
        if right in RIGHTS[role] and _reaches(actor, right, where, community, person):
            return actor
    raise Denied(right, community)


def require_either(actor: Actor | None, others: Right, own: Right, community: str, person: str) -> Actor:
    """The actor with the right for everybody's, else with the right for `person` as their own; or Denied."""
    if allowed(actor, others, community):
        return require(actor, others, community)
    return require(actor, own, community, person)


def allowed(actor: Actor | None, right: Right, community: str, person: str | None = None) -> bool:
    """Whether `require` would pass: for a page that shows only the buttons that work."""
    try:
        require(actor, right, community, person)
    except Denied:
        return False
    return True


def is_above(actor: Actor | None, right: Right, community: str) -> bool:
    """Whether the actor has this right from above the community: for its town, its county, or everywhere."""
    return actor is not None and any(
        right in RIGHTS[role] and where != community and covers(where, community) for role, where in actor.grants
    )


def covers(where: str, community: str) -> bool:
    """Whether a grant's place is this community, or one around it."""
    return where == EVERYWHERE or community.startswith(where)


def is_place(where: str) -> bool:
    """Whether a grant can be for this: `*`, or as many digits as a city, county, town or community has."""
    return where == EVERYWHERE or (where.isascii() and where.isdigit() and len(where) in _DIGITS)


def own_rights(scope: str) -> frozenset[Right]:
    """The rights that a consent's scope names, a space between; a name that is none of these gives nothing."""
    return frozenset(right for right in FOR_ELDERS if right.value in scope.split())


def rights_table() -> str:
    """The table as text: a right a line, a column for each role."""
    head = f"{'':18}" + "".join(f"{role:>9}" for role in Role)
    return "\n".join([head, *map(_row, Right)]) + "\n"


def _row(right: Right) -> str:
    return f"{right:18}" + "".join(f"{'yes' if right in RIGHTS[role] else '-':>9}" for role in Role)


def _reaches(actor: Actor, right: Right, where: str, community: str, person: str | None) -> bool:
    # An elder may live in another community than the family member: there her consent counts, not the grant's place.
    if right in FOR_ELDERS and person is not None and right in actor.elders.get(person, frozenset()):
        return True
    if right in OWN and (person is None or person != actor.person):
        return False
    return covers(where, community)
