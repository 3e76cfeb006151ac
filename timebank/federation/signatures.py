"""Sign what one ledger asks of another over HTTP, and read such a signature: RFC 9421 and RFC 9530, in one fixed form.

What is covered, and in which order, is not negotiated: the header is compared as text, so no parser of anything wider
meets a stranger. Every text that a ledger signs ends in a newline; what is signed here ends in a quotation mark, so a
signature of the one kind is never one of the other.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from timebank.ledger import Code, Refused, Signer, Untrusted, Vkey, verify_signature
from timebank.ledger import SignatureLine as Line

# The receiver's ledger: a request for one ledger says nothing to another.
TO = "timebank-to"
COVERED = ("@method", "@path", "content-digest", TO)
_INPUT = re.compile(
    r'timebank=\("@method" "@path" "content-digest" "timebank-to"\);created=([1-9][0-9]{0,11})'
    r';keyid="([A-Za-z0-9._~:/-]{1,160})\+([0-9a-f]{8})";alg="ed25519";tag="timebank"'
)
_SIGNATURE = re.compile(r"timebank=:([A-Za-z0-9+/]{86}==):")
# A request may have been signed so long before it comes, or after it by a clock that is ahead. Seconds.
WINDOW_S = 300


@dataclass(frozen=True, slots=True)
class Asking:
    """What the headers of a request claim: who signed it, with which key (its id), when (seconds), and the value."""

    sender: str
    key_id: bytes
    created: int
    value: bytes


def base(components: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """The signature base of RFC 9421 §2.5: each component on a line, then the parameters without a newline."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def digest(body: bytes) -> str:
    """The value of Content-Digest (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def headers(signer: Signer, path: str, to: str, body: bytes, now_ms: int) -> dict[str, str]:
    """What a POST of `body` to `path` carries so that the ledger `to` knows whose it is."""
    covered = " ".join(f'"{name}"' for name in COVERED)
    key = f"{signer.name}+{signer.vkey.key_id.hex()}"
    parameters = f'({covered});created={now_ms // 1000};keyid="{key}";alg="ed25519";tag="timebank"'
    value = signer.sign(_text(path, to, digest(body), parameters)).value
    return {
        "Content-Digest": digest(body),
        "Timebank-To": to,
        "Signature-Input": f"timebank={parameters}",
        "Signature": f"timebank=:{base64.b64encode(value).decode()}:",
    }


def _text(path: str, to: str, content_digest: str, parameters: str) -> bytes:
    return base([("@method", "POST"), ("@path", path), ("content-digest", content_digest), (TO, to)], parameters)


def claimed(given: Mapping[str, str], now_ms: int) -> Asking:
    """What these headers claim, of which nothing is verified but the time. Refused when they are not of the one form,
    or the time is not now."""
    found = _INPUT.fullmatch(given.get("Signature-Input", ""))
    value = _SIGNATURE.fullmatch(given.get("Signature", ""))
    if found is None or value is None:
        raise Refused(Code.REQUEST_UNSIGNED)
    created = int(found[1])
    if abs(now_ms // 1000 - created) > WINDOW_S:
        raise Refused(Code.REQUEST_OLD, minutes=WINDOW_S // 60)
    try:
        signature = base64.b64decode(value[1], validate=True)
    except binascii.Error as error:
        raise Refused(Code.REQUEST_UNSIGNED) from error
    return Asking(found[2], bytes.fromhex(found[3]), created, signature)


def check(asking: Asking, given: Mapping[str, str], path: str, to: str, body: bytes, key: Vkey) -> None:
    """Whether the claim is true: of this request to the ledger `to`, by this key. Untrusted when it is not."""
    if given.get("Timebank-To") != to:
        raise Untrusted(Code.WRONG_LEDGER, ledger=to)
    parameters = given["Signature-Input"].removeprefix("timebank=")
    text = _text(path, to, given.get("Content-Digest", ""), parameters)
    line = Line(asking.sender, asking.key_id, asking.value)
    if not verify_signature(key, text, line) or given.get("Content-Digest") != digest(body):
        raise Untrusted(Code.SIGNATURE_BAD, key=asking.sender)
