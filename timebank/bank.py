"""What every use case receives: one transaction to write in, or one view to read from."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from timebank import catalogue, directory
from timebank import policy as policies
from timebank.database import WRITES, Gate, open_engine, snapshot
from timebank.keyring import Keyring, Master, Vault
from timebank.ledger import (
    Checkpoint,
    Code,
    Corrupted,
    HighWater,
    Intent,
    Key,
    KeyRole,
    Memory,
    Move,
    Receipt,
    Record,
    Refused,
    SignedIntent,
    Signer,
    Writer,
    create,
    debt_of,
    fresh_receipt,
    reads,
    sign,
)
from timebank.policy import Policy
from timebank.settings import Settings

_REQUEST = msgspec.json.Encoder(order="sorted")
_TAKEN_AS = {"outcome": Code.HOLD_FINISHED, "reverse": Code.ALREADY_REVERSED}
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
# How many commits of this process a mark may lie behind before the tree is read to see that they follow from it.
_MOST_UNMARKED = 64


def system_clock() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Posted:
    """What a use case that writes answers with: the record it made first, those that followed from it, a receipt.

    `repeated`: the record was there before, made by the same request sent earlier.
    """

    record: Record
    followed: tuple[Record, ...]
    repeated: bool
    _make_receipt: Callable[[], Receipt] = field(compare=False, repr=False)

    @cached_property
    def receipt(self) -> Receipt:
        """Made when it is asked for, where nothing is read for it: pages show none.

        Refused with OUTCOME_UNKNOWN when it cannot be had now; what is recorded stays so.
        """
        return self._make_receipt()


class Reading:
    """What a view and a transaction have in common: people and books on one connection."""

    _writes = True

    def __init__(self, bank: "Bank", connection: Connection) -> None:
        self._bank = bank
        self.connection = connection
        self.vault = bank.vault
        self.random = bank.random
        self.catalogue = bank.catalogue
        self.now = bank.clock()

    @cached_property
    def people(self) -> Session:
        """The directory with its ORM. Made for those who ask for it: what most look up needs no ORM."""
        return Session(bind=self.connection, autoflush=self._writes, expire_on_commit=False)

    def flush(self) -> None:
        """Write what was changed through the ORM."""
        if "people" in self.__dict__:
            self.people.flush()

    def close(self) -> None:
        if "people" in self.__dict__:
            self.people.close()

    def head(self, origin: str) -> reads.Head:
        return reads.head(self.connection, origin)

    def head_of(self, community: str) -> reads.Head:
        """The head of the ledger that a community keeps now; Refused where there is none here."""
        return self.head(self.origin_of(community))

    def origin_of(self, community: str) -> str:
        """As `Bank.origin`, asked on this connection."""
        return self._bank.origin_in(self.connection, community)

    def community(self, code: str) -> directory.communities.Place:
        """The community with this code; Refused when there is none here."""
        found = directory.communities.one(self.connection, code)
        if found is None:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=code)
        return found

    def person(self, person_id: str, community: str | None = None) -> directory.people.Known:
        """The person with this id; Refused when there is none, or (if asked) none in this community."""
        return self.persons([person_id], community)[0]

    def persons(self, ids: Sequence[str], community: str | None = None) -> list[directory.people.Known]:
        """As `person` for several at once, in their order; Refused for the first that is missing."""
        found = directory.people.known(self.connection, ids)
        for person_id in ids:
            known = found.get(person_id)
            if known is None or known.is_erased or community not in (None, known.community):
                raise Refused(Code.PERSON_UNKNOWN, person=person_id)
        return [found[person_id] for person_id in ids]

    def policy(self, sha256: str) -> Policy:
        """A policy document, read. It never changes under its digest, so a process reads each of them once."""
        found = self._bank.policies.get(sha256)
        if found is None:
            found = self._bank.policies[sha256] = policies.parse(self.policy_text(sha256))
        return found

    def newest_policy(self, origin: str) -> Policy:
        """The newest version of a ledger's policy; Refused where it has none."""
        versions = reads.policies(self.connection, self.head(origin))
        if not versions:
            raise Refused(Code.NO_POLICY, day="", first=None)
        return self.policy(versions[-1].sha256)

    def policy_at(self, head: reads.Head, day: str) -> Policy:
        """The policy in force on a day, by the books as they stand; before the first one, the first. Refused where the
        ledger has none."""
        versions = reads.policies(self.connection, head)
        if not versions:
            raise Refused(Code.NO_POLICY, day=day, first=None)
        return self.policy([one for one in versions if one.from_day <= day or one is versions[0]][-1].sha256)

    def policy_text(self, sha256: str) -> str:
        found = self.people.get(directory.Document, sha256)
        if found is None or policies.digest(found.text) != sha256:
            raise Corrupted(f"the policy document {sha256} is missing or was altered")
        return found.text


class View(Reading):
    """A consistent read that waits for nobody. It has no way to append."""

    _writes = False

    def __init__(self, bank: "Bank", connection: Connection) -> None:
        super().__init__(bank, connection)
        # What is asked again and again on one page, and stays the same in a view.
        self._heads: dict[str, reads.Head] = {}
        self._origins: dict[str, str] = {}

    def head(self, origin: str) -> reads.Head:
        if origin not in self._heads:
            self._heads[origin] = super().head(origin)
        return self._heads[origin]

    def origin_of(self, community: str) -> str:
        if community not in self._origins:
            self._origins[community] = super().origin_of(community)
        return self._origins[community]


class Work(Reading):
    """One transaction on one ledger and on people: leaving the block commits both, raising drops both."""

    def __init__(self, bank: "Bank", connection: Connection, writer: Writer) -> None:
        super().__init__(bank, connection)
        self.writer = writer
        self.origin = writer.books.origin
        self.books = writer.books
        self.now = writer.ms
        # Signed when the block is left.
        self.checkpoint: Checkpoint | None = None

    def append(self, signed: SignedIntent) -> Record:
        """Enter what somebody signed; see Writer.append."""
        return self.writer.append(signed)

    def post(
        self,
        kind: str,
        *moves: tuple[str, str, int],
        by: tuple[KeyRole, ...],
        id: str | None = None,
        body: dict[str, Any] | None = None,
        **envelope: Any,
    ) -> Record:
        """Make an intent, sign it with the service's own keys of these roles, and enter it."""
        signers = [self._bank.signer(self.connection, self.writer.head, role) for role in by]
        intent = Intent(
            ledger=self.origin,
            id=id or self._bank.uuid(),
            kind=kind,
            at=self.now,
            by=signers[0].name,
            moves=tuple(Move(*move) for move in moves),
            body=body or {},
            **envelope,
        )
        return self.append(sign(intent, *signers))

    def repeated(self, entry: str, request: object) -> Record | None:
        """The record that this request already made; None, and the request is noted, when it is new.

        A retry signed again by the service would carry another time, so it is told by its digest. Refused when the id
        was used for another request.
        """
        digest = hashlib.sha256(_REQUEST.encode(request)).digest()
        before = directory.requests.digest_of(self.connection, self.origin, entry)
        if before is None:
            self._check_epochs(entry)
            directory.requests.note(self.connection, self.origin, entry, digest)
            return None
        if before == directory.recovered.LOST_REQUEST:
            # The entry came back from a proof, the request that it answered did not: this is taken for it.
            directory.requests.take_over(self.connection, self.origin, entry, digest)
        elif before != digest:
            raise Refused(_TAKEN_AS.get(entry.rpartition(".")[2], Code.ID_TAKEN), id=entry)
        return reads.record_by_id(self.connection, self.writer.head, entry)

    def _check_epochs(self, entry: str) -> None:
        """A request that an earlier epoch answered is not answered twice: its hours were brought over."""
        for origin in directory.epochs.epochs_before(self.origin):
            if reads.ids_known(self.connection, self.head(origin), [entry]):
                raise Refused(Code.ID_TAKEN, id=entry)

    def recorded_by(self, login: str, entry: str) -> None:
        """Keep which login recorded an entry: a second person must be another one."""
        directory.requests.note_login(self.connection, self.origin, entry, login)

    def policy_on(self, day: str) -> Policy:
        """The policy in force on a day."""
        version = self.books.policy_on(day)
        if version is None:
            raise Refused(
                Code.NO_POLICY, day=day, first=self.books.policies[0].from_day if self.books.policies else None
            )
        return self.policy(version.sha256)

    def settle_up(self, record: Record) -> list[Record]:
        """What follows a credit in the same transaction: the surplus above a cap to the fund, then an old debt."""
        intent = record.intent
        if not intent.moves or not intent.moves[0].target.startswith("member:"):
            return []
        name, credited = intent.moves[0].target, intent.moves[0].minutes
        made = []
        if intent.kind in ("service", "settle"):
            policy = self.policy_on(intent.body["day"])
            day = self.books.days[name, intent.body["day"]]
            over, cap = policy.surplus(day, self.books.account(name), credited)
            if over:
                made.append(self._follow("overflow", record, (name, "fund", over), {"cap": cap}))
        owed = min(-self.books.account(debt_of(name)).minutes, self.books.account(name).minutes)
        if owed > 0:
            made.append(self._follow("repay", record, (name, debt_of(name), owed), {}))
        return made

    def _follow(self, kind: str, record: Record, move: tuple[str, str, int], body: dict[str, Any]) -> Record:
        return self.post(kind, move, by=(KeyRole.SYSTEM,), id=f"{record.id}.{kind}", ref=record.id, body=body)


class Bank:
    """The people, the books, the keys and the clock of one service."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], int] = system_clock,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.random = random
        self.engine: Engine = open_engine(settings.database_url)
        self._gate = Gate(self.engine)
        self.highwater = HighWater(settings.highwater_path)
        master = Master.load(settings.master_key_path)
        self.keyring = Keyring(settings.keyring_path, master, random=random)
        self.vault = Vault(master, random=random)
        self._trusted = (0, time.monotonic())
        self.catalogue = catalogue.load()
        # By a ledger's number here.
        self.memories: dict[int, Memory] = {}
        # A community's policy of today, for pages, and until when it is taken for that (milliseconds).
        self.todays: dict[str, tuple[Policy | None, int]] = {}
        # By the digest of the document.
        self.policies: dict[str, Policy] = {}
        self._couriers: dict[tuple[str, str], threading.Lock] = {}
        self._uuid_lock = threading.Lock()
        self._last_uuid = 0
        # Ledgers that this process must not write to, and why.
        self.read_only: dict[str, str] = {}
        # Ledgers whose last mark could not be written.
        self._unmarked: set[str] = set()
        # By a ledger's number: sizes and roots that followed one another in this process, the newest last.
        self._grown: dict[int, tuple[tuple[int, bytes], ...]] = {}

    def close(self) -> None:
        self.engine.dispose()
        self.highwater.close()

    def origin(self, community: str) -> str:
        """The name of the ledger that a community keeps now; of one that is not here, the name it would have.

        Looked up each time: another process may have opened the next epoch. Should that happen right after, a write to
        the old ledger is refused, because it has ended or is read-only.
        """
        with self._refusals(), self.engine.connect() as connection:
            return self.origin_in(connection, community)

    def origin_in(self, connection: Connection, community: str) -> str:
        return directory.epochs.origin_of(connection, community) or f"{self.settings.host}/c/{community}"

    def courier(self, community: str, peer: str) -> AbstractContextManager[object]:
        """Held while hours are carried from a community to another ledger, so that what comes up meanwhile goes
        together. It is for speed: who carries the same beside it, in another process, changes nothing."""
        return self._couriers.setdefault((community, peer), threading.Lock())

    def uuid(self) -> str:
        """A UUID version 7 (RFC 9562 §5.7) in hex: 48 bits of time, then random; later ones sort later."""
        with self._uuid_lock:
            self._last_uuid = max(self._last_uuid + 1, self.clock() << 12)
            stamp = self._last_uuid
        rest = int.from_bytes(self.random(8)) & (1 << 62) - 1
        value = (stamp >> 12) << 80 | 7 << 76 | (stamp & 0xFFF) << 64 | 2 << 62 | rest
        return f"{value:032x}"

    def work(self, origin: str) -> AbstractContextManager[Work]:
        """Write to one ledger and to people. Raises Refused when the ledger may not be written now."""
        return self._work(lambda _: origin)

    def work_for(self, community: str) -> AbstractContextManager[Work]:
        """As `work`, on the ledger that the community keeps now: asked within the transaction."""
        return self._work(lambda connection: self.origin_in(connection, community))

    @contextmanager
    def _work(self, which: Callable[[Connection], str]) -> Iterator[Work]:
        with self._refusals():
            with (
                self._gate.pass_through(),
                self.engine.connect().execution_options(**WRITES) as connection,
                connection.begin(),
            ):
                # The ledger's head is locked before any row of people, so two writers cannot wait for one another.
                writer = Writer(connection, which(connection), self.clock())
                self._guard(connection, writer.head)
                with closing(Work(self, connection, writer)) as work, self._alarm(writer.head.origin):
                    yield work
                    work.flush()
                    work.checkpoint = writer.flush(self.log_signer)
                    self._remember(writer)
                # A crash before this line's commit: nothing is kept, and nobody was told of anything.
            # A crash here: everything is kept, nobody was told; the caller asks again with the same id. Others may
            # write meanwhile: each is answered when a mark that covers its entry is on the disk.
            self._mark(writer)
        # A crash from here on: kept, and the high-water mark knows.

    @contextmanager
    def founding(self, origin: str) -> Iterator[Work]:
        """As `work`, for a ledger that does not exist yet."""
        with self._refusals(), self._gate.pass_through():
            with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
                head = create(connection, origin)
                lost = self.highwater.read(head.number)
                if lost is not None and lost.size and lost.is_of(origin):
                    # It was founded before, and the database forgot: a second founding would be a second history.
                    why = f"{lost.size} records of it were acknowledged, and this database has none"
                    raise Refused(Code.LEDGER_READ_ONLY, ledger=origin, why=why)
                # Written first: a ledger without a mark cannot be told from one whose mark was taken away.
                self._raise_highwater(head.number, origin, 0, head.root)
                writer = Writer(connection, origin, self.clock())
                self._check_clock(connection, writer.head)
                with closing(Work(self, connection, writer)) as work:
                    yield work
                    work.flush()
                    writer.flush(self.log_signer)
            self._mark(writer)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Read people and books as they were at one moment."""
        with self._refusals(), snapshot(self.engine) as connection, closing(View(self, connection)) as view:
            yield view

    @contextmanager
    def glance(self) -> Iterator[View]:
        """For one question, which is consistent in itself and needs no transaction around it."""
        with self._refusals(), self.engine.connect() as connection, closing(View(self, connection)) as view:
            yield view

    @contextmanager
    def office(self) -> Iterator[Reading]:
        """Write to people alone: logins, sessions, what waits for a second person."""
        with self._refusals(), self._gate.pass_through():
            with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
                with closing(Reading(self, connection)) as reading:
                    yield reading
                    reading.flush()

    @contextmanager
    def maintenance(self, origin: str) -> Iterator[tuple[Connection, reads.Head]]:
        """A transaction for `rebuild`: the ledger's head locked, refused where acknowledged records are missing."""
        with self._refusals(), self._gate.pass_through():
            with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
                head = reads.head(connection, origin, lock=True)
                yield connection, head
                mended = reads.head(connection, origin)
                why = self.behind(connection, mended)
                if why:
                    raise Refused(Code.LEDGER_READ_ONLY, ledger=origin, why=why)

    def confirm_clock(self) -> int:
        """Note that the operator found the clock right; returns the time confirmed."""
        with self.office() as office:
            directory.clock.confirm(office.people, office.now)
            return office.now

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """A database that does not answer is a refusal with a sentence, not a traceback."""
        try:
            yield
        except PoolTimeout as error:
            raise Refused(Code.DATABASE_BUSY) from error
        except OperationalError as error:
            busy = "locked" in str(error.orig) or "busy" in str(error.orig)
            raise Refused(Code.DATABASE_BUSY if busy else Code.DATABASE_UNAVAILABLE) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Refused(Code.DATABASE_UNAVAILABLE) from error
            raise

    @contextmanager
    def _alarm(self, origin: str) -> Iterator[None]:
        try:
            yield
        except Corrupted as error:
            self.read_only[origin] = str(error)
            raise

    def _remember(self, writer: Writer) -> None:
        """Two roots that one Writer knew belong to one history, whether it is committed or not."""
        head, books = writer.head, writer.books
        before = (head.size, head.root)
        grown = self._grown.get(head.number, ())
        if grown[-1:] != (before,):
            grown = (before,)
        if books.size > head.size:
            grown = (*grown[1 - _MOST_UNMARKED :], (books.size, books.tree.root()))
        self._grown[head.number] = grown

    def _mark(self, writer: Writer) -> None:
        """See the mark on the disk, also when nothing was added: a crash may have kept what the mark does not know, and
        whoever asks again for that is told of it now."""
        self._raise_highwater(writer.head.number, writer.books.origin, writer.books.size, writer.books.tree.root())

    def _raise_highwater(self, number: int, origin: str, size: int, root: bytes) -> None:
        """Refused when it cannot be written: what was committed is kept, and nobody may be told so."""
        try:
            self.highwater.raise_to(number, origin, size, root)
        except OSError as error:
            self._unmarked.add(origin)
            raise Refused(Code.OUTCOME_UNKNOWN, ledger=origin, why=str(error)) from error
        self._unmarked.discard(origin)

    def _guard(self, connection: Connection, head: reads.Head) -> None:
        """Refuse to sign where the books are behind what was once acknowledged, or the clock cannot be right."""
        why = self.stopped(connection, head)
        if why:
            raise Refused(Code.LEDGER_READ_ONLY, ledger=head.origin, why=why)
        self._check_clock(connection, head)
        if head.origin in self._unmarked:
            # Before anything is added, or entries that nobody was told of would pile up while it cannot be written.
            self._raise_highwater(head.number, head.origin, head.size, head.root)

    def stopped(self, connection: Connection, head: reads.Head) -> str | None:
        """Why nothing may be written to this ledger, in words; None when it may."""
        return (
            self.read_only.get(head.origin)
            or self.behind(connection, head)
            or directory.audits.open_fault(connection, head.origin)
        )

    def behind(self, connection: Connection, head: reads.Head) -> str | None:
        """Why the database cannot be the one whose entries were acknowledged, in words; None when it can."""
        mark = self.highwater.read(head.number)
        if mark is None:
            return "the high-water file does not know this ledger"
        if not mark.is_of(head.origin):
            return "the high-water file has another ledger in this place"
        if (head.size, head.root) == (mark.size, mark.root):
            return None
        if head.size < mark.size:
            return f"it has {head.size} records, but {mark.size} were acknowledged (root {mark.root.hex()})"
        grown = self._grown.get(head.number, ())
        if grown[-1:] == ((head.size, head.root),) and (mark.size, mark.root) in grown:
            # The mark is one of ours, on its way behind the commits. The root at the head commits to all before it.
            return None
        if mark.size and reads.root_at(connection, head, mark.size) != mark.root:
            return f"its first {mark.size} records are not those that were acknowledged (root {mark.root.hex()})"
        return None

    def _check_clock(self, connection: Connection, head: reads.Head) -> None:
        now = self.clock()
        if now < head.ms - self.settings.clock_back_minutes * MINUTE_MS:
            raise Refused(Code.CLOCK_WRONG, now=now, newest=head.ms)
        # A quiet week is no leap where this process saw it pass on its steady clock, after a time that was believed.
        trusted_ms, steady = self._trusted
        leap = self.settings.clock_leap_days * DAY_MS
        if now <= trusted_ms + int((time.monotonic() - steady) * 1000) + leap:
            return
        confirmed = directory.clock.confirmed_ms(connection)
        newest = max(reads.newest_ms(connection), confirmed)
        if newest and now > newest + leap:
            raise Refused(Code.CLOCK_WRONG, now=now, newest=newest)
        self._trusted = (now, time.monotonic())

    def log_signer(self, key: Key) -> Signer:
        return self.keyring.signer(key.vkey.name, key.vkey.key_id.hex())

    def signer(self, connection: Connection, head: reads.Head, role: KeyRole) -> Signer:
        """The newest key of this role that is registered, unrevoked, and held by this service."""
        keys = [key for key in reads.keys_of(connection, head, role) if key.until is None]
        for key in sorted(keys, key=lambda key: key.since, reverse=True):
            if self.keyring.holds(key.vkey):
                return self.keyring.signer(key.vkey.name, key.vkey.key_id.hex())
        raise Refused(Code.KEY_UNKNOWN, key=f"{head.origin} {role}")

    def posted(self, work: Work, record: Record, followed: list[Record]) -> Posted:
        """The answer to a write, after the transaction.

        Where its receipt is to be read from the tables it is made at once: so whoever writes first finds what is
        damaged there. Where nothing is read for it, it is made for who asks.
        """
        repeated = record.seq < work.writer.head.size
        make = partial(self._receipt, work, record, [record, *followed])
        posted = Posted(record, tuple(followed), repeated, make)
        memory = self.memories.get(work.writer.head.number)
        if repeated or memory is None or not memory.records:
            posted.receipt  # noqa: B018
        return posted

    def _receipt(self, work: Work, record: Record, made: list[Record]) -> Receipt:
        """Of what is new it is under the head that was signed with it, and nothing is read for it; of what was there
        before under the newest head."""
        memory = self.memories.setdefault(work.writer.head.number, Memory())
        receipt = self._fresh_receipt(work, memory, made)
        if receipt is None:
            try:
                with self._alarm(work.origin), self.view() as view:
                    receipt = reads.receipts(view.connection, view.head(work.origin), [record], memory)[0]
            except Refused as error:
                # It is recorded: only the receipt is not to be had. “Busy, nothing was recorded” would not be true.
                raise Refused(Code.OUTCOME_UNKNOWN, ledger=work.origin, why=str(error)) from error
        return receipt

    def _fresh_receipt(self, work: Work, memory: Memory, made: list[Record]) -> Receipt | None:
        before, checkpoint = work.writer.head, work.checkpoint
        in_order = sorted(made, key=lambda record: record.seq)
        if checkpoint is None or made[0] is not in_order[0]:
            return None
        if [record.seq for record in in_order] != list(range(before.size, checkpoint.size)):
            return None
        return fresh_receipt(memory, before.tree(), in_order, checkpoint, work.books.keys)
