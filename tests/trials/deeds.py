"""What is done to a ledger by those who have its database or a key of the service."""

import shutil
from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.trials.forge import (
    Change,
    Item,
    change_record,
    enter,
    flip_in_file,
    forget,
    rewrite,
    sql,
    stranger_log,
    up_to,
    without,
)
from tests.trials.scene import Scene
from tests.world import HERE
from timebank.access import OPERATOR
from timebank.ledger import SignedIntent, sign, tables
from timebank.services import audits, entries

# Returns why it was refused; None when it was not.
Act: TypeAlias = Callable[[Scene], str | None]
Choose: TypeAlias = Callable[[Scene], Change]

RICHER = "UPDATE accounts SET minutes = minutes + 60 WHERE kind = 'person' AND minutes > 0"
ONE_MORE = (
    "INSERT INTO entries SELECT ledger, seq + 1, id || 'x', kind, ms, hash, record FROM entries "
    "WHERE ledger = 1 AND seq = (SELECT max(seq) FROM entries WHERE ledger = 1)"
)


def changed(entry: str, old: bytes, new: bytes) -> Act:
    """Other bytes in one stored record, its hash beside it as it was."""

    def act(scene: Scene) -> None:
        change_record(scene, getattr(scene.told, entry), lambda raw: _replaced(raw, old, new))

    return act


def _replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert old in raw
    return raw.replace(old, new)


def hashed(entry: str, old: bytes, new: bytes) -> Act:
    """The same, with a hash that fits."""

    def act(scene: Scene) -> None:
        change_record(scene, getattr(scene.told, entry), lambda raw: _replaced(raw, old, new), hashed=True)

    return act


# The number of an entry, as a part of a statement.
_SEQ = "(SELECT seq FROM entries WHERE ledger = 1 AND id = :{})"


def deleted(entry: str) -> Act:
    return sql(f"DELETE FROM entries WHERE ledger = 1 AND id = :{entry}")


def inserted(entry: str) -> Act:
    """The records from an entry on move up by one; a copy of it, under another id, takes the free number."""
    seq = _SEQ.format(entry)
    columns = "ledger, seq - 1, id || 'x', kind, ms, hash, record"
    return sql(
        f"UPDATE entries SET seq = seq + 1000001 WHERE ledger = 1 AND seq >= {seq}",
        "UPDATE entries SET seq = seq - 1000000 WHERE ledger = 1 AND seq > 1000000",
        f"INSERT INTO entries SELECT {columns} FROM entries WHERE ledger = 1 AND id = :{entry}",
    )


def swapped(one: str, other: str) -> Act:
    """Two records change places."""

    def act(scene: Scene) -> None:
        first, second = (scene.record(getattr(scene.told, name)).seq for name in (one, other))
        with scene.owner() as connection:
            for old, new in ((first, 1_000_000), (second, first), (1_000_000, second)):
                entries = tables.entries
                where = (entries.c.ledger == 1) & (entries.c.seq == old)
                connection.execute(entries.update().where(where).values(seq=new))

    return act


def crossed(scene: Scene) -> None:
    """Two entries of the station exchange their signature lines, and all is chained and signed anew."""
    told, log = scene.told, scene.own_key("log")
    rewrite(scene, lambda items: _crossed(items, told.middle, told.between), log=log)


def _crossed(items: list[Item], one: str, other: str) -> list[Item]:
    notes = {it.signed.intent.id: it.signed.note.partition(b"\n\n") for it in items}
    partner = {one: other, other: one}
    return [
        Item(it.ms, replace(it.signed, note=notes[name][0] + b"\n\n" + notes[partner[name]][2]))
        if (name := it.signed.intent.id) in partner
        else it
        for it in items
    ]


def by_log_key(*changes: Choose) -> Act:
    """The database and the log key, no other."""

    def act(scene: Scene) -> None:
        for change in changes:
            rewrite(scene, change(scene), log=scene.own_key("log"))

    return act


def by_all_keys(*changes: Choose) -> Act:
    """Every key of the service, the high-water file, and the audits that the service kept."""

    def act(scene: Scene) -> None:
        for change in changes:
            rewrite(scene, change(scene), log=scene.own_key("log"), system=scene.own_key("system-1"))
        forget(scene)

    return act


def left_out(*entries: str) -> Choose:
    return lambda scene: without(*(getattr(scene.told, entry) for entry in entries))


def cut_at(entry: str) -> Choose:
    return lambda scene: up_to(getattr(scene.told, entry))


def without_log_key(change: Choose) -> Act:
    """All rows fit, but the head is signed by a key that only has the log's name."""

    def act(scene: Scene) -> None:
        rewrite(scene, change(scene), log=stranger_log(scene))

    return act


def restored(*, with_marks: bool) -> Act:
    """The whole database as it was before the receipt; `with_marks`: the high-water file too."""

    def act(scene: Scene) -> None:
        scene.close()
        for leftover in scene.folder.glob("timebank.db-*"):
            leftover.unlink()
        for name in ("timebank.db", "highwater") if with_marks else ("timebank.db",):
            shutil.copy(scene.folder / "backup" / name, scene.folder / name)

    return act


def then(*acts: Act) -> Act:
    def act(scene: Scene) -> None:
        for one in acts:
            one(scene)
            scene.reopen()

    return act


def goes_on(scene: Scene) -> None:
    """The service records other visits, as many as it takes to have more than anybody saw."""
    for _ in range(4):
        scene.world.record("daughter", "chen", minutes=30)


def device_sees(scene: Scene) -> None:
    """A device hands in an entry that says which head it saw; the device's key is not the service's."""
    head = scene.head()
    note = scene.device_service(seen=(head.size, head.root.hex())).note
    (outcome,) = entries.submit(scene.world.bank, HERE, [note])
    assert outcome.declined is None


def two_heads(scene: Scene) -> None:
    """To one the books without the last entry of `middle`'s sort, to another with it: each is sound by itself."""
    first = scene.head()
    by_all_keys(left_out("older"))(scene)
    scene.reopen()
    scene.world.record("daughter", "chen", minutes=30)
    second = scene.head()
    assert first.checkpoint is not None
    assert second.checkpoint is not None
    assert first.size == second.size
    assert first.root != second.root
    log = scene.own_key("log").vkey
    # Anybody can check this with the two notes and the log's public key alone: it proves that the operator lied.
    assert first.checkpoint.is_signed_by(log)
    assert second.checkpoint.is_signed_by(log)


def dated(entry: str, shift_ms: int) -> Choose:
    """Another time on the record of an entry."""

    def change(scene: Scene) -> Change:
        wanted = getattr(scene.told, entry)
        return lambda items: [
            Item(one.ms + shift_ms, one.signed) if one.signed.intent.id == wanted else one for one in items
        ]

    return change


def forget_all(scene: Scene) -> None:
    forget(scene)


def mint(scene: Scene) -> None:
    """A thousand hours for a friend, signed by the station, which the service's key can always do."""
    station = scene.own_key("station-1")
    before = scene.head().size
    with scene.world.bank.work(scene.origin) as work:
        work.append(scene.service(station, 1440))
        grant = scene.intent("grant", ("issue", scene.account("li"), 60_000), by=station, body={"reason": "hardship"})
        work.append(sign(grant, station, scene.own_key("lead-1")))
    report = audits.verify(scene.world.bank, OPERATOR, HERE)
    # It is listed, with who signed it.
    assert {before, before + 1} <= set(report.signed[station.name, station.vkey.key_id])
    listed = audits.overview(scene.world.bank, OPERATOR, HERE).records
    assert {record.intent.by for record in listed[:2]} == {station.name}


def rotted(scene: Scene) -> None:
    """A bit on the disk, in the middle of a record."""
    raw = scene.record(scene.told.middle).raw
    scene.close()
    flip_in_file(scene.folder / "timebank.db", raw)


def rotted_hash(scene: Scene) -> None:
    """A bit of the hash beside a record."""
    record = scene.record(scene.told.middle)
    with scene.owner() as connection:
        wrong = bytes([record.hash[0] ^ 1]) + record.hash[1:]
        where = (tables.entries.c.ledger == 1) & (tables.entries.c.seq == record.seq)
        connection.execute(tables.entries.update().where(where).values(hash=wrong))


def entered(*makes: Callable[[Scene], SignedIntent], index: bool = True) -> Act:
    """The operator enters past the rules what the service would refuse, and signs the head; the mark is set."""

    def act(scene: Scene) -> None:
        if not index:
            drop_index(scene)
        enter(scene, *(make(scene) for make in makes))
        forget(scene)

    return act


def drop_index(scene: Scene) -> None:
    """The table of entries once more, without its keys and indexes (SQLite)."""
    with scene.owner() as connection:
        for statement in (
            "CREATE TABLE copy AS SELECT * FROM entries",
            "DROP TABLE entries",
            "ALTER TABLE copy RENAME TO entries",
        ):
            connection.exec_driver_sql(statement)


def as_service(statement: str) -> Act:
    """With the rights of the running service, as a fault in its program would."""

    def act(scene: Scene) -> str | None:
        try:
            with scene.world.bank.engine.begin() as connection:
                connection.execute(text(statement))
        except DBAPIError as error:
            return str(error.orig)
        return None

    return act


def own_key_in_table(scene: Scene) -> str | None:
    """A row for a key of one's own, and then an entry signed with it, handed in like any other."""
    key = scene.key("stranger-1").vkey
    row = {"ledger": 1, "name": key.name, "key_id": key.key_id, "public": key.public, "role": "station", "since": 3}
    with scene.owner() as connection:
        connection.execute(tables.keys.insert().values(**row))
    scene.reopen()
    (outcome,) = entries.submit(scene.world.bank, HERE, [scene.service(scene.key("stranger-1")).note])
    return None if outcome.declined is None else outcome.declined.code.value


def pair_left_out(accept: Callable[[Scene], SignedIntent], *, keep_pairs: bool) -> Act:
    """Of two entries about a peer the first disappears, everything is signed anew, and the mark is set."""

    def act(scene: Scene) -> None:
        with scene.world.bank.work(scene.origin) as work:
            first = work.append(accept(scene))
            work.append(scene.send())
        log, system = scene.own_key("log"), scene.own_key("system-1")
        rewrite(scene, without(first.id), log=log, system=system, keep_pairs=keep_pairs)
        forget(scene)

    return act
