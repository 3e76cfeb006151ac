"""Two libraries and one rule: the service checks with libsodium, the verifier with OpenSSL, and they never disagree."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from timebank.ledger import Signer, Vkey, verify_signature
from timebank.ledger.keys import FIELD, ORDER
from timebank.ledger.note import Signature
from verifier.timebank_verify import verifies

BASE_ORDER_EIGHT = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
# Encodings at the borders: points of small order, with either sign and not reduced, and numbers beyond the field.
_BORDERS = [0, 1, FIELD - 1, FIELD, FIELD + 1, 2**255 - 1, int.from_bytes(BASE_ORDER_EIGHT, "little")]
POINTS = [(y | sign << 255).to_bytes(32, "little") for y in _BORDERS for sign in (0, 1)]


@st.composite
def signatures(draw: st.DrawFn) -> tuple[Vkey, bytes, bytes]:
    """A key, a text, and 64 bytes that are a good signature, or one that was bent in one of the ways that matter."""
    signer = Signer("timebank.example/k", draw(st.binary(min_size=32, max_size=32)))
    text = draw(st.binary(max_size=100))
    value = signer.sign(text).value
    r, s = value[:32], value[32:]
    bend = draw(st.sampled_from(["none", "bit", "s + L", "s", "border R", "other text", "other key"]))
    if bend == "bit":
        at = draw(st.integers(0, 511))
        bent = bytearray(value)
        bent[at // 8] ^= 1 << at % 8
        r, s = bytes(bent[:32]), bytes(bent[32:])
    elif bend == "s + L":
        s = (int.from_bytes(s, "little") + ORDER).to_bytes(32, "little")
    elif bend == "s":
        s = draw(st.sampled_from([0, 1, ORDER - 1, ORDER, 2**255 - 1, 2**256 - 1])).to_bytes(32, "little")
    elif bend == "border R":
        r = draw(st.sampled_from(POINTS))
        # S = k·a fits such an R, so that only the rule about R can refuse it.
        k = int.from_bytes(hashlib.sha512(r + signer.vkey.public + text).digest(), "little") % ORDER
        s = (k * _scalar(signer.seed) % ORDER).to_bytes(32, "little")
    elif bend == "other text":
        text += b"."
    vkey = Signer(signer.name, b"\x07" * 32).vkey if bend == "other key" else signer.vkey
    return vkey, text, r + s


def _scalar(seed: bytes) -> int:
    """RFC 8032 §5.1.5."""
    clamped = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return clamped & ((1 << 254) - 8) | 1 << 254


@given(signatures())
def test_the_service_and_the_verifier_say_the_same_of_every_signature(case: tuple[Vkey, bytes, bytes]) -> None:
    vkey, text, value = case
    ours = verify_signature(vkey, text, Signature(vkey.name, vkey.key_id, value))
    assert ours == verifies(vkey.public, value, text)
