"""Evidence that a ledger was led twice, made by hand from FORMAT.md §13: both programs say the same of it."""

import base64
import io
from pathlib import Path

import pytest

from tests.verifier.tools import ORIGIN, RECORDS, Json, check, flip, note, public, seed, vkey
from timebank.ledger import Declined, TwoHeads
from verifier import timebank_verify as tv

KEY = vkey(ORIGIN, public(seed(ORIGIN)))
OTHER_KEY = vkey(ORIGIN, public(seed("another")))


def head(byte: int = 1, size: int = 9, origin: str = ORIGIN, log: str = ORIGIN) -> bytes:
    root = base64.b64encode(bytes([byte] * 32)).decode()
    return note(f"{origin}\n{size}\n{root}\n".encode(), origin, seeds={origin: log})


def evidence(*heads: bytes, keys: tuple[str, ...] = (KEY,)) -> bytes:
    lines = b"".join(f"key {key}\n".encode() for key in keys)
    return b"timebank-evidence v1\n" + lines + b"".join(b"head %d\n" % len(one) + one for one in heads)


GOOD = evidence(head(1), head(2))


def both(shelf: Path, raw: bytes, *options: str) -> tuple[int, Json]:
    """What the verifier says; the service's own program must say as much."""
    try:
        TwoHeads.parse(raw).check()
        holds = True
    except Declined:
        holds = False
    status, report = check(shelf, "evidence", raw, *options)
    if not options:
        assert (status == 0) == holds, raw
    return status, report


def test_two_signed_heads_of_one_size_are_proved(shelf: Path) -> None:
    status, report = both(shelf, GOOD)
    assert (status, report["origin"], report["size"]) == (0, ORIGIN, 9)
    assert report["roots"] == ["01" * 32, "02" * 32]
    assert any("led twice" in said for said in report["proved"])
    assert any(tv.fingerprint(public(seed(ORIGIN))) in said for said in report["not_proved"])
    status, report = both(shelf, GOOD, "--log-key", KEY)
    assert (status, report["not_proved"]) == (0, [])
    assert both(shelf, GOOD, "--log-key", OTHER_KEY)[0] == 1


def test_the_log_key_may_have_changed_in_between(shelf: Path) -> None:
    two = (head(1), head(2, log="another"))
    assert both(shelf, evidence(*two, keys=(KEY, OTHER_KEY)))[0] == 0
    assert both(shelf, evidence(*two))[0] == 1


@pytest.mark.parametrize(
    "raw",
    [
        evidence(head(1), head(1)),
        evidence(head(1, 9), head(2, 10)),
        evidence(head(1), head(2, origin="timebank.example/c/2")),
        evidence(head(1), head(2, log="another")),
        evidence(head(1, log="another"), head(2, log="another")),
        evidence(head(1), head(2), keys=()),
        evidence(head(1), head(2), keys=(KEY, KEY, KEY)),
        evidence(head(1), head(2), keys=(vkey("x", public(seed(ORIGIN))),)),
        evidence(head(1), head(2), keys=(KEY, KEY)),
        evidence(head(1), head(2), keys=(KEY, OTHER_KEY)),
        evidence(head(1)),
        evidence(head(1), head(2), head(3)),
        GOOD + b"\n",
        GOOD.replace(b"head ", b"head 0", 1),
        GOOD.replace(b"key ", b"key  ", 1),
    ],
)
def test_what_does_not_contradict_proves_nothing(shelf: Path, raw: bytes) -> None:
    assert both(shelf, raw)[0] == 1


def test_every_byte_counts(shelf: Path) -> None:
    for at in range(len(GOOD)):
        assert both(shelf, flip(GOOD, at, 1 << at % 7))[0] in (1, 2), at
    for length in range(0, len(GOOD), 3):
        assert both(shelf, GOOD[:length])[0] in (1, 2), length


def test_what_is_no_evidence_is_unreadable(shelf: Path) -> None:
    for raw in (b"", b"x", head(1), io.BytesIO(RECORDS[0]).read()):
        assert both(shelf, raw)[0] == 2
