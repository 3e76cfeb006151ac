"""A ledger to play with: fixed keys, a hand-moved clock, and one short verb for each kind of entry."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from timebank.ledger import Code, Intent, Move, Record, Refused, SignedIntent, Signer, Writer, create, sign
from timebank.ledger.books import Key

ORIGIN = "timebank.example/c/520302001001"
PEER = "timebank.example/c/520302001002"
START_MS = 1_790_000_000_000  # 2026-09-21 in Shanghai
DAY_MS = 86_400_000
OFFSET = 480


def seed(name: str) -> bytes:
    """A private key that is the same in every run. For tests only."""
    return hashlib.sha256(b"timebank test key " + name.encode()).digest()


def signer(name: str) -> Signer:
    return Signer(name, seed(name))


LOG = signer(ORIGIN)
SYSTEM = signer(f"{ORIGIN}/system-1")
STATION = signer(f"{ORIGIN}/station-1")
LEAD = signer(f"{ORIGIN}/lead-1")
DEVICE = signer(f"{ORIGIN}/device-1")
MEMBER = signer(f"{ORIGIN}/member-1")
ADMINS = (signer("timebank.example/admin-1"), signer("timebank.example/admin-2"))


def account(name: str) -> str:
    return "member:" + hashlib.sha256(name.encode()).hexdigest()[:32]


def uuid(number: int) -> str:
    """A well-formed UUIDv7 with a chosen number in it."""
    return f"0199{number:08x}7000" + "8" + f"{number:015x}"


class Desk:
    """Makes intents with fresh ids at the time it is told, and signs them as the kind asks."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin = origin
        self.log = signer(origin)
        self.system, self.station, self.lead, self.device, self.member = (
            signer(f"{origin}/{name}") for name in ("system-1", "station-1", "lead-1", "device-1", "member-1")
        )
        self.ms = START_MS
        self.count = 0

    def uuid(self) -> str:
        self.count += 1
        return uuid(self.count)

    def intent(self, kind: str, *moves: tuple[str, str, int], **fields: Any) -> Intent:
        values: dict[str, Any] = {"id": fields.pop("id", None) or self.uuid(), "at": self.ms, "ledger": self.origin}
        values["by"] = fields.pop("by", self.station.name)
        return Intent(kind=kind, moves=tuple(Move(*move) for move in moves), **values, **fields)

    def genesis(self) -> SignedIntent:
        body = {
            "zone": "Asia/Shanghai",
            "offset": OFFSET,
            "algorithms": "ed25519 sha256 rfc6962",
            "log": str(self.log.vkey),
            "system": str(self.system.vkey),
            "admins": [str(admin.vkey) for admin in ADMINS],
            "quorum": 2,
        }
        return sign(self.intent("genesis", id="genesis", by=ADMINS[0].name, body=body), *ADMINS)

    def key(self, new: Signer, role: str, *signers: Signer, **more: Any) -> SignedIntent:
        signers = signers or ADMINS
        body = {"action": "add", "vkey": str(new.vkey), "role": role} | more
        return sign(self.intent("key", by=signers[0].name, body=body), *signers)

    def policy(self, version: int, from_day: str) -> SignedIntent:
        body = {"version": version, "from": from_day, "sha256": hashlib.sha256(b"policy %d" % version).hexdigest()}
        return sign(self.intent("policy", by=ADMINS[0].name, body=body), *ADMINS)

    def open(self, name: str, kind: str = "person") -> SignedIntent:
        body = {"account": account(name), "class": kind}
        return sign(self.intent("open", id=f"{account(name)}.open", body=body), self.station)

    def served(self, server: str, served: str, minutes: int, day: str, **more: Any) -> dict[str, Any]:
        body = {
            "day": day,
            "minutes": minutes,
            "credited": minutes,
            "server": account(server),
            "served": [account(served)],
            "service": "company",
            "catalogue": 1,
            "confirmed": "card",
        } | more
        return {key: value for key, value in body.items() if value is not None}

    def service(
        self, server: str, served: str, minutes: int, day: str, *, payer: str = "issue", **more: Any
    ) -> SignedIntent:
        by = more.pop("signer", self.station)
        envelope = {key: more.pop(key) for key in ("id", "device", "seen") if key in more}
        move = (payer, account(server), minutes)
        body = self.served(server, served, minutes, day, **more)
        return sign(self.intent("service", move, by=by.name, body=body, **envelope), by)

    def hold(self, payer: str, served: str, minutes: int, **more: Any) -> SignedIntent:
        body = {"order": self.uuid(), "service": "meal", "served": [account(served)]}
        return sign(self.intent("hold", (payer, "held:orders", minutes), body=body, **more), self.station)

    def settle(self, hold: str, server: str, served: str, paid: int, source: str, back: int, day: str) -> SignedIntent:
        moves = [("held:orders", account(server), paid)] + ([("held:orders", source, back)] if back else [])
        body = self.served(server, served, paid, day)
        return sign(self.intent("settle", *moves, id=f"{hold}.outcome", ref=hold, body=body), self.station)

    def release(self, hold: str, source: str, minutes: int) -> SignedIntent:
        move = ("held:orders", source, minutes)
        body = {"reason": "cancelled"}
        return sign(self.intent("release", move, id=f"{hold}.outcome", ref=hold, body=body), self.station)

    def gift(self, giver: str, receiver: str, minutes: int) -> SignedIntent:
        move = (account(giver), account(receiver), minutes)
        return sign(self.intent("gift", move, body={"reason": "family"}), self.station)

    def donate(self, giver: str, minutes: int) -> SignedIntent:
        return sign(self.intent("donate", (account(giver), "fund", minutes), body={"reason": "gift"}), self.station)

    def reverse(self, entry: str, *moves: tuple[str, str, int]) -> SignedIntent:
        intent = self.intent("reverse", *moves, id=f"{entry}.reverse", ref=entry, body={"reason": "mistake"})
        return sign(intent, self.station, self.lead)


def log_signer(key: Key) -> Signer:
    found = signer(key.vkey.name)
    return found if found.vkey == key.vkey else Signer(key.vkey.name, seed(key.vkey.name + " next"))


@contextmanager
def writing(engine: Engine, ms: int, origin: str = ORIGIN) -> Iterator[Writer]:
    """A transaction on one ledger that flushes at its end."""
    with engine.begin() as connection:
        writer = Writer(connection, origin, ms)
        yield writer
        writer.flush(log_signer)


def found(connection: Connection, desk: Desk) -> list[Record]:
    """Genesis, the station's and the lead's keys, and the first policy."""
    create(connection, desk.origin)
    writer = Writer(connection, desk.origin, desk.ms)
    day = "2026-09-21"
    keys = [desk.key(desk.station, "station"), desk.key(desk.lead, "lead")]
    first = [desk.genesis(), *keys, desk.policy(1, day)]
    records = [writer.append(signed) for signed in first]
    writer.flush(log_signer)
    return records


def refusal(writer: Writer, signed: SignedIntent) -> Code:
    """The code with which the ledger refuses this; an AssertionError when it does not."""
    try:
        writer.append(signed)
    except Refused as error:
        return error.code
    raise AssertionError(f"{signed.intent.kind} was accepted")
