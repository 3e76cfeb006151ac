"""The independent verifier: proves the golden files, finds every broken one, and never falls over."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.verifier.tools import (
    ADMINS,
    DEVICE,
    EXPORT,
    LEAD,
    LOG_KEY,
    MEMBER,
    MS,
    ORIGIN,
    PEER,
    PERSON,
    PROGRAM,
    RECEIPTS,
    RECORDS,
    REFUSED,
    SERVED,
    SIZE,
    STATION,
    SYSTEM,
    VECTORS,
    Json,
    appended,
    check,
    checkpoint,
    dumps,
    export,
    flip,
    leaf,
    note,
    one,
    parts,
    path_of,
    public,
    receipt,
    record,
    root_of,
    seal_of,
    seed,
    service,
    uuid,
    vkey,
)
from verifier import timebank_verify as tv

# --- what is sound is proved ------------------------------------------------------------------------------------------


def cli(*words: str | Path, module: bool = False) -> subprocess.CompletedProcess[str]:
    start = ["-m", "verifier.timebank_verify"] if module else [str(PROGRAM)]
    root = PROGRAM.parents[1]
    return subprocess.run(
        [sys.executable, *start, *map(str, words)], capture_output=True, text=True, check=False, cwd=root
    )


@pytest.mark.parametrize("module", [False, True])
def test_the_program_proves_the_golden_ledger(module: bool) -> None:
    done = cli("ledger", VECTORS / "ledger.export", module=module)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{SIZE} of {SIZE} records" in done.stdout
    assert "The log key, which is from the file itself" in done.stdout
    assert "1 signatures are by keys that were later reported as compromised" in done.stdout


def test_the_program_tells_a_volunteer_what_a_receipt_says() -> None:
    done = cli("receipt", VECTORS / "service.tlog-proof")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{PERSON} gave service `company` (1 h 30 min) to {SERVED}" in done.stdout
    assert f"1 h 30 min went from issue to {PERSON}" in done.stdout
    assert "NOT PROVED" in done.stdout
    assert "not undone later" in done.stdout
    chinese = cli("receipt", VECTORS / "service.tlog-proof", "--lang", "zh")
    assert "1小时30分钟" in chinese.stdout


def test_the_program_copied_elsewhere_still_runs(tmp_path: Path) -> None:
    alone = tmp_path / "verify.py"
    alone.write_bytes(PROGRAM.read_bytes())
    words = [sys.executable, str(alone), "ledger", str(VECTORS / "ended.export"), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert json.loads(done.stdout)["figures"]["records_by_kind"]["end"] == 1


def test_help_tells_the_exit_codes() -> None:
    assert "3  proved as far as understood" in cli("ledger", "--help").stdout
    assert cli("ledger").returncode == 2
    assert cli("ledger", "/no/such/file").returncode == 2
    assert cli("receipt", VECTORS).returncode == 2


@pytest.mark.parametrize("words", [["ledger", str(VECTORS / "ledger.export")], ["--help"]])
def test_a_closed_pipe_is_no_accident(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["ledger", "ended"])
def test_golden_exports(shelf: Path, name: str) -> None:
    status, report = check(shelf, "ledger", (VECTORS / f"{name}.export").read_bytes())
    assert (status, report["result"], report["not_understood"]) == (0, "proved", [])


@pytest.mark.parametrize("name", RECEIPTS)
def test_golden_receipts(shelf: Path, name: str) -> None:
    status, report = check(shelf, "receipt", (VECTORS / f"{name}.tlog-proof").read_bytes())
    assert (status, report["size"]) == (0, SIZE)


def test_the_figures(shelf: Path) -> None:
    figures = check(shelf, "ledger", EXPORT)[1]["figures"]
    # By hand: the services and settles in their order, without the two of 90 minutes that were reversed.
    assert figures["minutes_served"] == 90 + 30 + 20 + 120 + 60 + 30 + 60 + 45 + 90 + 60 - 90 - 90
    assert figures["minutes_of_debt"] == 70 - 60
    assert figures["minutes_held"] == 45 + 30
    total = figures["minutes_with_members"] + figures["minutes_in_fund"] + figures["minutes_held"]
    total += -figures["minutes_of_debt"] + figures["minutes_due_to_others"][PEER]
    assert total == figures["minutes_issued"]


def test_the_key_and_the_head_that_came_another_way(shelf: Path) -> None:
    new = vkey(ORIGIN, public(seed(f"{ORIGIN} next")))
    old = vkey(ORIGIN, public(seed(ORIGIN)))
    raw = (VECTORS / "service.tlog-proof").read_bytes()
    head, shorter = shelf / "head", shelf / "shorter"
    head.write_bytes(parts(EXPORT)[-1])
    shorter.write_bytes(checkpoint(RECORDS[:40], ORIGIN))
    for command, file in (("ledger", EXPORT), ("receipt", raw)):
        status, report = check(shelf, command, file, "--log-key", new, "--head", str(head))
        assert status == 0
        assert not any("fingerprint" in line for line in report["not_proved"])
        assert any("head that you gave" in line for line in report["proved"])
        assert check(shelf, command, file, "--log-key", old)[0] == 1
        assert check(shelf, command, file, "--log-key", "nonsense")[0] == 2
        assert check(shelf, command, file, "--head", str(shelf / "file"))[0] == 2
        assert check(shelf, command, file, "--head", str(shorter))[0] == 0
    assert "not comparable" in str(check(shelf, "receipt", raw, "--head", str(shorter))[1]["not_proved"])
    other = [*RECORDS[:39], RECORDS[40]]
    shorter.write_bytes(checkpoint(other, ORIGIN))
    assert check(shelf, "ledger", EXPORT, "--head", str(shorter))[0] == 1
    head.write_bytes(checkpoint([*RECORDS, b"more"]))
    assert check(shelf, "ledger", EXPORT, "--head", str(head))[0] == 1
    head.write_bytes(checkpoint([*RECORDS[:-1], b"more"]))
    assert check(shelf, "receipt", raw, "--head", str(head))[0] == 1


def test_our_own_records_are_proved(shelf: Path) -> None:
    """Else the tests below would find them bad for another reason."""
    assert check(shelf, "ledger", appended(one(service())))[0] == 0
    assert check(shelf, "receipt", receipt(RECORDS, 13, 0, 1, LOG_KEY))[0] == 0
    assert receipt(RECORDS, 13, 0, 1, LOG_KEY) == (VECTORS / "service.tlog-proof").read_bytes()
    assert check(shelf, "receipt", receipt(RECORDS, 0, LOG_KEY))[0] == 0  # genesis itself
    assert check(shelf, "receipt", receipt(RECORDS, LOG_KEY, 0))[0] == 0  # the log key's own entry
    assert check(shelf, "receipt", receipt(RECORDS, 10, 0, 2, LOG_KEY))[0] == 0  # a device's key, by lead and admin
    for raw in RECORDS:
        assert tv.Report("en").entry(tv.Entry(raw), 480)
        assert tv.Report("zh").entry(tv.Entry(raw), 480)


# --- what is newer is said --------------------------------------------------------------------------------------------

NEWER = [
    pytest.param({"v": 2}, id="version"),
    pytest.param({"kind": "dance", "body": {"steps": [["1"], {}]}}, id="kind"),
    pytest.param({"v": 9007199254740991, "kind": "genesis-two", "ref": "x"}, id="both"),
]


@pytest.mark.parametrize("change", NEWER)
def test_a_newer_entry_is_not_understood(shelf: Path, change: Json) -> None:
    newer = one(service(**change))
    status, report = check(shelf, "ledger", appended(newer, one(service(2))))
    assert (status, report["not_understood"]) == (3, [SIZE])
    records = [*RECORDS, newer(RECORDS)]
    status, report = check(shelf, "receipt", receipt(records, SIZE, 0, 1, LOG_KEY))
    assert (status, report["not_understood"]) == (3, [SIZE])


@pytest.mark.parametrize("change", NEWER)
def test_of_a_newer_entry_what_never_changes_is_still_checked(shelf: Path, change: Json) -> None:
    def bad(intent: Json, *signers: str, **header: Any) -> int:
        status, report = check(shelf, "ledger", appended(one(intent, *signers, **header)))
        assert report["bad_record"] == SIZE
        return status

    assert bad(service(**change, moves=[["fund", PERSON, 100000]])) == 1
    assert bad(service(**change, moves=[["bank", PERSON, 1]])) == 1
    assert bad(service(**change, moves=[["fund", PERSON.replace("member", "debt"), 11]])) == 1
    assert bad(service(**change), "timebank.example/x") == 1
    assert bad(service(**change, extra="1")) == 1
    assert bad(service(**change, seen=[5, "7" * 64])) == 1
    assert bad(service(**change), prev="7" * 64) == 1
    assert bad(service(**change), ms=253402214400000) == 1  # a known kind has no such day either
    assert bad(service(**change), policy=3) == 1
    assert bad(service(**change), pair=[PEER, 99, "7" * 64]) == 1
    assert bad(service(**change) | {"id": "01990000000670008000000000000006"}) == 1
    forged = one(service(**change))(RECORDS)[:-8] + b"AAAAAA==\n"
    assert check(shelf, "ledger", export([*RECORDS, forged]))[0] == 1


def small(**changes: Any) -> list[bytes]:
    """A genesis alone, with another body or envelope."""
    text, _ = tv.open_note(RECORDS[0].partition(b"\n")[2])
    intent: Json = json.loads(text)
    intent["body"] |= changes.pop("body", {})
    return [RECORDS[0].partition(b"\n")[0] + b"\n" + note(dumps(intent | changes), *ADMINS)]


def test_a_newer_genesis_leaves_nothing_to_check(shelf: Path) -> None:
    for command, raw in (
        ("ledger", export(small(v=2), checkpoint(small(v=2), ORIGIN))),
        ("receipt", receipt(small(v=2), 0)),
    ):
        status, report = check(shelf, command, raw)
        assert (status, report["not_understood"]) == (3, [0])
        assert "proved" not in report
    # A later record does not become a genesis by saying so.
    assert check(shelf, "ledger", export([*RECORDS, *small(v=2)]))[0] == 1


HEAD = {"before": PEER, "before-root": "7" * 64, "before-size": 7}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, 0),
        (HEAD, 0),
        ({"before": PEER}, 1),
        ({"before-size": 7, "before-root": "7" * 64}, 1),
        ({"zone": "Asia/Ho_Chi_Minh"}, 0),
        ({"zone": "Etc/GMT+8"}, 0),
        ({"zone": "a//b"}, 1),
        ({"quorum": 3}, 1),
    ],
)
def test_what_a_genesis_may_say(shelf: Path, body: Json, expected: int) -> None:
    records = small(body=body)
    assert check(shelf, "ledger", export(records, checkpoint(records, ORIGIN)))[0] == expected


def test_an_export_of_no_records_is_bad(shelf: Path) -> None:
    assert check(shelf, "ledger", export([], checkpoint(RECORDS)))[0] == 1


def test_lines_of_witnesses_are_ignored(shelf: Path) -> None:
    final = parts(EXPORT)[-1]
    for name, blob in (("w", b"x"), ("witness.example/é", b"1234" + b"5" * 200), (ORIGIN, b"1234" + b"5" * 64)):
        line = f"— {name} {base64.b64encode(blob).decode()}\n".encode()
        assert check(shelf, "ledger", export(RECORDS, final + line))[0] == 0
    log = tv.open_note(final)[1][0]
    false = f"— {ORIGIN} {base64.b64encode(log.id + bytes(64)).decode()}\n".encode()
    assert check(shelf, "ledger", export(RECORDS, final + false))[0] == 1


# --- what is broken is found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", REFUSED, ids=[row["name"] for row in REFUSED])
def test_refused(shelf: Path, row: Json) -> None:
    broken, final = base64.b64decode(row["record"]), base64.b64decode(row["checkpoint"])
    status, report = check(shelf, "ledger", export([*RECORDS, broken], final))
    assert (status, report["bad_record"]) == (1, row["seq"])


def recon(**changes: Any) -> Json:
    ident = changes.pop("id", f"recon.{PEER}.2026-09-20")
    body = {"day": "2026-09-21", "due": 0, "in-flight": 0, "peer": PEER, "peer-due": 0, "peer-root": "7" * 64}
    body |= {"peer-size": 1, "result": "agree", "root": root_of([]).hex(), "size": 0} | changes
    return {"body": body, "id": ident, "kind": "recon"}


HOLD = "01990000001870008000000000000018"  # of 45 minutes, by SERVED, open at the end of the golden ledger
MORE = {
    "the clock goes back": one(service(at=0), ms=MS - 2),
    "another number": one(service(), seq=SIZE + 1),
    "another record before": one(service(), prev="0" * 64),
    "no policy stamp": one(service(), policy=None),
    "another policy stamp": one(service(), policy=2),
    "a pair where none belongs": one(service(), pair=[PEER, 7, "0" * 64]),
    "a header field too many": one(service(), more=1),
    "a device's number is left out": lambda b: record(
        b, service(device=[5, tail(47)]), DEVICE, LEAD
    ),
    "a device's chain is broken": lambda b: record(b, service(device=[4, "0" * 64]), DEVICE, LEAD),
    "a device without its number": one(service(), DEVICE, LEAD),
    "a revoked device with a station": lambda b: record(b, service(device=[4, tail(47)]), DEVICE, STATION),
    "a minute before": one(service(at=MS + 300_001)),
    "a member closes": one({"body": {"account": SERVED, "reason": "x"}, "id": f"{SERVED}.close", "kind": "close"}),
    "reversed under another id": one(
        {
            "body": {"reason": "x"},
            "id": "again.reverse",
            "kind": "reverse",
            "moves": [["member:4ba739741e69e5d4df6d596c94901c58", "issue", 45]],
            "ref": "0199000000" + "0c7000800000000000000c",
        },
        STATION,
        LEAD,
    ),
    "a hold released under another id": one(
        {
            "body": {"reason": "x"},
            "id": f"{uuid(9)}.outcome",
            "kind": "release",
            "moves": [["held:orders", SERVED, 45]],
            "ref": HOLD,
        }
    ),
    "the pair begins anew": one(
        {
            "body": {"deadline": 1, "payee": "fund", "peer": PEER, "reason": "x"},
            "id": f"{uuid(1)}.hold",
            "kind": "send",
            "moves": [[SERVED, f"held:{PEER}", 5]],
        },
        pair=[PEER, 1, "0" * 64],
    ),
    "without a pair": one(
        {
            "body": {"deadline": 1, "payee": "fund", "peer": PEER, "reason": "x"},
            "id": f"{uuid(1)}.hold",
            "kind": "send",
            "moves": [[SERVED, f"held:{PEER}", 5]],
        }
    ),
    "a time after the year 9999": one(service(), ms=253402214400000),
    "a member's key releases the fund's hold": one(
        {
            "body": {"reason": "x"},
            "id": "0199000000" + "1a7000800000000000001a.outcome",
            "kind": "release",
            "moves": [["held:orders", "fund", 30]],
            "ref": "0199000000" + "1a7000800000000000001a",
        },
        MEMBER,
    ),
    "a reconciliation under another id": one(recon(), SYSTEM),
    "a reconciliation ahead": one(recon(day="2026-09-20", size=SIZE + 1), SYSTEM),
    "a reconciliation with oneself": one(recon(id=f"recon.{ORIGIN}.2026-09-21", peer=ORIGIN), SYSTEM),
    "a seal under another id": one(seal_of(RECORDS) | {"id": "seal.2026-09-23"}, SYSTEM),
    "after the end": lambda b: record([*b, b"x"], service(), STATION),
}  # fmt: skip


def tail(number: int) -> str:
    text = RECORDS[number].split(b"\n")[1] + b"\n"
    return hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize("name", MORE)
def test_more_that_is_refused(shelf: Path, name: str) -> None:
    status, report = check(shelf, "ledger", appended(MORE[name]))
    assert (status, report["bad_record"]) == (1, SIZE)


def test_the_same_with_nothing_wrong(shelf: Path) -> None:
    rescued = one(service(device=[4, tail(47)]), DEVICE, LEAD)
    assert check(shelf, "ledger", appended(rescued))[0] == 0
    release = {
        "body": {"reason": "x"},
        "id": f"{HOLD}.outcome",
        "kind": "release",
        "moves": [["held:orders", SERVED, 45]],
        "ref": HOLD,
    }
    assert check(shelf, "ledger", appended(one(release)))[0] == 0
    assert check(shelf, "ledger", appended(one(release, MEMBER)))[0] == 0
    day = recon(id=f"recon.{PEER}.2026-09-20", day="2026-09-20")
    assert check(shelf, "ledger", appended(one(day, SYSTEM)))[0] == 0
    assert check(shelf, "ledger", appended(revoke(STATION, "station", doubt=SIZE)))[0] == 0


def revoke(
    name: str, role: str, number: int = 77, *, seed_name: str = "", doubt: int | None = None
) -> Callable[[list[bytes]], bytes]:
    body: Json = {"action": "revoke", "role": role, "vkey": vkey(name, public(seed(seed_name or name)))}
    body |= {} if doubt is None else {"compromised-from": doubt}
    return one({"body": body, "id": uuid(number), "kind": "key"}, *ADMINS)


def test_a_revoked_key_signs_no_more(shelf: Path) -> None:
    status, report = check(shelf, "ledger", appended(revoke(STATION, "station"), one(service())))
    assert (status, report["bad_record"]) == (1, SIZE + 1)
    doubtful = revoke(STATION, "station", doubt=30)
    status, report = check(shelf, "ledger", appended(doubtful, one(service(), LEAD)))
    assert status == 0
    signed = sum(f"\n— {STATION} ".encode() in raw for raw in RECORDS[30:])
    assert any(f"{signed + 1} signatures are by keys" in line for line in report["not_proved"])  # and the device's


def test_what_may_not_be_revoked(shelf: Path) -> None:
    assert check(shelf, "ledger", appended(revoke(ORIGIN, "log")))[0] == 0  # the old log key
    for bad in (
        revoke(SYSTEM, "system"),
        revoke(STATION, "lead"),
        revoke(STATION, "station", doubt=SIZE + 1),
        revoke(f"{ORIGIN}/nobody", "lead"),
        revoke(ORIGIN, "log", seed_name=f"{ORIGIN} next"),
    ):
        status, report = check(shelf, "ledger", appended(bad))
        assert (status, report["bad_record"]) == (1, SIZE)
    status, report = check(shelf, "ledger", appended(revoke(LEAD, "lead"), revoke(LEAD, "lead", 78)))
    assert (status, report["bad_record"]) == (1, SIZE + 1)


def test_nothing_follows_the_end(shelf: Path) -> None:
    records = parts((VECTORS / "ended.export").read_bytes())[:-1]
    status, report = check(shelf, "ledger", export([*records, record(records, service(), STATION)]))
    assert (status, report["bad_record"]) == (1, len(records))


def test_records_moved_taken_out_doubled_or_cut_off(shelf: Path) -> None:
    for at in [*range(0, LOG_KEY, 4), LOG_KEY]:
        final = parts(EXPORT)[-1]
        for changed in (
            RECORDS[:at] + RECORDS[at + 1 :],
            [*RECORDS[: at + 1], *RECORDS[at:]],
            [*RECORDS[:at], *RECORDS[at : at + 2][::-1], *RECORDS[at + 2 :]] if at < LOG_KEY else RECORDS[:LOG_KEY],
        ):
            assert check(shelf, "ledger", export(changed, final))[0] == 1
            # Also when the log itself signs what is left: then the chain tells.
            if at < LOG_KEY:
                assert check(shelf, "ledger", export(changed))[0] == 1
    for length in range(0, len(EXPORT), 401):
        assert check(shelf, "ledger", EXPORT[:length])[0] == (2 if length < 19 else 1)


SMALL = export(RECORDS[:2], checkpoint(RECORDS[:2], ORIGIN))


def test_every_byte_of_a_small_export(shelf: Path) -> None:
    assert check(shelf, "ledger", SMALL)[0] == 0
    version = SMALL.index(b'"v":1') + 4
    for at in range(len(SMALL)):
        changed = flip(SMALL, at, 1 << at % 8)
        # A genesis of another version than 1 leaves nothing to check (§9).
        expected = 2 if at < 19 else 3 if at == version and changed[at] in b"23456789" else 1
        assert check(shelf, "ledger", changed)[0] == expected, at


def test_bytes_of_the_golden_files(shelf: Path) -> None:
    for at in range(0, len(EXPORT), 499):
        assert check(shelf, "ledger", flip(EXPORT, at, 1 << at % 8))[0] in (1, 2), at
    for name in RECEIPTS:
        raw = (VECTORS / f"{name}.tlog-proof").read_bytes()
        for at in range(0, len(raw), 17):
            assert check(shelf, "receipt", flip(raw, at, 1 << at % 8))[0] in (1, 2), at


def test_receipts_with_other_proofs(shelf: Path) -> None:
    for numbers in ((13, 0, 1), (13, 0, LOG_KEY), (13, 1, LOG_KEY), (13, 1, 0, LOG_KEY), (13, 0, 1, 2, LOG_KEY),
                    (13, 0, 1, 1, LOG_KEY), (13, 13, 0, 1, LOG_KEY), (0, 1, 13, LOG_KEY), (47, 0, 2, LOG_KEY),
                    (13,)):  # fmt: skip
        assert check(shelf, "receipt", receipt(RECORDS, *numbers))[0] == 1, numbers
    other = receipt(RECORDS[:-1], 0).replace(checkpoint(RECORDS[:-1]), checkpoint(RECORDS[:-1], ORIGIN))
    assert check(shelf, "receipt", other)[0] == 0
    mixed = receipt(RECORDS, 13, 0, 1) + receipt([*RECORDS, b"x"], LOG_KEY)
    assert check(shelf, "receipt", mixed)[0] == 1
    assert check(shelf, "receipt", EXPORT)[0] == 2
    assert check(shelf, "ledger", mixed)[0] == 2


# --- the parts --------------------------------------------------------------------------------------------------------

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [  # the known answers of Certificate Transparency's own tests
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_known_roots() -> None:
    tree = tv.Tree()
    for data in LEAVES:
        tree.leaves.append(tv.leaf_hash(bytes.fromhex(data)))
    assert [tree.root(size).hex() for size in range(9)] == ROOTS


def test_roots_and_paths_of_many_sizes() -> None:
    leaves = [leaf(bytes([at])) for at in range(70)]
    tree = tv.Tree()
    for size, node in enumerate(leaves, 1):
        tree.leaves.append(node)
        assert all(tree.root(part) == root_of(leaves[:part]) for part in range(size + 1))
        for at in range(size):
            path = path_of(at, leaves[:size])
            assert tv.root_from_path(leaves[at], at, size, path) == tree.root(size)
            assert tv.root_from_path(leaves[at], at, size, [*path, leaves[0]]) != tree.root(size)
            assert not path or tv.root_from_path(leaves[at], at, size, path[:-1]) != tree.root(size)
            assert size == 1 or tv.root_from_path(leaves[at], (at + 1) % size, size, path) != tree.root(size)


def openssl(key: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except Exception:
        return False
    return True


def test_signatures_at_the_edge() -> None:
    private, text = seed("edge"), b"text"
    key, signature = public(private), seed("edge").sign(text)
    assert tv.verifies(key, signature, text)
    low = int.from_bytes(signature[32:], "little")
    assert not tv.verifies(key, signature[:32] + (low + tv.L).to_bytes(32, "little"), text)
    assert not tv.verifies(key, signature[:63], text)
    identity = bytes([1]) + bytes(31)
    # A of small order: everything is signed by it.
    base = public_point_of(7)
    assert openssl(identity, base + (7).to_bytes(32, "little"), text)
    assert not tv.verifies(identity, base + (7).to_bytes(32, "little"), text)
    # R of small order: S = k a makes the equation true.
    digest = bytearray(hashlib.sha512(hashlib.sha256(b"timebank test key edge").digest()).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 63 | 64
    k = int.from_bytes(hashlib.sha512(identity + key + text).digest(), "little")
    s = k * int.from_bytes(digest, "little") % tv.L
    small = identity + s.to_bytes(32, "little")
    assert openssl(key, small, text)
    assert not tv.verifies(key, small, text)
    for y in (0, 1, tv.P - 1, tv.P, tv.P + 1, 2**255 - 1, tv.Y8, tv.P - tv.Y8):
        for sign in (0, 1 << 255):
            point = (y | sign).to_bytes(32, "little")
            assert not tv.sound(point)
            assert not tv.verifies(point, signature, text)
            assert not tv.verifies(key, point + signature[32:], text)


def public_point_of(scalar: int) -> bytes:
    """scalar times the base point, in the plainest arithmetic."""
    p, d = tv.P, -121665 * pow(121666, -1, tv.P) % tv.P
    y = 4 * pow(5, -1, p) % p
    x2 = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    x = pow(x2, (p + 3) // 8, p)
    if (x * x - x2) % p:
        x = x * pow(2, (p - 1) // 4, p) % p
    base = (x if x % 2 == 0 else p - x, y)
    total = (0, 1)
    for _ in range(scalar):
        (x1, y1), (x2, y2) = total, base
        t = d * x1 * x2 * y1 * y2
        total = ((x1 * y2 + x2 * y1) * pow(1 + t, -1, p) % p, (y1 * y2 + x1 * x2) * pow(1 - t, -1, p) % p)
    return (total[1] | (total[0] & 1) << 255).to_bytes(32, "little")


def test_the_example_of_signed_note() -> None:
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    coded = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    key = tv.Key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "log", -1)
    opened, lines = tv.open_note(f"{text}\n— PeterNeumann {coded}\n".encode())
    assert opened == text.encode()
    assert [(found.name, found.id) for found in lines] == [(key.name, key.id)]
    assert tv.verifies(key.public, lines[0].signature, opened)
    assert not tv.verifies(key.public, lines[0].signature, opened + b" ")


HOSTILE = [
    b"", b"1", b"[]", b'""', b"null", b"{", b'{"a":null}', b'{"a":true}', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}',
    b'{"a":Infinity}', b'{"a":-0}', b'{"a":01}', b'{"a":+1}', b'{"a": 1}', b' {"a":1}', b'{"a":1} ', b'{"a":1,"a":1}',
    b'{"b":1,"a":1}', b'{"a":"\\u0041"}', b'{"a":"\\/"}', b'{"a":"\\n"}', b'{"a":"\x7f"}', b'{"a":"\xc3\xa9"}',
    b'{"a":"\xff"}', b'{"a":9007199254740992}', b'{"a":-9007199254740992}', b'{"a":' + b"9" * 5000 + b"}",
    b'{"a":1' + b"0" * 4000 + b"}", b'{"a":' + b"[" * 30000 + b"]" * 30000 + b"}", b'{"a":' * 9000 + b"1" + b"}" * 9000,
    b"[" * 60000, b'{"a":' * 10000, b'{"a":[[[[[[]]]]]]}', b'{"a":1}x', b'{1:1}', b"{'a':1}", b'{"a":1,}',
    b'{"a":"\\ud800"}', b"\xef\xbb\xbf{}", b'{"a":-}', b'{"a":--1}', b'{"a":0x1}', b'{"\\n":1}', b'{"a":["\\t"]}',
]  # fmt: skip


@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_what_is_no_canonical_json(shelf: Path, at: int) -> None:
    raw = HOSTILE[at]
    with pytest.raises(tv.Bad):
        tv.canonical(raw)
    good = RECORDS[13].split(b"\n", 2)
    for broken in (b"\n".join([raw, *good[1:]]), b"\n".join([good[0], raw, good[2]])):
        status, report = check(shelf, "ledger", export([*RECORDS[:13], broken], parts(EXPORT)[-1]))
        assert (status, report["bad_record"]) == (1, 13)


@pytest.mark.parametrize("raw", [b"{}", b'{"":""}', b'{"a":"\\"\\\\ ~"}', b'{"a":-9007199254740991,"b":0}',
                                 b'{"a":[[[[[1]]]]]}'])  # fmt: skip
def test_what_is_canonical_json(raw: bytes) -> None:
    assert tv.canonical(raw) == json.loads(raw)


FIELDS = ["at", "v", "moves", "id", "kind", "by", "seen", "device", "body", "for", "ref"]
VALUES: list[object] = [0, -1, 2**53 - 1, "", "x" * 300, [], [[]], {}, {"a": {}}, [1, 2, 3], ["a", "b"]]
ALLOWED = [("at", 0), ("at", -1), ("v", 2**53 - 1)]


@pytest.mark.parametrize(("field", "value"), [(f, v) for f in FIELDS for v in VALUES if (f, v) not in ALLOWED])
def test_a_field_of_the_wrong_sort(shelf: Path, field: str, value: object) -> None:
    raw = appended(one(service() | {field: value}))
    assert check(shelf, "ledger", raw)[0] == 1


FORMAT = Path(__file__).parents[2] / "timebank" / "ledger" / "FORMAT.md"


def test_the_table_is_that_of_the_specification() -> None:
    rows = re.findall(r"^\| \*\*([a-z-]+)\*\* \|(.*)\|$", FORMAT.read_text("utf-8"), re.MULTILINE)
    assert [kind for kind, _ in rows] == list(tv.KINDS)
    for kind, rest in rows:
        signers, ident, ref, moves, body = (part.strip() for part in re.split(r"(?<!\\)\|", rest))
        row = tv.KINDS[kind]
        steps = ", then ".join(" or ".join(step) for step in row.steps)
        assert steps == signers
        assert row.id.pattern == ident.strip("`").replace("\\|", "|")
        assert (row.ref.pattern if row.ref else "–") == ref.strip("`")
        count, _, pairs = moves.partition(": ")
        least, _, most = count.partition("–")
        expected = (0, 0) if moves == "–" else (int(least), int(most or least))
        assert (row.least, row.most) == expected
        assert row.pairs == (pairs.replace(" → ", ">").split(", ") if pairs else [])
        fields = dict(re.findall(r"`([a-z0-9-]+)`(\??)", body))
        assert set(fields) == set(row.body.types)
        assert {name for name, mark in fields.items() if not mark} == row.body.required


# --- no file makes it fall --------------------------------------------------------------------------------------------

LONG = hypothesis_settings(max_examples=60, deadline=None)


@LONG
@given(raw=st.binary(max_size=400), start=st.sampled_from([b"", tv.EXPORT_LINE, tv.PROOF_LINE, SMALL[:980]]))
def test_any_bytes(shelf: Path, raw: bytes, start: bytes) -> None:
    for command in ("ledger", "receipt"):
        assert check(shelf, command, start + raw)[0] in (1, 2)


RECEIPT = (VECTORS / "service.tlog-proof").read_bytes()


@LONG
@given(data=st.data())
def test_any_splice(shelf: Path, data: st.DataObject) -> None:
    for command, good in (("ledger", SMALL), ("receipt", RECEIPT)):
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(good))] * 2)))
        put = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"\n", b"\n\n", b"9" * 5000, b"[" * 5000])))
        made = good[:start] + put + good[end:]
        status, report = check(shelf, command, made)
        assert made == good or status in (1, 2) or report["not_understood"] == [0]


@LONG
@given(
    value=st.recursive(
        st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(min_codepoint=32, max_codepoint=126))),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
        ),
        max_leaves=8,
    ),
    field=st.sampled_from(["body", "moves", "seen", "device", "id", "kind", "v", "at", "ref", "for", "day", "served"]),
)
def test_any_value_in_a_signed_entry(shelf: Path, field: str, value: Any) -> None:
    intent = service()
    (intent["body"] if field in ("day", "served") else intent)[field] = value
    assert check(shelf, "ledger", appended(one(intent)))[0] in (0, 1, 3)
