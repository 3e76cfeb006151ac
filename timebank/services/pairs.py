"""Two who went together: the second one's service is an entry of her own, beside that of the first.

Its id and its `shift` follow from the first entry, so that whoever has one of the two finds the other, also without
this program; the visit is one visit, and the hours are two people's.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted, Reading, Work
from timebank.directory.people import Known
from timebank.ledger import BELOW_STEP, Code, KeyRole, Record, Refused, reads

from . import dealing, eligibility, shares
from .hours import credit

SECOND = "pair"  # why nothing is credited to the second one, where the policy only counts her hours
_TAG = re.compile(r"p[0-9a-f]{31}")
# Of the first entry's body what holds for the second one too.
_SHARED = ("day", "minutes", "served", "service", "catalogue", "confirmed", "reason", "start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """Somebody went along on the visit of an entry."""

    community: str
    entry: str
    second: str


def note(bank: Bank, actor: Actor | None, along: Along) -> Posted:
    """Enter the service of the second one, for as long as the first one's: credited or only recorded, as the policy of
    that day says. The same again gives the same receipt.

    What the policy has a second person look at, somebody else notes than recorded the visit.
    """
    actor = require(actor, Right.RECORD_VISIT, along.community)
    with bank.work_for(along.community) as work:
        id = id_of(along.entry)
        record = work.repeated(id, along)
        followed: list[Record] = []
        if record is None:
            first = reads.record_by_id(work.connection, work.writer.head, along.entry)
            _check(bank, work, actor, first, along)
            record, followed = _enter(work, first, work.person(along.second), id)
            work.recorded_by(actor.login, record.id)
    return bank.posted(work, record, followed)


def _check(bank: Bank, work: Work, actor: Actor, first: Record, along: Along) -> None:
    body, server = first.intent.body, _server(work, first)
    is_undone = reads.ids_known(work.connection, work.writer.head, [f"{first.id}.reverse"])
    if server is None or server.kind != "person" or not body.get("served") or body.get("shift") or is_undone:
        raise Refused(Code.NO_PAIR)
    second = work.person(along.second, along.community)
    if second.kind != "person" or not second.is_volunteer:
        raise Refused(Code.PERSON_ROLE, person=second.id, role="volunteer")
    served = list(directory.people.with_accounts(work.connection, body["served"]).values())
    if second.id in (server.id, *served):
        raise Refused(Code.SAME_PERSON)
    dealing.check_own_matter(work, actor, [second.id, server.id, *served])
    if body["confirmed"] == "proxy":
        dealing.check_proxies(work, second.id, served)
    _check_second_person(work, actor, first)
    policy, service = work.policy_on(body["day"]), bank.catalogue.by_code.get(body["service"])
    may = eligibility.check_earner if policy.orders.pair == "credited" else eligibility.check_server
    may(work, policy, second, body["day"], service)
    if "start" in body:
        other = directory.presences.overlapping(work.connection, [second.id], body["day"], body["start"], body["end"])
        if other is not None:
            raise Refused(Code.OVERLAP, entry=other)


def _server(reading: Reading, record: Record) -> Known | None:
    """The person who gave this service; None where it is none, or she was erased."""
    if record.intent.kind not in ("service", "settle"):
        return None
    return directory.people.by_account(reading.connection, record.intent.body["server"])


def _check_second_person(work: Work, actor: Actor, first: Record) -> None:
    body, today = first.intent.body, work.books.day_of(work.now)
    late = (date.fromisoformat(today) - date.fromisoformat(body["day"])).days
    recorded = work.people.get(directory.Recorded, (work.origin, first.id))
    is_looked_at = work.policy_on(body["day"]).needs_second_person(body["minutes"], late)
    if is_looked_at and (recorded is None or recorded.login == actor.login):
        raise Refused(Code.SECOND_PERSON)


def _enter(work: Work, first: Record, second: Known, id: str) -> tuple[Record, list[Record]]:
    body = {name: first.intent.body[name] for name in _SHARED if name in first.intent.body}
    body |= {"server": second.account, "credited": 0, "shift": shares.tag("p", _base(first.id))}
    is_credited = work.policy_on(body["day"]).orders.pair == "credited"
    if is_credited:
        body["credited"] = credit(work, second.account, body["day"], body["minutes"])
    if not body["credited"]:
        body["uncredited"] = BELOW_STEP if is_credited else SECOND
    moves = [("issue", second.account, body["credited"])] if body["credited"] else []
    record = work.post("service", *moves, by=(KeyRole.STATION,), id=id, body=body)
    if "start" in body:
        directory.presences.keep(work.connection, id, [second.id], body["day"], body["start"], body["end"])
    return record, work.settle_up(record)


def id_of(entry: str) -> str:
    """The id of the second one's entry beside this one, whether there is one or not."""
    base = _base(entry)
    return shares.following(base, hashlib.sha256(f"pair {base}".encode()).digest())


def is_second(body: Mapping[str, Any]) -> bool:
    """Whether a service is marked as that of the second one."""
    return _TAG.fullmatch(str(body.get("shift", ""))) is not None


def _base(entry: str) -> str:
    """A settled order's entry has the id of its hold in front."""
    return entry.removesuffix(".outcome")
