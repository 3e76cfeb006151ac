"""What the ledgers of all houses say about every transfer, read record by record, and whether it can be true."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.federation.houses import House
from timebank.ledger import Record, decision_id


@dataclass
class Told:
    """One transfer as the two ledgers tell it. Houses by number; `outcome` and `decision` are kinds of entries."""

    sender: int
    receiver: int
    payee: str
    minutes: int
    offer: str
    outcome: str | None = None
    decision: str | None = None
    reason: str | None = None
    credited: tuple[str, int] | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None


@dataclass
class Tally:
    """The transfers by id, and the balances of each house, as they were when it was looked at last."""

    houses: Sequence[House]
    transfers: dict[str, Told] = field(default_factory=dict)
    balances: dict[int, dict[str, int]] = field(default_factory=dict)
    _read: dict[int, int] = field(default_factory=dict)
    _by_decision: dict[str, str] = field(default_factory=dict)
    _by_origin: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_origin = {house.origin: house.number for house in self.houses}
        for house in self.houses:
            self.look(house)

    def look(self, house: House) -> None:
        """Read what is new in one house's ledger."""
        records = house.records_from(self._read.get(house.number, 0))
        for record in records:
            self._enter(house, record)
            self._read[house.number] = record.seq + 1
        if records:
            self.balances[house.number] = house.balances()

    def _enter(self, house: House, record: Record) -> None:
        intent = record.intent
        if intent.kind == "send":
            transfer = record.id.removesuffix(".hold")
            assert transfer not in self.transfers, f"{transfer} is held twice"
            receiver = self._by_origin[intent.body["peer"]]
            (move,) = intent.moves
            told = Told(house.number, receiver, intent.body["payee"], move.minutes, record.hash.hex())
            self.transfers[transfer] = told
            self._by_decision[decision_id(house.origin, transfer)] = transfer
        elif intent.kind in ("sent", "returned"):
            told = self.transfers[record.id.removesuffix(".outcome")]
            assert told.outcome is None, f"{record.id} is concluded twice"
            told.outcome = intent.kind
        elif intent.kind in ("accept", "refuse"):
            told = self.transfers[self._by_decision[record.id]]
            assert told.decision is None, f"{record.id} is decided twice"
            assert intent.body["offer"] == told.offer, f"{record.id} is about another offer"
            told.decision, told.reason = intent.kind, intent.body.get("reason")
            told.credited = next(((move.target, move.minutes) for move in intent.moves), None)

    # --- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """After every step, whatever is under way."""
        for told in self.transfers.values():
            self._check_one(told)
        for house in self.houses:
            assert sum(self.balances[house.number].values()) == 0, f"the books of {house.code} do not add up"
        for house in self.houses:
            for other in self.houses:
                if house.number < other.number:
                    self._check_pair(house, other)
        self._check_hours()

    @staticmethod
    def _check_one(told: Told) -> None:
        assert (told.outcome, told.decision) in {
            (None, None),
            (None, "accept"),
            (None, "refuse"),
            ("sent", "accept"),
            ("returned", "refuse"),
        }, f"outcome {told.outcome} of decision {told.decision}"
        assert told.credited == ((told.payee, told.minutes) if told.decision == "accept" else None)

    def _check_pair(self, one: House, other: House) -> None:
        """The books mirror one another, but for what is accepted and not concluded yet; what is held is under way."""
        unsettled = 0
        for sender, receiver in ((one, other), (other, one)):
            under_way = [
                told
                for told in self.transfers.values()
                if (told.sender, told.receiver) == (sender.number, receiver.number) and told.is_open
            ]
            held = self._balance(sender, f"held:{receiver.origin}")
            assert held == sum(told.minutes for told in under_way), f"{held} minutes held"
            unsettled += sum(told.minutes for told in under_way if told.decision == "accept")
        dues = self._balance(one, f"due:{other.origin}") + self._balance(other, f"due:{one.origin}")
        assert dues + unsettled == 0, f"{one.code} and {other.code} differ by {dues + unsettled} minutes"

    def _check_hours(self) -> None:
        """Members and the funds have what was issued, less what is on its way to nobody yet."""
        issued = owned = 0
        for balances in self.balances.values():
            issued -= balances["issue"]
            owned += sum(minutes for name, minutes in balances.items() if name.startswith(("member:", "fund")))
        on_its_way = sum(t.minutes for t in self.transfers.values() if t.is_open and t.decision != "accept")
        assert owned + on_its_way == issued, f"{owned} minutes owned, {on_its_way} on their way, {issued} issued"

    def check_ended(self) -> None:
        """When everything was healed: no transfer is open, every pair mirrors, all hours are somebody's."""
        self.check()
        left = [transfer for transfer, told in self.transfers.items() if told.is_open]
        assert not left, f"not ended: {left}"

    def _balance(self, house: House, account: str) -> int:
        return self.balances[house.number].get(account, 0)
