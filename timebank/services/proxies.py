"""How much of an elder's hours somebody who acts for her may use in a month."""

from timebank import directory
from timebank.access import Actor, Right
from timebank.bank import Work
from timebank.ledger import Code, Refused, reads

from .statements import day_start_ms

_USES = frozenset({"hold", "gift", "donate"})


def check_limit(work: Work, actor: Actor, elder: directory.people.Known, right: Right, minutes: int) -> None:
    """Refused where these minutes are more than what the consent leaves for this month.

    Asked of whoever uses a right over an elder's own for her; what she and the station do is not counted.
    """
    limit = directory.people.monthly_limit(work.connection, actor.person or "", elder.id, right.value, work.now)
    if limit is None:
        return
    left = max(0, limit - _used(work, actor, elder.account))
    if minutes > left:
        raise Refused(Code.OVER_CONSENT, available=left, needed=minutes)


def _used(work: Work, actor: Actor, account: str) -> int:
    """What the actor's logins used of an account since the first of the month; what was given back does not count."""
    head = work.writer.head
    first = day_start_ms(work.books.day_of(work.now)[:8] + "01", head.offset_minutes)
    since = reads.seq_at(work.connection, head, first)
    told = reads.told(work.connection, head, account, first=since, until=head.size, most=head.size)
    records = [one.record for one in told]
    back = {record.intent.ref for record in records if record.intent.kind in ("release", "reverse")}
    used = {
        record.id: record.intent.moves[0].minutes
        for record in records
        if record.intent.kind in _USES and record.intent.moves[0].source == account and record.id not in back
    }
    own = directory.requests.recorded_for(work.connection, work.origin, used, actor.person or "")
    return sum(used[entry] for entry in own)
