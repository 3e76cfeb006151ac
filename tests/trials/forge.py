"""The tools of those who tamper: change rows, or write a whole ledger anew with what keys they have."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, text

from tests.ledger.cast import seed
from tests.trials.scene import Scene
from timebank.ledger import NO_HASH, Record, SignedIntent, Signer, Writer, leaf_hash, reads, sign, state_digest, tables
from timebank.ledger.entry import seal
from timebank.ledger.merkle import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a ledger that is written anew, and the time that is put on it."""

    ms: int
    signed: SignedIntent
    pair: tuple[str, int, str] | None = None  # what the record said of its pair's chain


def item(record: Record) -> Item:
    return Item(record.ms, SignedIntent(record.intent, record.note, ()), record.pair)


Change = Callable[[list[Item]], list[Item]]


def without(*entries: str) -> Change:
    """Leaves entries out."""
    return lambda items: [one for one in items if one.signed.intent.id not in entries]


def up_to(entry: str) -> Change:
    """Cuts off an entry and all that follow."""

    def cut(items: list[Item]) -> list[Item]:
        place = next(at for at, one in enumerate(items) if one.signed.intent.id == entry)
        return items[:place]

    return cut


def force(writer: Writer, signed: SignedIntent, pair: tuple[str, int, str] | None = None) -> Record:
    """Enter what the rules would not let in, with the stamps that the rules ask for; `pair`: with this one instead."""
    writer.prepare([signed])
    books, intent = writer.books, signed.intent
    day = str(intent.body["day"]) if intent.kind in ("service", "settle") else books.day_of(writer.ms)
    policy = books.policy_on(day)
    record = seal(
        signed,
        seq=books.size,
        ms=writer.ms,
        prev=books.last_hash,
        policy=None if policy is None else policy.version,
        pair=pair or books.pair_for(intent),
    )
    writer._lines += books.apply(record)
    books.entries[record.id] = record.raw
    writer._records.append(record)
    return record


def rewrite(
    scene: Scene, change: Change, *, log: Signer, system: Signer | None = None, keep_pairs: bool = False
) -> None:
    """The whole ledger anew after a change, every derived row with it, under a head signed by `log`.

    With the `system` key also the seals are made to fit; without it they stay as they were signed.
    """
    items = change([item(record) for record in scene.records()])
    with scene.owner() as connection:
        head = reads.head(connection, scene.origin)
        _wipe(connection, head)
        writer = Writer(connection, scene.origin, 0)
        for one in items:
            writer.ms = one.ms
            is_seal = one.signed.intent.kind == "seal"
            signed = _sealed(writer, one.signed, system) if is_seal and system else one.signed
            force(writer, signed, one.pair if keep_pairs else None)
        writer.flush(lambda _key: log)


def _sealed(writer: Writer, signed: SignedIntent, system: Signer) -> SignedIntent:
    books = writer.books
    made = {"size": books.size, "root": books.tree.root().hex(), "state": state_digest(books)}
    return sign(replace(signed.intent, body=dict(signed.intent.body) | made), system)


def _wipe(connection: Connection, head: reads.Head) -> None:
    for table in (*tables.APPEND_ONLY, *tables.DERIVED):
        connection.execute(table.delete().where(table.c.ledger == head.number))
    empty: dict[str, Any] = {"size": 0, "ms": 0, "hash": bytes.fromhex(NO_HASH), "root": EMPTY_ROOT, "frontier": b""}
    connection.execute(tables.ledgers.update().where(tables.ledgers.c.id == head.number).values(**empty))


def enter(scene: Scene, *entries: SignedIntent) -> None:
    """The operator enters entries past every rule, and signs the head."""
    with scene.owner() as connection:
        writer = Writer(connection, scene.origin, scene.world.clock.ms)
        for signed in entries:
            force(writer, signed)
        writer.flush(scene.world.bank.log_signer)


def forget(scene: Scene) -> None:
    """What the operator does after a deed: the high-water mark is set to what is there, the audits kept are gone."""
    with scene.owner() as connection:
        connection.execute(text("DELETE FROM audits"))
        head = reads.head(connection, scene.origin)
    scene.world.bank.highwater.replace(head.number, head.origin, head.size, head.root)


def stranger_log(scene: Scene) -> Signer:
    """A key under the log's name that is not the log's."""
    return Signer(scene.origin, seed("not the log"))


def sql(*statements: str) -> Callable[[Scene], None]:
    """As the owner of the tables. `:older` and the other entries of the story, `:li`, `:zhao` may be used."""

    def act(scene: Scene) -> None:
        known = {name: getattr(scene.told, name) for name in ("older", "middle", "between", "newer", "held", "hold")}
        known |= {name: scene.account(name) for name in ("li", "zhao", "wang")}
        known |= {"origin": scene.origin}
        with scene.owner() as connection:
            for statement in statements:
                connection.execute(text(statement), {k: v for k, v in known.items() if f":{k}" in statement})

    return act


def change_record(scene: Scene, entry: str, change: Callable[[bytes], bytes], *, hashed: bool = False) -> None:
    """The bytes of one stored record; with `hashed` also the hash beside it."""
    record = scene.record(entry)
    raw = change(record.raw)
    value = leaf_hash(raw) if hashed else record.hash
    with scene.owner() as connection:
        entries = tables.entries
        where = (entries.c.ledger == scene.head().number) & (entries.c.seq == record.seq)
        connection.execute(entries.update().where(where).values(record=raw, hash=value))


def flip_in_file(path: Path, known: bytes) -> None:
    """One bit of the database's file, in the middle of these bytes."""
    data = bytearray(path.read_bytes())
    data[data.index(known) + len(known) // 2] ^= 4
    path.write_bytes(data)
