"""What a stranger, or a peer that lies, says over HTTP: each is refused with a code, and moves nothing."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.federation.offices import Founded, Office, answering, both, found_both, send, wanted
from tests.services.test_standing import refusal
from tests.trials.service import ROOT
from timebank.access import OPERATOR
from timebank.federation import carrier, crossing, desk, signatures
from timebank.ledger import Code, KeyRole, Signer
from timebank.services import peers, transfers


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found_both(tmp_path_factory.mktemp("offices"))


@pytest.fixture(scope="module")
def offices(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    """One pair for all: none of these tests changes anything, and each looks that it does not."""
    with both(founded, tmp_path_factory.mktemp("wire")) as made:
        yield made


@contextmanager
def nothing_moves(*offices: Office) -> Iterator[None]:
    before = [(office.balances(), office.size()) for office in offices]
    yield
    assert [(office.balances(), office.size()) for office in offices] == before


def log_signer(office: Office) -> Signer:
    with office.bank.view() as view:
        return office.bank.signer(view.connection, view.head(office.origin), KeyRole.LOG)


def post(office: Office, what: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> tuple[int, str]:
    """The status and the code of the problem, or nothing for what was answered."""
    connection = http.client.HTTPConnection(urlsplit(office.url).netloc, timeout=20)
    try:
        connection.request(method, carrier.path_of(office.origin, what), body, dict(headers))
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.status == 200:
        return 200, ""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status, json.loads(said)["code"]


def signed(
    sender: Office, receiver: Office, what: str, body: bytes, signer: Signer | None = None, now: int | None = None
) -> dict[str, str]:
    path = carrier.path_of(receiver.origin, what)
    return signatures.headers(signer or log_signer(sender), path, receiver.origin, body, now or receiver.clock.ms)


def offer(sender: Office, receiver: Office) -> bytes:
    """What carries a transfer of a minute that is held at the sender."""
    transfer = wanted(sender, receiver, minutes=1)
    send(sender, transfer)
    message = desk.prove(sender.bank, sender.origin, receiver.peer(sender).size, f"{transfer.id}.hold")
    return msgspec.json.encode(crossing.Offer(message, sender.peer(receiver).size))


# --- who asks --------------------------------------------------------------------------------------------------------


def test_without_a_signature_nothing_is_read(offices: tuple[Office, Office]) -> None:
    first, second = offices
    body = offer(first, second)
    given = signed(first, second, "offer", body)
    with nothing_moves(second):
        assert post(second, "offer", body, {}) == (401, "request-unsigned")
        for name in given:
            less = {one: value for one, value in given.items() if one != name}
            assert post(second, "offer", body, less)[0] in (401, 409)


def test_a_signature_is_good_for_its_body_its_path_its_ledger_and_its_time(offices: tuple[Office, Office]) -> None:
    first, second = offices
    body = offer(first, second)
    given = signed(first, second, "offer", body)
    five_minutes = 300_000
    with nothing_moves(first, second):
        assert post(second, "offer", body + b" ", given) == (401, "signature-bad")
        assert post(second, "books", body, given) == (401, "signature-bad")
        assert post(first, "offer", body, given) == (404, "peer-unknown"), "nobody elsewhere signs for a ledger here"
        other = signed(first, first, "offer", body)
        assert post(second, "offer", body, other) == (409, "wrong-ledger")
        for ahead in (-five_minutes - 1000, five_minutes + 1000):
            late = signed(first, second, "offer", body, now=second.clock.ms + ahead)
            assert post(second, "offer", body, late) == (401, "request-old")


def test_only_the_key_that_the_ledger_proved_is_its_key(offices: tuple[Office, Office]) -> None:
    first, second = offices
    body = offer(first, second)
    with nothing_moves(second):
        stranger = Signer("timebank.third.example/c/520302001009", bytes(range(32)))
        assert post(second, "offer", body, signed(first, second, "offer", body, stranger)) == (404, "peer-unknown")
        namesake = Signer(first.origin, bytes(range(32)))
        given = signed(first, second, "offer", body, namesake)
        assert post(second, "offer", body, given) == (401, "key-unknown")
        real = log_signer(first).vkey.key_id.hex()
        forged = given["Signature-Input"].replace(namesake.vkey.key_id.hex(), real)
        assert post(second, "offer", body, given | {"Signature-Input": forged}) == (401, "signature-bad")
        with first.bank.view() as view:
            system = first.bank.signer(view.connection, view.head(first.origin), KeyRole.SYSTEM)
        assert post(second, "offer", body, signed(first, second, "offer", body, system))[0] == 404


def test_the_same_request_again_is_answered_again_and_moves_nothing_more(founded: Founded, tmp_path: Path) -> None:
    with both(founded, tmp_path) as (first, second):
        body = offer(first, second)
        given = signed(first, second, "offer", body)
        assert post(second, "offer", body, given) == (200, "")
        assert second.minutes(f"due:{first.origin}") == -1
        with nothing_moves(second):
            for _ in range(3):
                # The head it was proved from is an older one by now; the decision is not made anew.
                assert post(second, "offer", body, given) in ((200, ""), (409, "prove-again"))
            second.clock.advance(minutes=6)
            assert post(second, "offer", body, given) == (401, "request-old")


def test_a_frozen_link_takes_no_offer(founded: Founded, tmp_path: Path) -> None:
    with both(founded, tmp_path) as (first, second):
        body = offer(first, second)
        peers.freeze(second.bank, OPERATOR, second.code, first.origin, "by hand")
        with nothing_moves(second):
            assert post(second, "offer", body, signed(first, second, "offer", body)) == (409, "peer-frozen")
        assert transfers.run_due(first.bank, OPERATOR)["offered"] == 1


# --- what is asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", sorted(carrier.words()))
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"\xff\xfe", b"null", b"[" * 20_000, b'{"message":"!","seen":0}', b'{"message":"","seen":-1}',
     b'{"after":1e400,"seen":0}', b'{"after":-1,"seen":0}', b'{"card":7}', b"timebank-reconciliation-v1\n\n"],
)  # fmt: skip
def test_nonsense_is_refused_with_a_code(offices: tuple[Office, Office], what: str, body: bytes) -> None:
    if what == "who":  # it asks for nothing, and is answered whatever is said
        return
    first, second = offices
    with nothing_moves(first, second):
        status, code = post(second, what, body, signed(first, second, what, body))
    assert (status, bool(code)) == (400, True), code


def test_what_is_too_large_is_not_read(offices: tuple[Office, Office]) -> None:
    first, second = offices
    body = b"x" * (carrier.LARGEST_ASKED + 1)
    with nothing_moves(second):
        assert post(second, "offer", body, signed(first, second, "offer", body)) == (413, "body-too-large")
        assert post(second, "introduce", body, {}) == (413, "body-too-large")


def test_every_word_that_is_answered_is_in_the_document() -> None:
    text = (ROOT / "docs" / "federation.md").read_text(encoding="utf-8")
    assert carrier.words() <= {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}


def test_a_word_that_nobody_answers_and_a_method_that_is_none(offices: tuple[Office, Office]) -> None:
    first, second = offices
    assert post(second, "nothing", b"", signed(first, second, "nothing", b"")) == (404, "not-found")
    assert post(second, "offer", b"", {}, "GET") == (405, "method-not-allowed")


def test_a_message_that_was_touched_moves_nothing(offices: tuple[Office, Office]) -> None:
    """The request is signed anew each time, as the peer itself could."""
    first, second = offices
    body, dice = offer(first, second), Random(7)
    with nothing_moves(second):
        for _ in range(40):
            place = dice.randrange(20, len(body) - 20)
            touched = body[:place] + bytes([body[place] ^ 1 << dice.randrange(8)]) + body[place + 1 :]
            if _reads_the_same(body, touched):
                continue
            status, _ = post(second, "offer", touched, signed(first, second, "offer", touched))
            assert 400 <= status < 500
        cut = body[: len(body) // 2]
        assert post(second, "offer", cut, signed(first, second, "offer", cut)) == (400, "message-form")


def _reads_the_same(data: bytes, touched: bytes) -> bool:
    try:
        return bool(msgspec.json.decode(data) == msgspec.json.decode(touched))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def test_nobody_is_introduced_who_is_not_known_and_nobody_by_anothers_proof(offices: tuple[Office, Office]) -> None:
    first, second = offices
    proof = desk.prove(first.bank, first.origin, 0, "genesis")
    with nothing_moves(first, second):
        before = second.peer(first).vkey
        unknown = msgspec.json.encode(carrier.Introduction("timebank.third.example/c/520302001009", proof))
        assert post(second, "introduce", unknown, {}) == (404, "peer-unknown")
        own = msgspec.json.encode(carrier.Introduction(second.origin, proof))
        assert post(second, "introduce", own, {}) == (404, "peer-unknown")
        others = desk.prove(second.bank, second.origin, 0, "genesis")
        said = msgspec.json.encode(carrier.Introduction(first.origin, others))
        assert post(second, "introduce", said, {}) == (409, "wrong-ledger")
        assert second.peer(first).vkey == before


# --- what is answered ------------------------------------------------------------------------------------------------


def asking(office: Office, other: Office) -> Callable[[], bytes]:
    return lambda: carrier.ask(office.bank, office.code, other.origin, "books", b"{}")


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (500, b"", {}),
        (503, b'{"code": "database-busy"}', {}),
        (404, b"<html>", {}),
        (409, b'{"code": "no code of ours"}', {}),
        (409, b"[" * 50_000, {}),
        (200, b"x" * (carrier.LARGEST_ANSWER + 1), {}),
        (200, b"short", {"Content-Length": "4000"}),
    ],
)
def test_what_is_no_answer_is_taken_for_none(
    offices: tuple[Office, Office], status: int, body: bytes, headers: dict[str, str]
) -> None:
    first, second = offices
    with nothing_moves(first), answering(first, second, status, body, **headers):
        assert refusal(asking(first, second)) is Code.PEER_UNREACHABLE


def test_a_service_that_sends_elsewhere_is_not_followed(offices: tuple[Office, Office]) -> None:
    first, second = offices
    with answering(first, second, 307, b"", Location=f"{second.url}{carrier.path_of(second.origin, 'who')}"):
        assert refusal(asking(first, second)) is Code.PEER_UNREACHABLE


def test_an_answer_that_never_ends_is_left(offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = offices
    monkeypatch.setattr(carrier, "_TOTAL_S", 0)
    with nothing_moves(first), answering(first, second, 200, b"a part"):
        assert refusal(asking(first, second)) is Code.PEER_UNREACHABLE


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'{"note":"","since":0}', b"\xff"])
def test_an_answer_that_proves_nothing_moves_nothing(offices: tuple[Office, Office], body: bytes) -> None:
    first, second = offices
    transfer = wanted(first, second, minutes=1)
    send(first, transfer)
    with nothing_moves(first, second), answering(first, second, 200, body):
        assert transfers.deliver(first.bank, first.code, transfer.id) == "offered"


@pytest.mark.parametrize("account", ["fund", "issue", "member:", "member:" + "g" * 32, "x" * 5000])
def test_a_payee_that_is_no_members_account_is_none(offices: tuple[Office, Office], account: str) -> None:
    first, second = offices
    said = json.dumps({"account": account, "name": "李＊"}).encode()
    with nothing_moves(first), answering(first, second, 200, said):
        assert refusal(lambda: send(first, wanted(first, second, minutes=1))) is Code.PEER_UNREACHABLE


def test_whoever_asks_to_be_shown_more_and_more_is_left_after_some_tries(offices: tuple[Office, Office]) -> None:
    first, second = offices
    transfer = wanted(first, second, minutes=1)
    send(first, transfer)
    said = b'{"code": "prove-again", "size": 999999999}'
    with nothing_moves(first, second), answering(first, second, 409, said):
        assert transfers.deliver(first.bank, first.code, transfer.id) == "offered"
