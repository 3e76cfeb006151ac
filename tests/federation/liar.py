"""A community whose operator lies: with its real keys, but past every rule, and with proofs made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.federation.houses import House
from timebank.federation.messages import Message, shown_of
from timebank.ledger import (
    Checkpoint,
    Intent,
    KeyRole,
    Move,
    Proof,
    Receipt,
    Record,
    Signer,
    merkle,
    sign,
)
from timebank.ledger.entry import seal


@dataclass
class Liar:
    """The ledger of a house as it was when this was made, and what is added to it here behind the house's back."""

    house: House
    records: list[Record] = field(init=False)

    def __post_init__(self) -> None:
        self.records = self.house.records_from(0)

    def key(self, role: KeyRole) -> Signer:
        """The key with which the house signs in a role."""
        with self.house.bank.view() as view:
            return self.house.bank.signer(view.connection, view.head(self.house.origin), role)

    def enter(self, kind: str, *moves: tuple[str, str, int], by: Sequence[Signer], id: str, **body: Any) -> Record:
        """Add a record that nobody checks."""
        last = self.records[-1]
        intent = Intent(
            ledger=self.house.origin,
            id=id,
            kind=kind,
            at=last.ms,
            by=by[0].name,
            moves=tuple(Move(*move) for move in moves),
            body=body,
        )
        pair = (body["peer"], 1, "0" * 64) if "peer" in body else None
        record = seal(
            sign(intent, *by), seq=last.seq + 1, ms=last.ms, prev=last.hash.hex(), policy=last.policy, pair=pair
        )
        self.records.append(record)
        return record

    def offer(self, to: House, minutes: int, transfer: str | None = None, **other: Any) -> Record:
        """A `send` entry; `by`, `payee` or any other field of its body otherwise than it should be."""
        by = other.pop("by", None) or (self.key(KeyRole.STATION),)
        body = {"peer": to.origin, "payee": to.folk.givers[0].account, "reason": "family"}
        body |= {"deadline": self.house.clock.ms + 86_400_000} | other
        move = (self.house.folk.givers[0].account, f"held:{to.origin}", minutes)
        return self.enter("send", move, by=by, id=f"{transfer or self.house.bank.uuid()}.hold", **body)

    def say(
        self,
        record: Record,
        since: int = 0,
        *,
        log: Signer | None = None,
        without: Sequence[str] = (),
        size: int = 0,
        more: Sequence[Record] = (),
    ) -> bytes:
        """The message that proves a record and `more`, with all keys but those whose entries are left out (`without`,
        by id)."""
        tree = merkle.Tree()
        for one in self.records:
            tree.append(one.hash)
        size = size or len(self.records)
        checkpoint = Checkpoint.issue(self.house.origin, size, tree.root(size), log or self.key(KeyRole.LOG))

        def proof(one: Record) -> Proof:
            return Proof(one.raw, one.seq, tuple(merkle.inclusion(one.seq, size, tree.subtree)))

        keys = [one for one in self.records[:size] if one.intent.kind in ("genesis", "key")]
        shown = tuple(proof(one) for one in keys if one.id not in without and one.seq != record.seq)
        path = merkle.consistency(since, size, tree.subtree) if 0 < since < size else []
        others = [shown_of(proof(one)) for one in more]
        return Message(Receipt(checkpoint, proof(record), shown).to_bytes(), since, path, others).to_bytes()
