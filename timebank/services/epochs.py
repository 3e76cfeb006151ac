"""Open the next epoch of a community: a new ledger that takes over what everybody had, and names the one before."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.ledger import (
    Account,
    Books,
    Code,
    Intent,
    KeyRole,
    Move,
    Refused,
    SignedIntent,
    Signer,
    debt_of,
    reads,
    sign,
)

from .admins import admins_of, signers_among
from .statements import day_in_zone

LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An account as it is brought over. `carried` = minutes + held − what of `owed` these could pay."""

    name: str
    kind: str
    minutes: int
    held: int
    owed: int

    @property
    def carried(self) -> int:
        return max(0, self.minutes + self.held - self.owed)

    @property
    def written_off(self) -> int:
        return max(0, self.owed - self.minutes - self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where a ledger ends: what is held of it, and the size and root that were acknowledged."""

    head: reads.Head
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The next epoch, and what it took over. `source` is the SHA-256 of the document that lists every account."""

    origin: str
    before: str
    lost: int
    size: int
    accounts: int
    minutes: int
    written_off: int
    source: str


def open_next(bank: Bank, actor: Actor | None, community: str, reason: str) -> Opened:
    """Open the community's next epoch. For the reason `lost` the ledger must be behind its mark, which the new one
    names; for any other it is ended first. Doing it again after a crash goes on where it stopped.

    Refused while hours are on their way to another community, which may have accepted them. Of a ledger that is lost
    they are not carried over: what came back can be granted once the other community has said so.
    """
    require(actor, Right.REPAIR_LEDGER, community)
    old = bank.origin(community)
    new = directory.epochs.next_epoch(old)
    if reason != LOST:
        with bank.view() as view:
            if _travelling(view, view.head(old)):
                raise Refused(Code.STILL_TRAVELLING)
        # A crash after this commit leaves a closed ledger and no next one: done again, the next one is opened.
        _end(bank, old, new, reason)
    with bank.view() as view:
        view.community(community)
        end = _end_of(bank, view, old, reason)
        carried = _carried(view, end.head)
        document = _document(new, reason, end, carried)
        admins = signers_among(bank, reads.keys_of(view.connection, end.head, KeyRole.ADMIN), end.head.quorum)
        keys = _Keys(new, admins)
        batch = list(_first_entries(bank, view, keys, end, carried, document))
    # 1. Kept before the ledger names them. A crash after this line leaves keys that nobody uses.
    bank.keyring.add(keys.log, keys.system, keys.station, keys.lead)
    # 2. One transaction. A crash up to its commit leaves no new epoch; after it there is a whole one, and every
    # process asks for the ledger's name at its next call.
    with bank.founding(new) as work:
        place = work.people.get(directory.Community, community)
        if place is None or place.origin != old:
            raise Refused(Code.ID_TAKEN, id=new)
        place.origin = new
        if work.people.get(directory.Document, _digest(document)) is None:
            work.people.add(directory.Document(sha256=_digest(document), text=document))
        work.writer.append_all(batch)
    return Opened(
        origin=new,
        before=old,
        lost=max(0, end.size - end.head.size),
        size=len(batch),
        accounts=sum(1 for one in carried if one.kind != "fund"),
        minutes=sum(one.carried for one in carried),
        written_off=sum(one.written_off for one in carried),
        source=_digest(document),
    )


class _Keys:
    """The new ledger's own keys, and the admins that it takes over."""

    def __init__(self, origin: str, admins: tuple[Signer, ...]) -> None:
        self.origin = origin
        self.admins = admins
        self.log = Signer.generate(origin)
        self.system, self.station, self.lead = (
            Signer.generate(f"{origin}/{role}-1") for role in ("system", "station", "lead")
        )


def _end(bank: Bank, old: str, new: str, reason: str) -> None:
    with bank.view() as view:
        if view.head(old).ended:
            return
    with bank.work(old) as work:
        admins = admins_of(bank, work)
        body = {"reason": reason, "next": new}
        intent = Intent(ledger=old, id="end", kind="end", at=work.now, by=admins[0].name, body=body)
        work.append(sign(intent, *admins))


def _end_of(bank: Bank, view: View, old: str, reason: str) -> End:
    head, mark = view.head(old), bank.highwater.read(view.head(old).number)
    why = bank.behind(view.connection, head)
    if reason != LOST:
        return End(head=head, size=head.size, root=head.root)
    if why is None:
        raise Refused(Code.NOTHING_LOST)
    if mark is None or not mark.is_of(old):
        raise Refused(Code.LEDGER_READ_ONLY, ledger=old, why=why)  # what is lost cannot be named
    return End(head=head, size=mark.size, root=mark.root)


def _travelling(view: View, head: reads.Head) -> dict[str, int]:
    """Minutes that are on their way to other communities, by the account that they come from."""
    found: dict[str, int] = {}
    for account in reads.all_accounts(view.connection, head):
        if account.minutes and account.name.startswith("held:") and account.name != "held:orders":
            for hold in reads.open_holds(view.connection, head, account.name, account.minutes):
                found[hold.source] = found.get(hold.source, 0) + hold.minutes
    return found


def _carried(view: View, head: reads.Head) -> list[Carried]:
    """The fund and every open account. What orders hold goes back to its source; a debt is paid as far as that goes."""
    away = _travelling(view, head)
    found = {account.name: account for account in reads.all_accounts(view.connection, head)}
    owed = {name: -account.minutes for name, account in found.items() if account.kind == "debt"}
    return [
        _one(account, owed.get(debt_of(account.name), 0), away.get(account.name, 0))
        for account in found.values()
        if _is_carried(account)
    ]


def _is_carried(account: Account) -> bool:
    return account.kind == "fund" or (account.opened is not None and account.closed is None)


def _one(account: Account, owed: int, away: int) -> Carried:
    held = account.held - away
    return Carried(name=account.name, kind=account.kind, minutes=account.minutes, held=held, owed=owed)


def _document(new: str, reason: str, end: End, carried: list[Carried]) -> str:
    """What the openings rest on, for anybody who wants to compare: no name is in it."""
    lines = [
        "timebank-epoch v1",
        f"ledger {new}",
        f"before {end.head.origin}",
        f"reason {reason}",
        f"held {end.head.size} {end.head.root.hex()}",
        f"acknowledged {end.size} {end.root.hex()}",
    ]
    lines += [
        f"account {one.name} {one.kind} minutes {one.minutes} held {one.held} owed {one.owed} carried {one.carried}"
        for one in sorted(carried, key=lambda one: one.name)
    ]
    return "\n".join(lines) + "\n"


def _digest(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def _first_entries(
    bank: Bank, view: View, keys: _Keys, end: End, carried: list[Carried], document: str
) -> Iterator[SignedIntent]:
    """Everything that the new ledger begins with, signed before its transaction begins."""
    make = _Maker(bank, keys.origin)
    yield make.signed("genesis", "genesis", _genesis(view, keys, end), keys.admins)
    for signer, role in ((keys.station, KeyRole.STATION), (keys.lead, KeyRole.LEAD)):
        body: dict[str, object] = {"action": "add", "vkey": str(signer.vkey), "role": role.value}
        yield make.signed("key", bank.uuid(), body, keys.admins)
    for version, (from_day, sha256) in enumerate(_policies(bank, view, end.head), 1):
        yield make.signed("policy", bank.uuid(), {"version": version, "from": from_day, "sha256": sha256}, keys.admins)
    for one in carried:
        if one.kind != "fund":
            yield make.signed("open", f"{one.name}.open", {"account": one.name, "class": one.kind}, (keys.station,))
    body = {"source": _digest(document), "before": end.head.origin, "before-size": end.head.size}
    for one in carried:
        if one.carried:
            moves = (Move("issue", one.name, one.carried),)
            yield make.signed("opening", f"{one.name}.opening", body, keys.admins[:2], moves)


class _Maker:
    """Signs intents of one ledger, all at one time."""

    def __init__(self, bank: Bank, origin: str) -> None:
        self._origin = origin
        self._at = bank.clock()

    def signed(
        self, kind: str, entry: str, body: dict[str, object], signers: tuple[Signer, ...], moves: tuple[Move, ...] = ()
    ) -> SignedIntent:
        by = signers[0].name
        intent = Intent(ledger=self._origin, id=entry, kind=kind, at=self._at, by=by, body=body, moves=moves)
        return sign(intent, *signers)


def _genesis(view: View, keys: _Keys, end: End) -> dict[str, object]:
    before = reads.record_at(view.connection, end.head, 0).intent.body
    admins = [key for key in reads.keys_of(view.connection, end.head, KeyRole.ADMIN) if key.until is None]
    return {
        **{name: before[name] for name in ("zone", "offset", "algorithms", "quorum")},
        "log": str(keys.log.vkey),
        "system": str(keys.system.vkey),
        "admins": [str(key.vkey) for key in admins[-8:]],
        "before": end.head.origin,
        "before-size": end.size,
        "before-root": end.root.hex(),
    }


def _policies(bank: Bank, view: View, head: reads.Head) -> list[tuple[str, str]]:
    """The version in force today, from today on, and those announced for later."""
    today = day_in_zone(bank.clock(), head.offset_minutes)
    found = reads.policies(view.connection, head)
    now = Books(head.origin, policies=found).policy_on(today)
    later = [(one.from_day, one.sha256) for one in found if one.from_day > today]
    return ([] if now is None else [(today, now.sha256)]) + later


def document(bank: Bank, actor: Actor | None, community: str, sha256: str) -> str:
    """A document by its hash, as a policy or an opening names it."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        return view.policy_text(sha256)
