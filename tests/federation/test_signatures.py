"""A request is signed as RFC 9421 says, in one form, and its signature is good for nothing else."""

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from timebank.federation import signatures
from timebank.ledger import Code, Declined, Note, SignatureLine, Signer, Untrusted, verify_signature

NOW = 1_790_000_000_000
PATH, TO, BODY = "/api/v1/federation/520302001002/offer", "timebank.second.example/c/520302001002", b"body"
SIGNER = Signer("timebank.first.example/c/520302001001", bytes(range(32)))

# RFC 9421, B.1.4: test-key-ed25519; B.2.6: what it signs, and the signature.
RFC_KEY = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"
RFC_PUBLIC = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
RFC_COMPONENTS = [
    ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("@method", "POST"),
    ("@path", "/foo"),
    ("@authority", "example.com"),
    ("content-type", "application/json"),
    ("content-length", "18"),
]
RFC_PARAMETERS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;'
    'keyid="test-key-ed25519"'
)
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


def signed(body: bytes = BODY, path: str = PATH, to: str = TO, now: int = NOW) -> dict[str, str]:
    return signatures.headers(SIGNER, path, to, body, now)


def check(given: dict[str, str], body: bytes = BODY, path: str = PATH, to: str = TO, now: int = NOW) -> None:
    asking = signatures.claimed(given, now)
    assert asking.sender == SIGNER.name
    signatures.check(asking, given, path, to, body, SIGNER.vkey)


def declined(act: Callable[[], object]) -> Code:
    with pytest.raises(Declined) as error:
        act()
    return error.value.code


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    private = load_der_private_key(base64.b64decode(RFC_KEY), None)
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    assert private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) == base64.b64decode(RFC_PUBLIC)
    signature = Signer("test-key-ed25519", seed).sign(signatures.base(RFC_COMPONENTS, RFC_PARAMETERS))
    assert base64.b64encode(signature.value).decode() == RFC_SIGNATURE


def test_the_digest_is_that_of_rfc_9530() -> None:
    assert signatures.digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_what_was_signed_is_believed() -> None:
    check(signed())
    check(signed(), now=NOW + 300_000)
    check(signed(), now=NOW - 300_000)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": b"bodz"}, Code.SIGNATURE_BAD),
        ({"path": PATH + "s"}, Code.SIGNATURE_BAD),
        ({"to": "timebank.third.example/c/520302001002"}, Code.WRONG_LEDGER),
        ({"now": NOW + 301_000}, Code.REQUEST_OLD),
        ({"now": NOW - 301_000}, Code.REQUEST_OLD),
    ],
)
def test_what_was_not_signed_is_not(change: dict[str, object], code: Code) -> None:
    given = signed()
    assert declined(lambda: check(given, **change)) is code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "was", "now", "code"),
    [
        ("Signature-Input", '"@method" ', "", Code.REQUEST_UNSIGNED),
        ("Signature-Input", ';tag="timebank"', "", Code.REQUEST_UNSIGNED),
        ("Signature-Input", "created=", "created=0", Code.REQUEST_UNSIGNED),
        ("Signature-Input", "timebank=", "other=", Code.REQUEST_UNSIGNED),
        ("Signature-Input", "created=179", "created=179", Code.SIGNATURE_BAD),  # and a second later
        ("Signature", "timebank=:", "timebank=:AA", Code.REQUEST_UNSIGNED),
        ("Content-Digest", "sha-256=:", "sha-256=:A", Code.SIGNATURE_BAD),
        ("Content-Digest", "sha-256", "sha-512", Code.SIGNATURE_BAD),
    ],
)
def test_a_header_that_was_touched_is_refused(header: str, was: str, now: str, code: Code) -> None:
    given = signed()
    changed = given[header].replace(was, now, 1)
    if changed == given[header]:
        changed = signed(now=NOW + 1000)[header]
    assert declined(lambda: check(given | {header: changed})) is code


def test_without_any_of_its_headers_a_request_is_nobodys() -> None:
    for header in signed():
        given = {name: value for name, value in signed().items() if name != header}
        assert declined(lambda given=given: check(given)) in (  # type: ignore[misc]
            Code.REQUEST_UNSIGNED,
            Code.WRONG_LEDGER,
            Code.SIGNATURE_BAD,
        )


def test_a_request_is_no_note_and_a_note_is_no_request() -> None:
    """Whatever a ledger signs ends in a newline; the base of a request never does."""
    components = [
        ("@method", "POST"),
        ("@path", PATH),
        ("content-digest", signatures.digest(BODY)),
        ("timebank-to", TO),
    ]
    parameters = signed()["Signature-Input"].removeprefix("timebank=")
    text = signatures.base(components, parameters)
    value = base64.b64decode(signed()["Signature"][10:-1])
    line = SignatureLine(SIGNER.name, SIGNER.vkey.key_id, value)
    assert verify_signature(SIGNER.vkey, text, line)
    assert not text.endswith(b"\n")
    with pytest.raises(Untrusted):
        Note.parse(text + b"\n" + line.to_line())
    as_note = Note.parse(text + b"\n\n" + line.to_line())
    assert not verify_signature(SIGNER.vkey, as_note.text, line)
