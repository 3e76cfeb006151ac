"""Runs the verifier, and makes records, ledgers and receipts by hand as FORMAT.md says."""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verifier import timebank_verify as tv

VECTORS = Path(__file__).parents[1] / "vectors"
PROGRAM = Path(tv.__file__)
EXPORT = (VECTORS / "ledger.export").read_bytes()
REFUSED: list[dict[str, Any]] = json.loads((VECTORS / "refused.json").read_text())
RECEIPTS = ("device", "service", "settle")
ORIGIN = "timebank.example/c/520302001001"
PEER = "timebank.example/c/520302001002"
STATION, LEAD, SYSTEM, DEVICE, MEMBER = (
    f"{ORIGIN}/{name}-1" for name in ("station", "lead", "system", "device", "member")
)
ADMINS = ("timebank.example/admin-1", "timebank.example/admin-2")
PERSON, SERVED = "member:00a9e4255a5b63067b76cbfb9fd67f26", "member:2ac81299578013795576682809a4a16d"
MS = 1790000060002

Json = dict[str, Any]


def parts(export: bytes) -> list[bytes]:
    return [raw for _, raw in tv.export_parts(io.BytesIO(export))]


RECORDS = parts(EXPORT)[:-1]
SIZE = len(RECORDS)
LOG_KEY = SIZE - 1  # the number of the entry that registered the newest log key


def run(*words: str | Path) -> tuple[int, Json]:
    """Status and JSON of one run in this process. A traceback would fail the test by itself."""
    report: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lambda *words, **_: report.append(" ".join(map(str, words))))
        status = tv.main([*map(str, words), "--json"])
    return status, json.loads(report[-1])


def check(shelf: Path, command: str, raw: bytes, *options: str) -> tuple[int, Json]:
    file = shelf / "file"
    file.write_bytes(raw)
    return run(command, file, *options)


def seed(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"timebank test key " + name.encode()).digest())


def public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def vkey(name: str, key: bytes) -> str:
    return f"{name}+{tv.key_id(name, key).hex()}+{base64.b64encode(bytes([1]) + key).decode()}"


def note(text: bytes, *signers: str, seeds: dict[str, str] | None = None) -> bytes:
    made = text + b"\n"
    for name in signers:
        private = seed((seeds or {}).get(name, name))
        blob = tv.key_id(name, public(private)) + private.sign(text)
        made += f"— {name} {base64.b64encode(blob).decode()}\n".encode()
    return made


def dumps(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 as it is written there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def path_of(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*path_of(index, leaves[:split]), root_of(leaves[split:])]
    return [*path_of(index - split, leaves[split:]), root_of(leaves[:split])]


def leaf(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def checkpoint(records: list[bytes], log: str = f"{ORIGIN} next") -> bytes:
    root = base64.b64encode(root_of([leaf(record) for record in records])).decode()
    return note(f"{ORIGIN}\n{len(records)}\n{root}\n".encode(), ORIGIN, seeds={ORIGIN: log})


def export(records: list[bytes], final: bytes | None = None) -> bytes:
    final = checkpoint(records) if final is None else final
    made = b"".join(b"record %d\n" % len(record) + record for record in records)
    return b"timebank-export v1\n" + made + b"checkpoint %d\n" % len(final) + final


def record(before: list[bytes], intent: Json, *signers: str, **header: Any) -> bytes:
    full = {"at": MS, "by": signers[0], "ledger": ORIGIN, "moves": [], "v": 1} | intent
    sealed = {"ms": MS, "policy": 1, "prev": leaf(before[-1]).hex(), "seq": len(before)} | header
    return dumps({k: v for k, v in sealed.items() if v is not None}) + note(dumps(full), *signers)


def flip(raw: bytes, at: int, mask: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ mask]) + raw[at + 1 :]


def uuid(number: int) -> str:
    return f"0199000f{number:04x}70008000{number:012x}"


def service(number: int = 1, **changes: Any) -> Json:
    body = {"catalogue": 1, "confirmed": "card", "credited": 30, "day": "2026-09-21", "minutes": 30}
    body |= {"served": [SERVED], "server": PERSON, "service": "company"}
    return {"body": body, "id": uuid(number), "kind": "service", "moves": [["issue", PERSON, 30]]} | changes


def appended(*made: Callable[[list[bytes]], bytes]) -> bytes:
    records = list(RECORDS)
    for make in made:
        records.append(make(records))
    return export(records)


def one(intent: Json, *signers: str, **header: Any) -> Callable[[list[bytes]], bytes]:
    return lambda before: record(before, intent, *(signers or (STATION,)), **header)


def receipt(records: list[bytes], *numbers: int) -> bytes:
    leaves = [leaf(record) for record in records]
    made = b""
    for number in numbers:
        lines = ["c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(records[number]).decode()}", f"index {number}"]
        lines += [base64.b64encode(node).decode() for node in path_of(number, leaves)]
        made += "\n".join(lines).encode() + b"\n\n" + checkpoint(records)
    return made


# --- §11, in the plainest way: from all records, with nothing kept ----------------------------------------------------

PAIRED = ("send", "sent", "returned", "accept", "refuse")


def line(*words: object) -> str:
    return " ".join("-" if word is None else str(word) for word in words)


def class_of(name: str) -> str:
    return "orders" if name == "held:orders" else name.partition(":")[0]


def state_lines(records: list[bytes]) -> list[str]:
    told = [[json.loads(part) for part in raw.split(b"\n")[:2]] for raw in records]
    entries = [(header["seq"], intent["kind"], intent["body"], intent) for header, intent in told]
    bodies = {kind: [(seq, body) for seq, its, body, _ in entries if its == kind] for kind in tv.KINDS}
    opened = {body["account"]: (body["class"], seq) for seq, body in bodies["open"]}
    closed = {body["account"]: seq for seq, body in bodies["close"]}
    moves = [move for *_, intent in entries for move in intent["moves"]]
    lines = ["timebank-state v1"]
    for name in sorted({*opened, *(side for move in moves for side in move[:2])}):
        sort, since = opened.get(name, (class_of(name), None))
        balance = sum((target == name) * n - (source == name) * n for source, target, n in moves)
        lines.append(line("account", name, sort, balance, since, closed.get(name)))
    done = {intent["ref"] for *_, intent in entries if intent["id"].endswith(".outcome")}
    for seq, kind, body, intent in sorted(entries, key=lambda entry: str(entry[3]["id"])):
        if kind in ("hold", "send") and intent["id"] not in done:
            name, [[source, account, minutes]] = intent["id"].removesuffix(".hold"), intent["moves"]
            lines.append(line("hold", name, source, account, minutes, body.get("order"), seq))
    genesis = bodies["genesis"][0][1]
    keys: list[tuple[str, str, int, str | None]] = [(vkey, "admin", 0, None) for vkey in genesis["admins"]]
    keys += [(genesis[role], role, 0, None) for role in ("log", "system")]
    keys += [(b["vkey"], b["role"], seq, b.get("account")) for seq, b in bodies["key"] if b["action"] == "add"]
    ends = {b["vkey"]: (seq, b.get("compromised-from")) for seq, b in bodies["key"] if b["action"] == "revoke"}
    for vkey, role, since, account in sorted(keys):
        until, doubt = ends.get(vkey, (None, None))
        lines.append(line("key", vkey, role, since, until, account, doubt))
    lines += [line("policy", b["version"], b["from"], b["sha256"], seq) for seq, b in bodies["policy"]]
    pairs = {body["peer"]: seq for seq, kind, body, _ in entries if kind in PAIRED}  # the last one stays
    lines += [
        line("pair", peer, told[seq][0]["pair"][1], leaf(records[seq]).hex()) for peer, seq in sorted(pairs.items())
    ]
    devices = {intent["by"]: seq for seq, *_, intent in entries if "device" in intent}
    for name, seq in sorted(devices.items()):
        signed = records[seq].split(b"\n")[1] + b"\n"
        lines.append(line("device", name, told[seq][1]["device"][0], hashlib.sha256(signed).hexdigest()))
    return lines


def state_of(lines: list[str]) -> str:
    return hashlib.sha256("".join(f"{one}\n" for one in lines).encode()).hexdigest()


def seal_of(records: list[bytes], **changes: Any) -> Json:
    body = {"day": "2026-09-22", "root": root_of([leaf(raw) for raw in records]).hex(), "size": len(records)}
    body |= {"state": state_of(state_lines(records))} | changes
    return {"body": body, "id": f"seal.{body['day']}", "kind": "seal"}
