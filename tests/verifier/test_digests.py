"""Digests: what a line seen outside proves about a ledger and an entry. All are made by hand from FORMAT.md §12."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.verifier.tools import (
    EXPORT,
    LOG_KEY,
    ORIGIN,
    PROGRAM,
    RECORDS,
    VECTORS,
    Json,
    check,
    checkpoint,
    export,
    flip,
    leaf,
    one,
    parts,
    path_of,
    public,
    receipt,
    record,
    root_of,
    run,
    seed,
    service,
    vkey,
)
from verifier import timebank_verify as tv

HEAD = checkpoint(RECORDS)
KEY = vkey(ORIGIN, public(seed(f"{ORIGIN} next")))
RECEIPT = (VECTORS / "service.tlog-proof").read_bytes()
DAY = "2026-09-22"


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def texts(head: bytes, count: int) -> list[bytes]:
    """The heads' texts in the order of their origins; the one of this ledger is the second last but for one alone."""
    mine = head.partition(b"\n\n")[0] + b"\n"
    before = [f"timebank.example/c/{at:012}\n{at + 1}\n{base64_of(bytes(32))}\n".encode() for at in range(count)]
    after = f"timebank.example/c/9\n7\n{base64_of(bytes(32))}\n".encode()
    return [*before[: count - 2], mine, after] if count > 1 else [mine]


def digest(head: bytes = HEAD, count: int = 5, host: str = "timebank.example") -> tuple[str, bytes]:
    """The line, and the proof that this head is under it."""
    leaves = [leaf(text) for text in texts(head, count)]
    index = max(count - 2, 0)
    line = f"timebank-digest v1 {host} {DAY} {count} {base64_of(root_of(leaves))}"
    lines = ["timebank-digest-proof v1", line, f"index {index}", *map(base64_of, path_of(index, leaves))]
    return line, "\n".join(lines).encode() + b"\n\n" + head


LINE, PROOF = digest()


def prove(
    shelf: Path, line: str, proof: bytes, receipt: bytes | None = None, *options: str, key: str | None = KEY
) -> tuple[int, Json]:
    (shelf / "proof").write_bytes(proof)
    words: list[str | Path] = ["digest", line, shelf / "proof"]
    if receipt is not None:
        (shelf / "receipt").write_bytes(receipt)
        words.append(shelf / "receipt")
    return run(*words, *options, *([] if key is None else ["--log-key", key]))


# --- what is sound is proved ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_a_head_under_a_digest(shelf: Path, count: int) -> None:
    line, proof = digest(count=count)
    status, report = prove(shelf, line, proof)
    assert (status, report["result"]) == (0, "proved")
    expected = {"origin": ORIGIN, "size": len(RECORDS), "log_key": KEY, "digest": line}
    assert expected.items() <= report.items()
    assert any(f"Your digest of {count} heads covers" in said for said in report["proved"])
    assert any("log key that you gave" in said for said in report["proved"])
    assert any(f"made on {DAY}" in said for said in report["not_proved"])


def test_an_entry_under_a_digest(shelf: Path) -> None:
    for key in (None, KEY):
        status, report = prove(shelf, LINE, PROOF, RECEIPT, key=key)
        assert (status, report["record"], report["digest"]) == (0, 13, LINE)
        assert any("was in the ledger when the digest was made" in said for said in report["proved"])
        assert any("gave service `company`" in said for said in report["says"])
        assert any("Compare its fingerprint" in said for said in report["not_proved"]) == (key is None)


def test_the_line_as_it_is_copied(shelf: Path) -> None:
    file = shelf / "line"
    for text in (LINE, f"{LINE}\n", f"  {LINE}\r\n"):
        file.write_text(text, newline="")
        assert prove(shelf, f"@{file}", PROOF)[0] == 0
        assert prove(shelf, text, PROOF)[0] == 0


def test_in_both_languages_and_as_text(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove(shelf, LINE, PROOF, RECEIPT)[0] == 0  # leaves the files there
    words = ["digest", LINE, str(shelf / "proof"), str(shelf / "receipt")]
    assert tv.main(words) == 0
    said = capsys.readouterr().out
    assert "PROVED\n  - Your digest of 5 heads covers this ledger's head of 52 records." in said
    assert f"  digest: {LINE}\n" in said
    assert tv.main([*words[:3], "--log-key", KEY, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "您的总摘要含 5 个摘要，其中有此账本 52 条时的摘要。" in said
    assert tv.main([*words, "--lang", "zh"]) == 0
    assert "作成总摘要时，此记录已在账本中。" in capsys.readouterr().out


def test_witnesses_of_the_head_are_ignored(shelf: Path) -> None:
    witness = f"— witness.example {base64_of(b'1234' + bytes(80))}\n".encode()
    assert prove(shelf, LINE, PROOF + witness)[0] == 0
    # But the receipt is under the very same bytes.
    assert prove(shelf, LINE, PROOF + witness, RECEIPT)[0] == 1
    assert prove(shelf, LINE, PROOF + witness, RECEIPT.replace(HEAD, HEAD + witness))[0] == 0


def test_a_head_before_the_log_key_changed(shelf: Path) -> None:
    old = RECORDS[:40]
    line, proof = digest(checkpoint(old, ORIGIN))
    first = vkey(ORIGIN, public(seed(ORIGIN)))
    under = receipt(old, 13, 0, 1).replace(checkpoint(old), checkpoint(old, ORIGIN))
    assert prove(shelf, line, proof, key=first)[0] == 0
    assert prove(shelf, line, proof, under, key=first)[0] == 0
    assert prove(shelf, line, proof, under, key=None)[0] == 0
    assert prove(shelf, line, proof, key=KEY)[0] == 1
    assert prove(shelf, line, proof, under, key=KEY)[0] == 1


def test_a_receipt_of_an_entry_that_is_not_understood(shelf: Path) -> None:
    records = [*RECORDS, record(RECORDS, service(kind="dance", body={}), f"{ORIGIN}/station-1")]
    line, proof = digest(checkpoint(records))
    under = receipt(records, len(RECORDS), 0, 1, LOG_KEY)
    status, report = prove(shelf, line, proof, under)
    assert (status, report["not_understood"]) == (3, [len(RECORDS)])


# --- what is bent is found --------------------------------------------------------------------------------------------


def bent(old: str, new: str) -> bytes:
    assert PROOF.count(old.encode()) == 1, old
    return PROOF.replace(old.encode(), new.encode())


PATH = PROOF.decode().split("\n\n")[0].split("\n")[3:]
OTHER_HEAD = checkpoint([*RECORDS[:-1], b"other"])
ROOT = LINE.split(" ")[-1]
BENT = {
    "another index": bent("index 3", "index 2"),
    "an index beyond the heads": bent("index 3", "index 5"),
    "an index with a zero before": bent("index 3", "index 03"),
    "an index with a sign": bent("index 3", "index -3"),
    "no index": bent("index 3\n", ""),
    "another hash in the path": bent(PATH[0], base64_of(bytes(32))),
    "a path too short": bent(f"{PATH[-1]}\n", "\n").replace(b"\n\n\n", b"\n\n"),
    "a path too long": bent(PATH[-1], f"{PATH[-1]}\n{PATH[-1]}"),
    "a path in another order": bent("\n".join(PATH), "\n".join(PATH[::-1])),
    "a hash too short": bent(PATH[0], base64_of(bytes(31))),
    "a hash in another spelling": bent(PATH[0], PATH[0][:-2] + chr(ord(PATH[0][-2]) + 1) + "="),
    "a space after a hash": bent(PATH[0], f"{PATH[0]} "),
    "a return after the line": bent(LINE, f"{LINE}\r"),
    "an empty line too many": PROOF.replace(b"\n\n", b"\n\n\n", 1),
    "another day": bent(DAY, "2026-09-23"),
    "another host": bent("v1 timebank.example", "v1 timebank.example2"),
    "another number of heads": bent(f"{DAY} 5 ", f"{DAY} 6 "),
    "another root": bent(ROOT, base64_of(bytes(32))),
    "two spaces": bent(f"{DAY} 5", f"{DAY}  5"),
    "another head": digest()[1].replace(HEAD, OTHER_HEAD),
    "another head, with its own line": digest(OTHER_HEAD)[1],
    "a head signed by another": digest(checkpoint(RECORDS, "another"))[1],
    "a head signed by the old key": digest(checkpoint(RECORDS, ORIGIN))[1],
    "a head without a signature": PROOF[: PROOF.index("—".encode())],
    "no head": PROOF[: PROOF.index(b"\n\n")],
    "something after it": PROOF + b"\n",
    "the checkpoint twice": PROOF + HEAD,
    "nothing but the first line": b"timebank-digest-proof v1\n",
}


@pytest.mark.parametrize("name", BENT)
def test_a_bent_proof(shelf: Path, name: str) -> None:
    for under, key in ((None, KEY), (RECEIPT, KEY), (RECEIPT, None)):
        status, report = prove(shelf, LINE, BENT[name], under, key=key)
        assert (status, report["result"]) == (1, "bad")
        assert report["bad_record"] is None


OTHERS = {
    "another day": LINE.replace(DAY, "2026-09-23"),
    "another host": LINE.replace("timebank.example", "timebank.example:443"),
    "more heads": LINE.replace(f"{DAY} 5", f"{DAY} 6"),
    "another root": LINE.replace(ROOT, base64_of(bytes(32))),
    "of another head": digest(OTHER_HEAD)[0],
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_line(shelf: Path, name: str) -> None:
    assert prove(shelf, OTHERS[name], PROOF)[0] == 1
    # Also when the proof repeats it: unless it is what no root commits to, and only the line outside can tell.
    status, _ = prove(shelf, OTHERS[name], bent(LINE, OTHERS[name]))
    assert status == (0 if name in ("another day", "another host", "more heads") else 1)


def test_a_digest_of_so_many_heads_that_the_path_has_another_length(shelf: Path) -> None:
    for count in (3, 4, 9, 10**15):
        line = LINE.replace(f"{DAY} 5", f"{DAY} {count}")
        assert prove(shelf, line, bent(LINE, line))[0] == 1


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        LINE[:-1],
        f"{LINE} x",
        LINE.replace("v1", "v2"),
        LINE.replace("v1 ", "v1  "),
        LINE.replace(DAY, "2026-09-31"),
        LINE.replace(f"{DAY} 5", f"{DAY} 0"),
        LINE.replace(f"{DAY} 5", f"{DAY} 05"),
        LINE.replace("timebank.example", "Timebank.example"),
        LINE.replace(ROOT, base64_of(bytes(31))),
        LINE.replace(ROOT, ROOT[:-2] + chr(ord(ROOT[-2]) + 1) + "="),
        LINE.replace(" ", "\u3000"),
        LINE.replace(" ", "\udcff"),
        "@/no/such/file",
        f"@{PROGRAM}",
        "@\0",
        "@",
    ],
)
def test_no_line_at_all(shelf: Path, line: str) -> None:
    assert prove(shelf, line, PROOF)[0] == 2
    assert run("ledger", VECTORS / "ledger.export", "--digest", line, shelf / "proof")[0] == 2


def test_no_proof_or_no_key_at_all(shelf: Path) -> None:
    for raw in (b"", b"x", HEAD, EXPORT, RECEIPT, PROOF.replace(b"proof v1", b"proof v2"), PROOF + b"\n" * 80_000):
        assert prove(shelf, LINE, raw)[0] == 2
    status, report = prove(shelf, LINE, PROOF, key=None)
    assert status == 2
    assert "--log-key" in report["why"]
    assert prove(shelf, LINE, PROOF, key="nonsense")[0] == 2
    assert prove(shelf, LINE, PROOF, b"no receipt")[0] == 2
    assert run("digest", LINE, "/no/such/file", "--log-key", KEY)[0] == 2
    assert run("digest", LINE, shelf / "proof", "/no/such/file")[0] == 2


def test_the_wrong_key(shelf: Path) -> None:
    for wrong in (vkey(ORIGIN, public(seed(ORIGIN))), vkey(ORIGIN, public(seed("x"))), vkey("x", public(seed("x")))):
        assert prove(shelf, LINE, PROOF, key=wrong)[0] == 1
        assert prove(shelf, LINE, PROOF, RECEIPT, key=wrong)[0] == 1
    # A key of another name that signed this very head.
    name = f"{ORIGIN}/station-1"
    signed = HEAD.partition(b"\n\n")[0] + b"\n"
    blob = tv.key_id(name, public(seed(name))) + seed(name).sign(signed)
    other = signed + f"\n— {name} {base64_of(blob)}\n".encode()
    assert prove(shelf, *digest(other), key=vkey(name, public(seed(name))))[0] == 1


def test_another_receipt(shelf: Path) -> None:
    longer = [*RECORDS, record(RECORDS, service(), f"{ORIGIN}/station-1")]
    for other in (
        receipt(longer, 13, 0, 1, LOG_KEY),  # sound, but under a later checkpoint
        RECEIPT.replace(HEAD, OTHER_HEAD),
        receipt(RECORDS, 13, 0, LOG_KEY),  # not sound
        RECEIPT + b"\n",
    ):
        assert prove(shelf, LINE, PROOF, other)[0] == 1
        assert prove(shelf, LINE, PROOF, other, key=None)[0] == 1
    report = prove(shelf, LINE, PROOF, receipt(longer, 13, 0, 1, LOG_KEY))[1]
    assert "under another checkpoint" in report["why"]


def test_every_byte_of_a_proof(shelf: Path) -> None:
    for at in range(len(PROOF)):
        changed = flip(PROOF, at, 1 << at % 7)
        assert prove(shelf, LINE, changed)[0] == (2 if at < 25 else 1), at
        if at % 7 == 0:
            assert prove(shelf, LINE, changed, RECEIPT, key=None)[0] == (2 if at < 25 else 1), at
    for length in range(len(PROOF)):
        assert prove(shelf, LINE, PROOF[:length])[0] == (2 if length < 25 else 1), length


@hypothesis_settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_splice(shelf: Path, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(PROOF))] * 2)))
    put = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"\n", b"\n\n", b"9" * 5000, PROOF])))
    made = PROOF[:start] + put + PROOF[end:]
    assert made == PROOF or prove(shelf, LINE, made, RECEIPT)[0] in (1, 2)


# --- a digest and a whole ledger --------------------------------------------------------------------------------------


def with_ledger(shelf: Path, line: str, proof: bytes, raw: bytes = EXPORT) -> tuple[int, Json]:
    (shelf / "proof").write_bytes(proof)
    return check(shelf, "ledger", raw, "--digest", line, str(shelf / "proof"))


def test_a_ledger_whose_head_is_under_a_digest(shelf: Path) -> None:
    for head, size in ((HEAD, len(RECORDS)), (checkpoint(RECORDS[:40], ORIGIN), 40), (parts(EXPORT)[-1], len(RECORDS))):
        line, proof = digest(head)
        status, report = with_ledger(shelf, line, proof)
        assert (status, report["digest"]) == (0, line)
        assert any(f"covers this ledger's head of {size} records" in said for said in report["proved"])
        assert any(f"head that you gave, of {size} records" in said for said in report["proved"])
        assert any(f"made on {DAY}" in said for said in report["not_proved"])


def test_a_ledger_that_is_not_the_one_under_the_digest(shelf: Path) -> None:
    longer = [*RECORDS, one(service())(RECORDS)]
    forked = [*RECORDS[:39], RECORDS[40]]
    for line, proof in (
        digest(OTHER_HEAD),
        digest(checkpoint(longer)),  # the file is older
        digest(checkpoint(forked, ORIGIN)),
        digest(checkpoint(RECORDS, "another")),
        digest(checkpoint(RECORDS[:40])),  # by the log key that came later
        (LINE, BENT["another index"]),
        (OTHERS["another day"], PROOF),
    ):
        assert with_ledger(shelf, line, proof)[0] == 1
    assert with_ledger(shelf, *digest(checkpoint(longer)), export(longer))[0] == 0
    assert with_ledger(shelf, LINE, PROOF, export(longer))[0] == 0
    assert with_ledger(shelf, LINE, HEAD)[0] == 2
    with pytest.raises(SystemExit) as stopped:  # one or the other
        run("ledger", shelf / "file", "--head", shelf / "file", "--digest", LINE, shelf / "proof")
    assert stopped.value.code == 2
