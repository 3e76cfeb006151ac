"""Walk a ledger, or a segment of it, and say whether it holds together."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import rules, state
from .books import Books, Line, PolicyVersion
from .checkpoint import Checkpoint
from .entry import NO_HASH, Record, SignedIntent, parse_signed_record
from .errors import Corrupted, Declined
from .keys import Vkey
from .keys import verify as verify_signature
from .kinds import check_form, class_of, is_understood
from .merkle import Tree
from .note import Signature

Each = Callable[[Record, list[Line]], None]
FindRecord = Callable[[str], bytes | None]


@dataclass(slots=True)
class Report:
    """What was proved of a ledger, in figures; minutes are sums over its entries.

    `by_compromised_keys`: signatures by a key from the record on from which it was reported as compromised.
    `first`: the record the walk began with; what came before rests on an earlier audit and the seal there.
    """

    origin: str
    size: int = 0
    root: bytes = b""
    first: int = 0
    signatures: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    not_understood: int = 0
    by_compromised_keys: int = 0
    minutes_credited: int = 0
    minutes_redeemed: int = 0
    # Which records each key signed, 8 bytes a signature: a key may be reported as compromised later.
    signed: dict[tuple[str, bytes], "array[int]"] = field(default_factory=dict)

    def add(self, later: "Report") -> None:
        """Go on with the segment that follows."""
        self.size, self.root = later.size, later.root
        self.signatures += later.signatures
        self.kinds += later.kinds
        self.not_understood += later.not_understood
        self.minutes_credited += later.minutes_credited
        self.minutes_redeemed += later.minutes_redeemed
        for place, numbers in later.signed.items():
            self.signed.setdefault(place, array("q")).extend(numbers)

    def count_compromised(self, books: Books) -> None:
        """Look back once all keys and their revocations are known."""
        for place, key in books.keys.items():
            if key.compromised_from is not None:
                numbers = self.signed.get(place, array("q"))
                self.by_compromised_keys += len(numbers) - bisect_left(numbers, key.compromised_from)


class Replay:
    """The state of a ledger, built record by record; each is checked as it was when it was appended.

    From nothing, keeping what later entries may refer to. Or a segment: from `books`, the state before it, with
    `root_at` and `find` to look up roots and records that lie elsewhere.
    """

    def __init__(
        self,
        origin: str,
        books: Books | None = None,
        root_at: rules.RootAt | None = None,
        find: FindRecord | None = None,
    ) -> None:
        tree = Tree()
        self.books = books or Books(origin, tree=tree)
        self._roots = root_at or tree.root
        self._keeps = find is None
        if find is not None:
            self.books.elsewhere = find
        self._ids: set[str] = set()
        self.report = Report(origin, first=self.books.size)

    def enter(self, raw: bytes) -> tuple[Record, list[Line]]:
        """Check and apply the next record. Raises Corrupted with its number and what is wrong with it."""
        seq = self.books.size
        try:
            record, signatures = parse_signed_record(raw)
            self._check_chain(record)
            signed = SignedIntent(record.intent, record.note, self._signers(record, signatures))
            if is_understood(record.intent):
                policy = rules.check(self.books, signed, check_form(record.intent), record.ms, self._root_at)
                self._check_stamps(record, policy)
                if record.intent.kind == "seal":
                    self._check_seal(record)
            else:
                self._check_unknown(record, signed)
            lines = self.books.apply(record)
            if self._keeps:
                self.books.entries[record.id] = raw
        except Declined as error:
            raise Corrupted(str(error), origin=self.books.origin, seq=seq) from error
        self._count(record)
        return record, lines

    def finish(self, checkpoint: Checkpoint) -> Report:
        """Compare the end with the signed checkpoint and the holds with what is held."""
        self.close()
        check_end(self.books, self.report, checkpoint)
        self.report.count_compromised(self.books)
        return self.report

    def close(self) -> Report:
        """The report as far as this walk came."""
        self.report.size, self.report.root = self.books.size, self.books.tree.root()
        return self.report

    def _check_chain(self, record: Record) -> None:
        books, name = self.books, record.intent.id
        if record.seq != books.size:
            raise Corrupted(f"says it is record {record.seq}", origin=books.origin, seq=books.size)
        if record.prev != books.last_hash:
            raise Corrupted("does not follow the record before", origin=books.origin, seq=record.seq)
        if record.ms < books.last_ms:
            raise Corrupted("its time is before the record before", origin=books.origin, seq=record.seq)
        if name in self._ids:
            raise Corrupted(f"repeats the id {name}", origin=books.origin, seq=record.seq)
        self._ids.add(name)

    def _signers(self, record: Record, signatures: tuple[Signature, ...]) -> tuple[Vkey, ...]:
        known, text, signed = self.books.keys, record.note[: record.note.index(b"\n") + 1], self.report.signed
        named: dict[tuple[str, bytes], Vkey] = {}
        if record.seq == 0 and record.intent.kind == "genesis":
            admins = [Vkey.parse(one) for one in record.intent.body.get("admins", ())]
            named = {(vkey.name, vkey.key_id): vkey for vkey in admins}
        vkeys = []
        for signature in signatures:
            place = (signature.name, signature.key_id)
            key = known.get(place)
            vkey = named.get(place) if key is None else key.vkey
            if vkey is None or not verify_signature(vkey, text, signature):
                raise Corrupted(
                    f"the signature of {signature.name} does not verify", origin=self.books.origin, seq=record.seq
                )
            vkeys.append(vkey)
            if place not in signed:
                signed[place] = array("q")
            signed[place].append(record.seq)
        self.report.signatures += len(vkeys)
        return tuple(vkeys)

    def _root_at(self, size: int) -> bytes | None:
        return self._roots(size) if size <= self.books.size else None

    def _check_stamps(self, record: Record, policy: PolicyVersion | None) -> None:
        if record.policy != (None if policy is None else policy.version):
            raise Corrupted("names another policy than the one in force", origin=self.books.origin, seq=record.seq)
        if record.pair != self.books.pair_for(record.intent):
            raise Corrupted("breaks the chain of its pair", origin=self.books.origin, seq=record.seq)

    def _check_seal(self, record: Record) -> None:
        # What an entry that is not understood did to the state cannot be known.
        if not self.report.not_understood and record.intent.body["state"] != state.digest(self.books):
            raise Corrupted("seals another state", origin=self.books.origin, seq=record.seq)

    def _check_unknown(self, record: Record, signed: SignedIntent) -> None:
        """A newer version or kind: chain, signatures and moves still hold; what it means is not understood."""
        rules.check_envelope(self.books, signed)
        if record.policy is not None and all(one.version != record.policy for one in self.books.policies):
            raise Corrupted("names a policy that was never posted", origin=self.books.origin, seq=record.seq)
        if record.pair is not None:
            count, link = self.books.pairs.get(record.pair[0], (0, NO_HASH))
            if record.pair[1:] != (count + 1, link):
                raise Corrupted("breaks the chain of its pair", origin=self.books.origin, seq=record.seq)
        self.report.not_understood += 1

    def _count(self, record: Record) -> None:
        report, intent = self.report, record.intent
        report.kinds[intent.kind] += 1
        if intent.kind in ("service", "settle"):
            minutes = intent.moves[0].minutes if intent.moves else 0
            report.minutes_credited += minutes
            if intent.kind == "settle" or (intent.moves and class_of(intent.moves[0].source) == "member"):
                report.minutes_redeemed += minutes


def check_end(books: Books, report: Report, checkpoint: Checkpoint) -> None:
    """What must be true of a ledger at its head. Corrupted otherwise."""
    if not books.size:
        raise Corrupted("has no records", origin=books.origin)
    if (checkpoint.origin, checkpoint.size, checkpoint.root) != (books.origin, books.size, books.tree.root()):
        raise Corrupted("the checkpoint is of other records", origin=books.origin, seq=books.size - 1)
    if not checkpoint.is_signed_by(books.log_key().vkey):
        raise Corrupted("the checkpoint is not signed by the log key in force", origin=books.origin)
    # What an entry that is not understood did to a hold cannot be known.
    if report.not_understood:
        return
    sums: Counter[str] = Counter()
    for hold in books.holds.values():
        if hold.outcome is None:
            sums[hold.via] += hold.minutes
    for name, account in books.accounts.items():
        if class_of(name) in ("orders", "held") and account.minutes != sums[name]:
            raise Corrupted(f"{name} is not the sum of its open holds", origin=books.origin)
    if sum(account.minutes for account in books.accounts.values()):
        raise Corrupted("the accounts do not add up to nothing", origin=books.origin)


def verify(
    origin: str, raws: Iterable[bytes], checkpoint: Checkpoint, *, each: Each | None = None
) -> tuple[Books, Report]:
    """Replay every record of a ledger; its books and the report. Corrupted at the first bad record.

    `each` is told of every record that holds, with the lines that it makes.
    """
    replay = Replay(origin)
    for raw in raws:
        record, lines = replay.enter(raw)
        if each is not None:
            each(record, lines)
    return replay.books, replay.finish(checkpoint)
