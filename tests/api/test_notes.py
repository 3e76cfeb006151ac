"""Entries signed with a key of one's own: taken in, repeated, declined."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from tests.api.calls import PLACE, V1, Calls, problem, proved
from tests.world import ELSEWHERE, HERE
from timebank.access import OPERATOR
from timebank.ledger import Code, Intent, KeyRole, Move, Receipt, Refused, Signer, Untrusted, parse_record, sign
from timebank.services import keys
from timebank.services.admins import admin_signers


def send(calls: Calls, body: Any, media_type: str = "application/json", **headers: str) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return calls.client.post(
        f"{PLACE}/entries",
        data=data,
        content_type=media_type,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def intent(calls: Calls, signer: Signer, **change: Any) -> Intent:
    """A visit of 60 minutes of li's to wang, credited by the policy."""
    world = calls.world
    body = {
        "day": world.clock.day,
        "minutes": 60,
        "credited": 60,
        "server": world.people["li"].account,
        "served": [world.people["wang"].account],
        "service": "company",
        "catalogue": 1,
        "confirmed": "card",
    }
    made = Intent(
        ledger=world.bank.origin(HERE),
        id=world.bank.uuid(),
        kind="service",
        at=world.clock.ms,
        by=signer.name,
        moves=(Move("issue", world.people["li"].account, 60),),
        body=body,
    )
    return replace(made, **change)


def note(calls: Calls, signer: Signer, **change: Any) -> bytes:
    return sign(intent(calls, signer, **change), signer).note


def gift(calls: Calls, signer: Signer, minutes: int) -> bytes:
    li, zhao = (calls.world.people[name].account for name in ("li", "zhao"))
    return note(calls, signer, kind="gift", body={"reason": "family"}, moves=(Move(li, zhao, minutes),))


# --- taken in --------------------------------------------------------------------------------------------------------


def test_a_batch_is_entered_in_order_each_with_its_own_outcome_and_receipt(calls: Calls) -> None:
    key = calls.key()
    size = calls.size()
    good, bad, last = note(calls, key), gift(calls, key, 99), gift(calls, key, 60)
    response = send(calls, {"entries": [text.decode() for text in (good, bad, last, good)]})
    assert response.status_code == 200
    first, declined, third, again = response.get_json()["entries"]
    assert [one["status"] for one in (first, declined, third, again)] == [
        "recorded",
        "declined",
        "recorded",
        "repeated",
    ]
    assert (first["seq"], third["seq"], again["seq"]) == (size, size + 1, size)
    assert declined["problem"]["code"] == "overdraft"
    assert {"type", "title", "status", "detail", "code"} <= declined["problem"].keys()
    for one, sent in ((first, good), (third, last), (again, good)):
        receipt = proved({"entry": one, "receipt": one["receipt"]}, calls.log_key())
        assert parse_record(receipt.entry.record).note == sent
    assert again["receipt"] == first["receipt"]
    assert calls.size() == size + 2


def test_one_note_as_text_answers_201_and_200_when_it_comes_again(calls: Calls) -> None:
    text = note(calls, calls.key())
    first = send(calls, text, "text/plain")
    assert first.status_code == 201
    assert proved(first.get_json(), calls.log_key()).entry.record.endswith(text)
    again = send(calls, text, "text/plain; charset=utf-8")
    assert (again.status_code, again.get_json()["repeated"]) == (200, True)
    assert Receipt.parse(again.get_json()["receipt"].encode()) == Receipt.parse(first.get_json()["receipt"].encode())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_device_signs_in_its_own_chain(calls: Calls) -> None:
    key = calls.key(KeyRole.DEVICE, "tablet-1")
    text = note(calls, key, device=(1, "0" * 64))
    assert send(calls, text, "text/plain").status_code == 201
    twice = problem(send(calls, note(calls, key, device=(1, "0" * 64)), "text/plain"))
    assert (twice["status"], twice["code"]) == (409, "device-chain")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_head_that_we_never_had_is_refused_and_the_note_is_kept_as_evidence(calls: Calls) -> None:
    key = calls.key(KeyRole.DEVICE, "tablet-1")
    text = note(calls, key, device=(1, "0" * 64), seen=(2, "ab" * 32))
    assert problem(send(calls, text, "text/plain"))["code"] == "seen-unknown"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_thousand_notes_are_one_batch(calls: Calls) -> None:
    key = calls.key()
    notes = [note(calls, key, moves=(), body=below_step(calls)).decode() for _ in range(1000)]
    response = send(calls, {"entries": notes})
    assert {one["status"] for one in response.get_json()["entries"]} == {"recorded"}


def below_step(calls: Calls) -> dict[str, Any]:
    body = intent(calls, calls.log_key()).body
    return {**body, "minutes": 1, "credited": 0, "uncredited": "duty"}


# --- declined: every case alone as text, and within a batch ---------------------------------------------------------


@dataclass
class Keys:
    """Keys of outsiders: registered, revoked, and not known."""

    station: Signer
    revoked: Signer
    unknown: Signer


@pytest.fixture(scope="module")
def outside(still: Calls) -> Keys:
    made = Keys(still.key(), still.key(name="program-2"), Signer.generate("somebody/else"))
    keys.revoke(still.world.bank, OPERATOR, HERE, made.revoked.name)
    return made


def own(calls: Calls, role: str) -> Signer:
    origin = calls.world.bank.origin(HERE)
    return calls.world.bank.keyring.signer(origin if role == "log" else f"{origin}/{role}-1")


def body_of(calls: Calls, keys: Keys, **change: Any) -> bytes:
    return note(calls, keys.station, body={**intent(calls, keys.station).body, **change})


def raw(calls: Calls, keys: Keys, old: str, new: str) -> bytes:
    """A visit whose line was changed before it was signed."""
    line = intent(calls, keys.station).to_line().decode()
    assert old in line
    return signed_text(keys.station, line.replace(old, new).encode())


def signed_text(signer: Signer, text: bytes) -> bytes:
    return text + b"\n" + signer.sign(text).to_line()


def with_signature(calls: Calls, keys: Keys, value: bytes) -> bytes:
    text = intent(calls, keys.station).to_line()
    line = base64.b64encode(keys.station.vkey.key_id + value).decode()
    return text + f"\n— {keys.station.name} {line}\n".encode()


Case = Callable[[Calls, Keys], bytes]
DECLINED: dict[str, tuple[Case, int, str]] = {
    "empty": (lambda calls, keys: b"", 400, "note-form"),
    "no signature": (lambda calls, keys: intent(calls, keys.station).to_line(), 400, "note-form"),
    "garbage": (lambda calls, keys: b"\n\n\n\xe2\x80\x94\n", 400, "note-form"),
    "NUL": (lambda calls, keys: note(calls, keys.station).replace(b"company", b"compan\x00"), 400, "note-form"),
    "carriage returns": (lambda calls, keys: note(calls, keys.station).replace(b"\n", b"\r\n"), 400, "note-form"),
    "beyond 65,535 bytes": (lambda calls, keys: b"x" * 65_536, 413, "body-too-large"),
    "white space": (lambda calls, keys: raw(calls, keys, '"v":1', '"v": 1'), 400, "not-canonical"),
    "keys out of order": (lambda calls, keys: raw(calls, keys, '{"at"', '{"v":1,"at"'), 400, "not-canonical"),
    "a fraction": (lambda calls, keys: raw(calls, keys, '"minutes":60', '"minutes":60.0'), 400, "not-canonical"),
    "a boolean": (lambda calls, keys: raw(calls, keys, '"minutes":60', '"minutes":true'), 400, "not-canonical"),
    "null": (lambda calls, keys: raw(calls, keys, '"minutes":60', '"minutes":null'), 400, "not-canonical"),
    "beyond 2^53": (lambda calls, keys: raw(calls, keys, '"minutes":60', f'"minutes":{2**70}'), 400, "not-canonical"),
    "Chinese in an entry": (lambda calls, keys: raw(calls, keys, "company", "陪伴"), 400, "not-canonical"),
    "not JSON": (lambda calls, keys: signed_text(keys.station, b"hello\n"), 400, "not-canonical"),
    "7 deep": (lambda calls, keys: raw(calls, keys, '"company"', "[" * 7 + "]" * 7), 400, "too-deep"),
    "30,000 deep": (
        lambda calls, keys: raw(calls, keys, '"company"', "[" * 30_000 + "]" * 30_000),
        400,
        "not-canonical",
    ),
    "version 2": (lambda calls, keys: note(calls, keys.station, v=2), 400, "version-unknown"),
    "an unknown field": (lambda calls, keys: raw(calls, keys, '"v":1', '"v":1,"x":1'), 400, "envelope-field"),
    "an unknown kind": (lambda calls, keys: note(calls, keys.station, kind="loan"), 400, "kind-unknown"),
    "id is no UUIDv7": (lambda calls, keys: note(calls, keys.station, id="a" * 32), 400, "id-form"),
    "a derived id squatted": (
        lambda calls, keys: note(calls, keys.station, id=f"{calls.world.bank.uuid()}.reverse"),
        400,
        "id-form",
    ),
    "an unknown body field": (lambda calls, keys: body_of(calls, keys, colour="red"), 400, "body-field"),
    "minutes as text": (lambda calls, keys: body_of(calls, keys, minutes="60"), 400, "body-field"),
    "zero minutes moved": (
        lambda calls, keys: raw(calls, keys, '",60]]', '",0]]'),
        422,
        "minutes-not-positive",
    ),
    "minutes moved as text": (lambda calls, keys: raw(calls, keys, '",60]]', '","60"]]'), 422, "minutes-not-integer"),
    "too many minutes moved": (
        lambda calls, keys: raw(calls, keys, '",60]]', '",100000001]]'),
        422,
        "minutes-too-many",
    ),
    "accounts that do not fit": (
        lambda calls, keys: note(calls, keys.station, moves=(Move("fund", "issue", 60),)),
        400,
        "moves-form",
    ),
    "a key nobody registered": (lambda calls, keys: note(calls, keys.unknown), 401, "key-unknown"),
    "the system's key": (lambda calls, keys: note(calls, own(calls, "system")), 401, "key-unknown"),
    "the log's key": (lambda calls, keys: note(calls, own(calls, "log")), 401, "key-unknown"),
    "an admin's key": (lambda calls, keys: note(calls, admin_signers(calls.world.bank)[0]), 401, "key-unknown"),
    "another's signature": (
        lambda calls, keys: note(calls, keys.station).replace(b'"minutes":60', b'"minutes":61'),
        401,
        "signature-bad",
    ),
    "a signature of nothing": (lambda calls, keys: with_signature(calls, keys, bytes(64)), 401, "signature-bad"),
    "R of small order": (
        lambda calls, keys: with_signature(calls, keys, b"\x01" + bytes(63)),
        401,
        "signature-bad",
    ),
    "a short signature": (lambda calls, keys: with_signature(calls, keys, bytes(60)), 401, "signature-bad"),
    "another ledger": (
        lambda calls, keys: note(calls, keys.station, ledger=calls.world.bank.origin(ELSEWHERE)),
        409,
        "wrong-ledger",
    ),
    "a revoked key": (lambda calls, keys: note(calls, keys.revoked), 403, "key-revoked"),
    "a role that may not": (
        lambda calls, keys: note(
            calls,
            keys.station,
            kind="overflow",
            id=f"{'0' * 12}7{'0' * 3}8{'0' * 15}.overflow",
            ref=f"{'0' * 12}7{'0' * 3}8{'0' * 15}",
            moves=(Move(calls.world.people["li"].account, "fund", 60),),
            body={"cap": "day"},
        ),
        403,
        "key-role",
    ),
    "one signature of two": (
        lambda calls, keys: note(
            calls,
            keys.station,
            kind="grant",
            body={"reason": "trial"},
            moves=(Move("issue", calls.world.people["li"].account, 60),),
        ),
        403,
        "signer-missing",
    ),
    "signed in the future": (
        lambda calls, keys: note(calls, keys.station, at=calls.world.clock.ms + 300_001),
        422,
        "at-in-future",
    ),
    "a day to come": (lambda calls, keys: body_of(calls, keys, day="2026-09-22"), 422, "day-in-future"),
    "a day before the rules": (lambda calls, keys: body_of(calls, keys, day="2026-09-20"), 422, "no-policy"),
    "an account nobody has": (
        lambda calls, keys: body_of(calls, keys, served=["member:" + "0" * 32]),
        422,
        "account-unknown",
    ),
    "serving oneself": (
        lambda calls, keys: body_of(calls, keys, served=[calls.world.people["li"].account]),
        422,
        "same-person",
    ),
    "more credit than the policy gives": (
        lambda calls, keys: note(
            calls,
            keys.station,
            moves=(Move("issue", calls.world.people["li"].account, 90),),
            body={**intent(calls, keys.station).body, "credited": 90},
        ),
        422,
        "credit-not-policy",
    ),
    "more than there is": (lambda calls, keys: gift(calls, keys.station, 91), 422, "overdraft"),
}


@pytest.mark.parametrize("name", list(DECLINED))
def test_a_note_is_declined_with_its_reason_alone_and_in_a_batch(still: Calls, outside: Keys, name: str) -> None:
    case, status, code = DECLINED[name]
    size = still.size()
    text = case(still, outside)
    details = []
    for language in ("zh", "en"):
        found = problem(send(still, text, "text/plain", Accept_Language=language))
        assert (found["status"], found["code"]) == (status, code), found
        batch = send(still, {"entries": [text.decode()]}, Accept_Language=language)
        assert batch.status_code == 200
        (outcome,) = batch.get_json()["entries"]
        assert outcome["status"] == "declined"
        assert outcome["problem"].items() <= found.items()
        details.append(found["detail"])
    assert details[0] != details[1]
    assert still.size() == size


def test_bytes_that_are_not_utf8_are_declined(still: Calls) -> None:
    size = still.size()
    assert problem(send(still, b"\xff\n\n\xe2\x80\x94 x\n", "text/plain"))["code"] == "not-utf8"
    assert still.size() == size


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"entries": []}, 422, "fields-invalid"),
        ({"entries": "x"}, 422, "fields-invalid"),
        ({"entries": [1]}, 422, "fields-invalid"),
        ({"entries": [["x"]]}, 422, "fields-invalid"),
        ({"entries": ["x"], "dry": True}, 422, "fields-invalid"),
        ({}, 422, "fields-invalid"),
        ({"entries": ["x"] * 1001}, 422, "fields-invalid"),
        (b'{"entries":' + b"[" * 100_000, 400, "json-too-deep"),
        (b'{"entries":["\\ud800"]}', 400, "json-malformed"),
        (b'{"entries":["\xff"]}', 400, "json-malformed"),
        (b" " * (4_194_304 + 1), 413, "body-too-large"),
    ],
    ids=lambda value: repr(value)[-24:] if isinstance(value, bytes | dict) else None,
)
def test_a_batch_that_cannot_be_read_is_a_problem_as_a_whole(still: Calls, body: Any, status: int, code: str) -> None:
    size = still.size()
    found = problem(send(still, body))
    assert (found["status"], found["code"]) == (status, code)
    assert still.size() == size


def test_a_note_that_is_too_large_for_the_service_is_413(still: Calls) -> None:
    assert problem(send(still, b"x" * (4_194_304 + 1), "text/plain"))["status"] == 413


def test_a_ledger_that_is_not_here_takes_nothing(still: Calls) -> None:
    response = still.client.post(f"{V1}/communities/520302001999/entries", json={"entries": ["x"]})
    assert problem(response)["code"] == "community-unknown"


# --- the keys --------------------------------------------------------------------------------------------------------


def test_a_key_of_small_order_is_never_registered(still: Calls) -> None:
    origin = still.world.bank.origin(HERE)
    vkey = f"{origin}/weak+00000000+{base64.b64encode(bytes([1, 1]) + bytes(31)).decode()}"
    with pytest.raises(Untrusted) as error:
        keys.register(still.world.bank, OPERATOR, HERE, vkey, KeyRole.STATION)
    assert error.value.code is Code.KEY_UNSOUND


def test_a_known_key_and_a_role_of_the_service_are_refused(still: Calls, outside: Keys) -> None:
    with pytest.raises(Refused) as error:
        keys.register(still.world.bank, OPERATOR, HERE, str(outside.station.vkey), KeyRole.STATION)
    assert error.value.code is Code.KEY_TAKEN
    with pytest.raises(Refused) as error:
        keys.register(still.world.bank, OPERATOR, HERE, str(outside.unknown.vkey), KeyRole.SYSTEM)
    assert error.value.code is Code.KEY_ROLE


# --- signed before the key was revoked -------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_lead_readmits_what_a_device_signed_before_its_key_was_revoked(calls: Calls) -> None:
    key = calls.key(KeyRole.DEVICE, "tablet-1")
    text = note(calls, key, device=(1, "0" * 64)).decode()
    keys.revoke(calls.world.bank, OPERATOR, HERE, key.name)
    address = f"{PLACE}/entries/readmitted"
    first = calls.post(address, {"note": text}, "lead", key=None)
    assert first.status_code == 201
    assert proved(first.get_json(), calls.log_key()).entry.record.count(b"\n") == text.count("\n") + 2
    again = calls.post(address, {"note": text}, "lead", key=None)
    assert (again.status_code, again.get_json()["repeated"]) == (200, True)


def test_anything_else_is_not_readmitted_and_the_sentence_says_what_to_do(still: Calls, outside: Keys) -> None:
    text = note(still, outside.revoked).decode()
    for language in ("zh", "en"):
        answer = still.post(f"{PLACE}/entries/readmitted", {"note": text}, "lead", key=None, Accept_Language=language)
        found = problem(answer)
        assert (found["status"], found["code"]) == (422, "not-readmittable")
