"""Make the golden vectors and the kind table of FORMAT.md from the program; `--check` only compares.

The keys are derived from their names (see tests/ledger/cast.py), so the same bytes come out every time.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, create_engine

from tests.ledger.cast import (
    ADMINS,
    DEVICE,
    LEAD,
    LOG,
    MEMBER,
    ORIGIN,
    PEER,
    START_MS,
    STATION,
    SYSTEM,
    Desk,
    account,
    found,
    log_signer,
    seed,
    signer,
)
from timebank.ledger import (
    KINDS,
    NO_HASH,
    Checkpoint,
    Declined,
    Intent,
    Move,
    Record,
    Replay,
    SignedIntent,
    Signer,
    Writer,
    decision_id,
    moves_to_reverse,
    reads,
    sign,
    state_digest,
    text_hash,
)
from timebank.ledger.entry import seal
from timebank.ledger.exports import export
from timebank.ledger.kinds import Kind, Signers
from timebank.ledger.merkle import Frontier
from timebank.ledger.tables import metadata

HERE = Path(__file__).parent
FORMAT = HERE.parent.parent / "timebank" / "ledger" / "FORMAT.md"
TODAY = "2026-09-21"


class Story:
    """One ledger in which every kind of entry occurs."""

    def __init__(self, connection: Connection) -> None:
        self.desk = Desk()
        self.records = found(connection, self.desk)
        self.connection = connection
        self.writer = Writer(connection, ORIGIN, START_MS + 60_000)
        self.desk.ms = START_MS + 60_000

    def add(self, signed: SignedIntent) -> Record:
        self.records.append(self.writer.append(signed))
        return self.records[-1]

    def system(self, kind: str, *moves: tuple[str, str, int], **fields: Any) -> Record:
        return self.add(sign(self.desk.intent(kind, *moves, by=SYSTEM.name, **fields), SYSTEM))

    def two(self, kind: str, *moves: tuple[str, str, int], first: Signer, second: Signer, **fields: Any) -> Record:
        return self.add(sign(self.desk.intent(kind, *moves, by=first.name, **fields), first, second))

    def tell(self) -> None:
        self.people()
        self.services()
        self.given()
        self.orders()
        self.corrections()
        self.neighbours()
        self.housekeeping()

    def people(self) -> None:
        desk = self.desk
        for name in ("li", "wang", "zhao", "gone"):
            self.add(desk.open(name))
        self.add(desk.open("canteen", "provider"))
        self.add(desk.open("students", "group"))
        self.add(desk.key(DEVICE, "device", LEAD, ADMINS[0]))
        self.add(desk.key(MEMBER, "member", account=account("wang")))
        self.two(
            "opening",
            ("issue", account("wang"), 600),
            first=ADMINS[0],
            second=ADMINS[1],
            id=f"{account('wang')}.opening",
            body={"source": "ab" * 32, "before": "timebank.example/old", "before-size": 77},
        )

    def services(self) -> None:
        desk = self.desk
        self.credit = self.add(desk.service("li", "wang", 90, TODAY, start=540, end=640))
        self.add(desk.service("zhao", "wang", 30, TODAY, payer=account("wang"), confirmed="clerk", reason="no-card"))
        body = desk.served("zhao", "li", 20, TODAY, credited=0, uncredited="below-step")
        self.add(sign(desk.intent("service", body=body, memo="5a" * 32), STATION))
        group = desk.served("students", "li", 120, TODAY)
        self.add(sign(desk.intent("service", ("issue", "fund", 120), body=group), STATION))
        self.writer.flush(log_signer)
        head = reads.head(self.connection, ORIGIN)
        self.writer = Writer(self.connection, ORIGIN, desk.ms + 1)
        seen = (head.size, head.root.hex())
        first = desk.service("li", "zhao", 60, TODAY, signer=DEVICE, device=(1, NO_HASH), seen=seen, confirmed="code")
        second = desk.service("li", "zhao", 30, TODAY, signer=DEVICE, device=(2, text_hash(first.note)))
        self.add(first)
        self.late = desk.service("zhao", "wang", 45, TODAY, signer=DEVICE, device=(3, text_hash(second.note)))
        self.add(second)
        self.system(
            "overflow", (account("li"), "fund", 15), id=f"{second.intent.id}.overflow", ref=second.intent.id,
            body={"cap": "day"},
        )  # fmt: skip

    def given(self) -> None:
        desk = self.desk
        self.add(desk.gift("wang", "zhao", 40))
        move = (account("wang"), "fund", 25)
        self.add(sign(desk.intent("donate", move, by=MEMBER.name, body={"reason": "gift"}), MEMBER))
        self.two("grant", ("fund", account("li"), 35), first=STATION, second=LEAD, body={"reason": "hardship"})
        self.add(sign(desk.intent("retire", (account("zhao"), "issue", 5), body={"reason": "own-wish"}), STATION))
        self.system(
            "expire", (account("zhao"), "fund", 5), id=f"{account('zhao')}.expire.2026-08", body={"month": "2026-08"}
        )

    def orders(self) -> None:
        desk = self.desk
        wang, li = account("wang"), account("li")
        paid = self.add(desk.hold(wang, "wang", 120, on_behalf=li))
        self.settled = self.add(desk.settle(paid.id, "zhao", "wang", 90, wang, 30, TODAY))
        unpaid = self.add(desk.hold("fund", "wang", 30))
        self.add(desk.release(unpaid.id, "fund", 30))
        bought = self.add(desk.hold(wang, "wang", 60))
        body = desk.served("canteen", "wang", 60, TODAY)
        move = ("held:orders", "issue", 60)
        self.add(sign(desk.intent("settle", move, id=f"{bought.id}.outcome", ref=bought.id, body=body), STATION))
        self.open_hold = self.add(desk.hold(wang, "wang", 45))
        self.fund_hold = self.add(desk.hold("fund", "wang", 30))

    def corrections(self) -> None:
        desk = self.desk
        for original in (self.credit, self.settled):
            if original is self.credit:
                self.add(desk.gift("li", "zhao", self.writer.books.account(account("li")).minutes - 20))
            moves = moves_to_reverse(self.writer.books, original)
            self.add(desk.reverse(original.id, *((move.source, move.target, move.minutes) for move in moves)))
        again = self.add(desk.service("li", "wang", 60, TODAY))
        debt = "debt:" + account("li").partition(":")[2]
        self.system("repay", (account("li"), debt, 60), id=f"{again.id}.repay", ref=again.id)

    def neighbours(self) -> None:
        sent, back = self.send(50), self.send(20)
        self.system(
            "sent", (f"held:{PEER}", f"due:{PEER}", 50), id=sent.id.replace(".hold", ".outcome"), ref=sent.id,
            body={"peer": PEER, "accept": "cd" * 32},
        )  # fmt: skip
        self.system(
            "returned", (f"held:{PEER}", account("wang"), 20), id=back.id.replace(".hold", ".outcome"), ref=back.id,
            body={"peer": PEER, "refuse": "ce" * 32},
        )  # fmt: skip
        transfer = self.desk.uuid()
        body = {"peer": PEER, "transfer": transfer, "offer": "da" * 32}
        self.system("accept", (f"due:{PEER}", account("zhao"), 80), id=decision_id(PEER, transfer), body=body)
        transfer = self.desk.uuid()
        body = {"peer": PEER, "transfer": transfer, "offer": "db" * 32, "reason": "over-cap"}
        self.system("refuse", id=decision_id(PEER, transfer), body=body)
        books = self.writer.books
        cut: dict[str, Any] = {"size": books.size, "root": books.tree.root().hex(), "peer-size": 12}
        cut |= {"peer-root": "ef" * 32}
        sums = {"due": -30, "peer-due": 30, "in-flight": 0}
        agreed = {"peer": PEER, "day": TODAY, "result": "agree"}
        self.system("recon", id=f"recon.{PEER}.{TODAY}", body=cut | sums | agreed)

    def send(self, minutes: int) -> Record:
        desk = self.desk
        body = {"peer": PEER, "payee": account("mother"), "deadline": desk.ms + 86_400_000, "reason": "parent"}
        move = (account("wang"), f"held:{PEER}", minutes)
        return self.add(sign(desk.intent("send", move, id=f"{desk.uuid()}.hold", body=body), STATION))

    def housekeeping(self) -> None:
        desk = self.desk
        books = self.writer.books
        replay = Replay(ORIGIN)
        for record in self.records:
            replay.enter(record.raw)
        made = state_digest(replay.books)
        body: dict[str, Any] = {"day": TODAY, "size": books.size, "root": books.tree.root().hex(), "state": made}
        self.system("seal", id=f"seal.{TODAY}", body=body)
        revoked = {"action": "revoke", "vkey": str(DEVICE.vkey), "role": "device", "compromised-from": books.size}
        self.two("key", first=LEAD, second=ADMINS[0], body=revoked)
        # Signed by the device before it was revoked, handed in afterwards, countersigned by the lead.
        self.add(sign(self.late.intent, DEVICE, LEAD))
        close = {"account": account("gone"), "reason": "moved"}
        self.add(sign(desk.intent("close", id=f"{account('gone')}.close", body=close), STATION))
        self.system("erase", body={"count": 1})
        self.add(desk.policy(2, "2026-10-01"))
        new = Signer(ORIGIN, seed(ORIGIN + " next"))
        self.add(desk.key(new, "log"))

    def end(self) -> None:
        body = {"reason": "merged", "next": PEER}
        self.two("end", first=ADMINS[0], second=ADMINS[1], id="end", body=body)


def bad_entries(story: Story) -> list[tuple[str, SignedIntent]]:
    """For each rule of FORMAT.md an entry that breaks it and nothing else, as the next one of the story."""
    desk = story.desk
    li, wang, zhao = account("li"), account("wang"), account("zhao")

    def changed(base: SignedIntent, *signers: Signer, **fields: Any) -> SignedIntent:
        return sign(replace(base.intent, **fields), *(signers or (STATION,)))

    def service(day: str = TODAY, **body: Any) -> SignedIntent:
        return _with_body(desk.service("li", "wang", 30, day), **body)

    hold = story.open_hold.id
    plain = service()
    cases: list[tuple[str, SignedIntent]] = [
        ("another ledger's entry", changed(plain, ledger=PEER)),
        ("a second genesis", desk.genesis()),
        ("an unregistered key", changed(plain, signer("timebank.example/x"), by="timebank.example/x")),
        ("a key that was revoked", changed(plain, DEVICE, by=DEVICE.name, device=(4, text_hash(story.late.note)))),
        ("a log key signs an entry", changed(plain, Signer(ORIGIN, seed(ORIGIN + " next")), by=ORIGIN)),
        ("the wrong role", changed(plain, ADMINS[0], by=ADMINS[0].name)),
        ("a reversal by one", changed(story.desk.reverse(plain.intent.id), STATION)),
        ("the same key twice", changed(desk.policy(3, "2026-11-01"), ADMINS[0], ADMINS[0])),
        ("one signature too many", changed(plain, STATION, LEAD)),
        ("by is not the first key", changed(plain, LEAD)),
        ("at is in the future", changed(plain, at=desk.ms + 400_000)),
        ("a head that never was", changed(plain, seen=(5, "77" * 32))),
        ("a head beyond the end", changed(plain, seen=(story.writer.books.size + 1, "77" * 32))),
        ("a device field without a device", changed(plain, device=(1, NO_HASH))),
        ("a day in the future", service(day="2026-09-22")),
        ("a day before the policy", service(day="2026-09-20")),
        ("policy version out of order", desk.policy(4, "2026-11-01")),
        ("policy from a day that is over", desk.policy(3, "2026-09-30")),
        ("an account never opened", desk.service("nobody", "wang", 30, TODAY)),
        ("a served account never opened", desk.service("li", "nobody", 30, TODAY)),
        ("a closed account", desk.service("gone", "wang", 30, TODAY)),
        ("on behalf of an unknown account", changed(plain, on_behalf=account("nobody"))),
        ("an account opened twice", desk.open("li", "group")),
        ("closed while not empty", _close(desk, "wang")),
        ("closed twice", changed(_close(desk, "gone"), at=desk.ms + 1)),
        ("serves oneself", desk.service("li", "li", 30, TODAY)),
        ("a provider earns", desk.service("canteen", "wang", 30, TODAY)),
        ("a group's member earns", sign(replace(plain.intent, body=desk.served("students", "wang", 30, TODAY),
                                        moves=(Move("issue", account("students"), 30),)), STATION)),
        ("credited is not what moves", service(credited=31)),
        ("credited without a reason why not", sign(replace(plain.intent, moves=(),
                                                   body=desk.served("li", "wang", 30, TODAY, credited=0)), STATION)),
        ("uncredited and credited", service(uncredited="duty")),
        ("start without end", service(start=540)),
        ("end before start", service(start=540, end=540)),
        ("longer than from start to end", service(start=540, end=560)),
        ("a clerk confirms without a reason", service(confirmed="clerk")),
        ("a reason where nobody asked", service(reason="no-card")),
        ("an unknown body field", service(name="x")),
        ("a missing body field", service(catalogue=None)),
        ("a day that does not exist", service(day="2026-02-30")),
        ("served twice in the list", service(served=[wang, wang])),
        ("minutes of no day", service(minutes=1441)),
        ("an id of no kind", changed(plain, id="0199")),
        ("a UUID of version 4", changed(plain, id="0199000000004000800000000000ffff")),
        ("a squatted derived id", changed(plain, id=f"{plain.intent.id}.reverse")),
        ("an id used before", changed(plain, id=story.credit.id)),
        ("a reference where none belongs", changed(plain, ref=story.credit.id)),
        ("overdraft of a member", desk.gift("li", "zhao", 1_000_000)),
        ("overdraft of the fund", desk.hold("fund", "wang", 1_000_000)),
        ("the wrong class of account", changed(plain, moves=(Move("held:orders", li, 30),))),
        ("a gift to oneself", desk.gift("li", "li", 5)),
        ("an account of no class", changed(plain, moves=(Move("bank", li, 30),))),
        ("settle of an unknown hold", desk.settle(desk.uuid(), "zhao", "wang", 45, wang, 0, TODAY)),
        ("settle of a finished hold", desk.settle(story.settled.intent.ref or "", "zhao", "li", 120, wang, 0, TODAY)),
        ("settle of less than the hold", desk.settle(hold, "zhao", "wang", 40, wang, 0, TODAY)),
        ("settle of more than the hold", desk.settle(hold, "zhao", "wang", 50, wang, 0, TODAY)),
        ("settle gives the rest to another", desk.settle(hold, "zhao", "wang", 40, li, 5, TODAY)),
        ("settle for another order", _with_body(desk.settle(hold, "zhao", "wang", 45, wang, 0, TODAY), order="0" * 32)),
        ("release to another", desk.release(hold, li, 45)),
        ("release of a part", desk.release(hold, wang, 44)),
        ("reversal of an unknown entry", desk.reverse(desk.uuid(), (li, "issue", 30))),
        ("reversal of a hold", desk.reverse(hold, (wang, "issue", 45))),
        ("reversed twice", desk.reverse(story.credit.id, (li, "issue", 90))),
        ("reversed in part", desk.reverse(story.late.intent.id, (zhao, "issue", 44))),
        ("overflow of more than was credited", _system(desk, "overflow", (zhao, "fund", 46),
            id=f"{story.late.intent.id}.overflow", ref=story.late.intent.id, body={"cap": "day"})),
        ("overflow of another's credit", _system(desk, "overflow", (wang, "fund", 5),
            id=f"{story.late.intent.id}.overflow", ref=story.late.intent.id, body={"cap": "day"})),
        ("repay without a debt", _system(desk, "repay", (zhao, "debt:" + zhao[7:], 5),
            id=f"{story.late.intent.id}.repay", ref=story.late.intent.id)),
        ("repay another's debt", _system(desk, "repay", (zhao, "debt:" + li[7:], 5),
            id=f"{story.late.intent.id}.repay", ref=story.late.intent.id)),
        ("a decision under a squatted id", _system(desk, "accept", (f"due:{PEER}", zhao, 5), id="0" * 64 + ".decision",
            body={"peer": PEER, "transfer": desk.uuid(), "offer": "da" * 32})),
        ("a transfer to oneself", sign(desk.intent("send", (wang, f"held:{ORIGIN}", 5), id=f"{desk.uuid()}.hold",
            body={"peer": ORIGIN, "payee": li, "deadline": 1, "reason": "parent"}), STATION)),
        ("a transfer to another peer than it says", sign(desk.intent("send", (wang, f"held:{PEER}", 5),
            id=f"{desk.uuid()}.hold", body={"peer": PEER + "x", "payee": li, "deadline": 1, "reason": "parent"}),
            STATION)),
        ("a member key releases another's hold", changed(desk.release(story.fund_hold.id, "fund", 30), MEMBER,
            by=MEMBER.name)),
        ("a member key acts for another", changed(desk.gift("wang", "zhao", 1), MEMBER, by=MEMBER.name, on_behalf=li)),
        ("a key named as the ledger", desk.key(Signer(ORIGIN, seed("third")), "station")),
        ("compromised before it was added", _with_body(desk.key(signer("timebank.example/z"), "station"),
            **{"compromised-from": 1})),
        ("a reconciliation at a head that never was", _system(desk, "recon", id=f"recon.{PEER}.2026-09-20",
            body={"peer": PEER, "day": "2026-09-20", "size": 3, "root": "ee" * 32, "peer-size": 1,
                  "peer-root": "ee" * 32, "due": 0, "peer-due": 0, "in-flight": 0, "result": "agree"})),
        ("a member key moves another's minutes", changed(desk.gift("li", "zhao", 1), MEMBER, by=MEMBER.name)),
        ("a key registered twice", desk.key(STATION, "lead")),
        ("a second public key under one name", desk.key(Signer(STATION.name, seed("other")), "station")),
        ("a member key without an account", desk.key(signer("timebank.example/m"), "member")),
        ("a small-order key", _with_body(desk.key(signer("timebank.example/y"), "station"), vkey=_small_vkey())),
        ("a device key by admins", desk.key(signer("timebank.example/d"), "device")),
        ("too few admins are left", _revoke(desk, ADMINS[1], "admin")),
        ("the newest log key is revoked", _revoke(desk, Signer(ORIGIN, seed(ORIGIN + " next")), "log")),
        ("the seal of another size", _system(desk, "seal", id="seal.2026-09-22",
            body={"day": "2026-09-22", "size": 3, "root": "00" * 32, "state": "0f" * 32})),
    ]  # fmt: skip
    return cases


def _close(desk: Desk, name: str) -> SignedIntent:
    body = {"account": account(name), "reason": "moved"}
    return sign(desk.intent("close", id=f"{account(name)}.close", body=body), STATION)


def _with_body(base: SignedIntent, **more: Any) -> SignedIntent:
    known = {key.name: key for key in (STATION, *ADMINS)}
    signers = (known[vkey.name] for vkey in base.vkeys)
    body = {key: value for key, value in (dict(base.intent.body) | more).items() if value is not None}
    return sign(replace(base.intent, body=body), *signers)


def _system(desk: Desk, kind: str, *moves: tuple[str, str, int], **fields: Any) -> SignedIntent:
    return sign(desk.intent(kind, *moves, by=SYSTEM.name, **fields), SYSTEM)


def _revoke(desk: Desk, key: Signer, role: str) -> SignedIntent:
    body = {"action": "revoke", "vkey": str(key.vkey), "role": role}
    return sign(desk.intent("key", by=ADMINS[0].name, body=body), *ADMINS)


def _small_vkey() -> str:
    """A vkey whose point is the identity."""
    name, public = "timebank.example/y", (1).to_bytes(32, "little")
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return f"{name}+{key_id.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"


def forced(story: Story, signed: SignedIntent) -> tuple[Record, Checkpoint]:
    """What an operator who ignores the rules would store: the entry sealed as it is, and a head that covers it."""
    books = story.writer.books
    served = signed.intent.kind in ("service", "settle")
    policy = books.policy_on(signed.intent.body["day"] if served else books.day_of(story.writer.ms))
    record = seal(
        signed,
        seq=books.size,
        ms=story.writer.ms,
        prev=books.last_hash,
        policy=policy.version if policy else None,
        pair=_forced_pair(story, signed.intent),
    )
    tree = Frontier(books.size, list(books.tree.hashes))
    tree.append(record.hash)
    return record, Checkpoint.issue(ORIGIN, tree.size, tree.root(), Signer(ORIGIN, seed(ORIGIN + " next")))


def _forced_pair(story: Story, intent: Intent) -> tuple[str, int, str] | None:
    return story.writer.books.pair_for(intent) if "peer" in intent.body else None


def vectors() -> dict[str, bytes]:
    """Every file of vectors, by name."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    made: dict[str, bytes] = {}
    with engine.begin() as connection:
        story = Story(connection)
        story.tell()
        story.writer.flush(log_signer_next)
        made["ledger.export"] = _exported(connection)
        head = reads.head(connection, ORIGIN)
        wanted = [story.credit, story.settled, reads.record_by_id(connection, head, story.late.intent.id)]
        for name, receipt in zip(
            ("service", "settle", "device"), reads.receipts(connection, head, wanted), strict=True
        ):
            made[f"{name}.tlog-proof"] = receipt.to_bytes()
        story.writer = Writer(connection, ORIGIN, story.writer.ms + 1)
        made["refused.json"] = _refused(story)
        story.writer = Writer(connection, ORIGIN, story.writer.ms)
        story.end()
        story.writer.flush(log_signer_next)
        made["ended.export"] = _exported(connection)
    return made


def log_signer_next(key: Any) -> Signer:
    return LOG if key.vkey == LOG.vkey else log_signer(key)


def _exported(connection: Connection) -> bytes:
    head = reads.head(connection, ORIGIN)
    assert head.checkpoint is not None
    return b"".join(export(reads.raw_records(connection, head), head.checkpoint))


def _refused(story: Story) -> bytes:
    rows = []
    for name, signed in bad_entries(story):
        record, checkpoint = forced(story, signed)
        row = {"name": name, "code": _code(story, signed), "seq": record.seq}
        row |= {key: base64.b64encode(value).decode() for key, value in
                (("note", signed.note), ("record", record.raw), ("checkpoint", checkpoint.note))}  # fmt: skip
        rows.append(row)
    return json.dumps(rows, indent=1).encode() + b"\n"


def _code(story: Story, signed: SignedIntent) -> str:
    try:
        story.writer.append(signed)
    except Declined as error:
        return error.code.value
    raise AssertionError(f"nothing refuses {signed.intent}")


def kind_table() -> str:
    """The rows of FORMAT.md §7."""
    rows = ["| kind | signed by | id | ref | moves | body |", "|---|---|---|---|---|---|"]
    rows += [_kind_row(name, kind) for name, kind in KINDS.items()]
    return "\n".join(rows)


def _kind_row(name: str, kind: Kind) -> str:
    legs = ", ".join(f"{source} → {target}" for source, target in sorted(kind.legs)) or "–"
    count = (
        ""
        if not kind.legs
        else (f"{kind.moves[0]}: " if kind.moves[0] == kind.moves[1] else f"{kind.moves[0]}–{kind.moves[1]}: ")
    )
    fields = [f"`{key}`: {grammar.name}" for key, grammar in kind.required.items()]
    fields += [f"`{key}`?: {grammar.name}" for key, grammar in kind.optional.items()]
    cells = [f"**{name}**", _signers(kind.signers), f"`{kind.ids}`", f"`{kind.ref}`" if kind.ref else "–"]
    return (
        "| " + " | ".join(cell.replace("|", "\\|") for cell in [*cells, count + legs, "; ".join(fields) or "–"]) + " |"
    )


def _signers(signers: Signers) -> str:
    if signers.quorum:
        return "quorum"
    return ", then ".join(" or ".join(sorted(line)) for line in signers.lines)


def format_page(page: str) -> str:
    """FORMAT.md with the kind table put in."""
    start, end = page.index("from the kind table -->\n"), page.index("<!-- end of kinds -->")
    return page[: start + len("from the kind table -->\n")] + "\n" + kind_table() + "\n\n" + page[end:]


def main(check: bool) -> int:
    files: list[tuple[Path, bytes]] = [(HERE / name, data) for name, data in vectors().items()]
    files.append((FORMAT, format_page(FORMAT.read_text()).encode()))
    stale = [path for path, data in files if not path.exists() or path.read_bytes() != data]
    write: Callable[[Path, bytes], object] = (lambda path, data: None) if check else Path.write_bytes
    for path, data in files:
        write(path, data)
    for path in stale:
        print(f"{'differs' if check else 'written'}: {path.name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
