"""Two services compare their books over HTTP: only what was proved counts, and both sign what they found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.federation.offices import Founded, Office, both, found_both, move, send, wanted
from tests.services.test_standing import refusal
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.bank import Bank
from timebank.federation import comparing, crossing, desk, pages
from timebank.federation.messages import Stale
from timebank.ledger import Code, KeyRole, Note, Refused, Untrusted, Vkey, decision_id, verify_signature
from timebank.services import audits, health, peers, reconciliation, transfers


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found_both(tmp_path_factory.mktemp("offices"))


@pytest.fixture
def offices(founded: Founded, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    with both(founded, tmp_path) as made:
        yield made


def run(one: Office, other: Office) -> reconciliation.Run:
    return reconciliation.run(one.bank, OPERATOR, one.code, other.origin)


def deliver(office: Office) -> dict[str, int]:
    return transfers.run_due(office.bank, OPERATOR)


def agreements(office: Office) -> list[directory.Agreement]:
    with office.bank.view() as view:
        return view.people.query(directory.Agreement).order_by(directory.Agreement.size).all()


def test_both_hold_the_same_statement_with_both_signatures(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second, 90))
    send(second, wanted(second, first, 20))
    deliver(first), deliver(second)
    found = run(first, second)
    assert (found.result, found.matched, found.due, found.peer_due, found.in_flight) == ("agree", 6, 70, -70, 0)
    (here,), (there,) = agreements(first), agreements(second)
    assert here.note == there.note
    note = Note.parse(here.note)
    for office, other in ((first, second), (second, first)):
        key = Vkey.parse(other.peer(office).vkey or "")
        assert any(verify_signature(key, note.text, line) for line in note.signatures)
    statement = comparing.Statement.parse(note.text)
    assert {side.due for side in (statement.first, statement.second)} == {70, -70}
    for office in offices:
        audits.verify(office.bank, OPERATOR, office.code)


def test_a_second_run_asks_for_what_is_new_and_states_nothing_twice(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second))
    deliver(first)
    assert run(first, second).matched == 3
    assert run(first, second).matched == 0
    assert len(agreements(first)) == 1
    send(first, wanted(first, second))
    deliver(first)
    assert run(first, second).matched == 3
    assert len(agreements(first)) == 2


def test_many_entries_come_in_pages(offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = offices
    monkeypatch.setattr(desk, "PAGE", 2)
    for _ in range(3):
        send(first, wanted(first, second, 20))
        send(second, wanted(second, first, 10))
    deliver(first), deliver(second)
    found = run(first, second)
    assert (found.result, found.matched, found.due) == ("agree", 18, 30)


def test_what_was_accepted_and_not_concluded_is_in_flight(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second))
    _lose_the_answer(first, second)
    found = run(second, first)
    assert (found.result, found.due, found.peer_due, found.in_flight) == ("agree", -60, 0, 60)
    found = run(first, second)
    assert (found.result, found.due, found.peer_due, found.in_flight) == ("agree", 60, -60, 0), "it was brought on"
    found = run(second, first)
    assert (found.result, found.matched, found.in_flight) == ("agree", 1, 0)


def _lose_the_answer(sender: Office, receiver: Office) -> None:
    """What is on its way is accepted there, and nobody here is told."""
    for transfer in sender.waiting():
        offer = desk.prove(sender.bank, sender.origin, receiver.peer(sender).size, f"{transfer}.hold")
        desk.admit(receiver.bank, receiver.code, sender.origin, offer)


def test_the_hourly_run_finds_an_offer_that_never_arrived(offices: tuple[Office, Office]) -> None:
    """The sender cannot reach the receiver, but the receiver the sender: a wall that lets only one way through."""
    first, second = offices
    transfer = wanted(first, second)
    send(first, transfer)
    address = move(first, second, "http://127.0.0.1:9")  # nobody listens there
    assert deliver(first)["offered"] == 1
    assert reconciliation.look_through_all(second.bank, OPERATOR, second.code) == {"links": 1, "found": 1, "silent": 0}
    assert second.minutes(f"due:{first.origin}") == -60
    assert reconciliation.look_through_all(second.bank, OPERATOR, second.code)["found"] == 0
    assert reconciliation.look_through_all(first.bank, OPERATOR, first.code)["silent"] == 1
    move(first, second, address)
    reconciliation.look_through_all(first.bank, OPERATOR, first.code)
    assert first.state(transfer.id) == "sent"


def test_an_offer_that_comes_while_a_page_is_looked_through_stops_nothing(offices: tuple[Office, Office]) -> None:
    first, second = offices
    kept, comes = wanted(first, second, 30), wanted(first, second, 20)
    send(first, kept)
    (looked,) = comparing.pages(second.bank, second.code, first.origin, 0, None, 0)
    send(first, comes)
    crossing.carry(first.bank, first.code, second.origin, [comes.id])
    with pytest.raises(Stale):
        comparing.take(second.bank, second.code, first.origin, looked)
    assert reconciliation.look_through(second.bank, OPERATOR, second.code, first.origin) == 1
    assert second.minutes(f"due:{first.origin}") == -50


def test_an_entry_without_its_other_half_differs_and_is_not_signed(offices: tuple[Office, Office]) -> None:
    first, second = offices
    transfer = second.bank.uuid()
    decision = decision_id(first.origin, transfer)
    with second.bank.work(second.origin) as work:
        body = {"peer": first.origin, "transfer": transfer, "offer": "0" * 64}
        move = (f"due:{first.origin}", second.folk.givers[0].account, 45)
        work.post("accept", move, by=(KeyRole.SYSTEM,), id=decision, body=body)
    found = run(first, second)
    assert dict(found.differences) == {"missing-here": decision, "mirror": f"{found.size}.{found.peer_size}"}
    there = run(second, first)
    assert dict(there.differences)["missing-there"] == decision
    assert agreements(first) == agreements(second) == []


def test_an_entry_that_was_kept_back_is_a_breach_when_it_comes_out(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = offices
    send(first, wanted(first, second))
    deliver(first)
    monkeypatch.setattr(desk, "show", _keeping_back(1))
    assert run(second, first).result == "differ"
    monkeypatch.undo()
    assert refusal(lambda: run(second, first)) is Code.PEER_FROZEN
    assert second.peer(first).frozen_why == "breach"


def test_a_page_with_a_gap_is_a_breach(offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = offices
    send(first, wanted(first, second))
    deliver(first)
    monkeypatch.setattr(desk, "show", _keeping_back(0))
    assert refusal(lambda: run(second, first)) is Code.PEER_FROZEN
    with second.bank.view() as view:
        (kept,) = view.people.query(directory.Evidence).all()
    assert kept.origin == first.origin


def _keeping_back(number: int) -> Callable[[Bank, str, str, pages.Wanted], bytes]:
    """What `desk.show` gives but for one of the entries; the ledger's own proofs of the others are good."""
    really = desk.show

    def show(bank: Bank, community: str, peer: str, asked: pages.Wanted) -> bytes:
        page = msgspec.json.decode(really(bank, community, peer, asked), type=pages.Page)
        left = page.entries[:number] + page.entries[number + 1 :]
        return msgspec.structs.replace(page, entries=left).to_bytes()

    return show


def test_a_statement_about_other_books_is_not_signed(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second))
    deliver(first)
    run(first, second)
    statement = comparing.Statement.parse(Note.parse(agreements(first)[0].note).text)
    side = statement.of_ledger(second.origin)
    other = statement.of_ledger(first.origin)
    for wrong in (
        comparing.Side(side.origin, side.size, side.root, side.count, side.due + 1),
        comparing.Side(side.origin, side.size, bytes(32), side.count, side.due),
        comparing.Side(side.origin, side.size, side.root, side.count + 1, side.due),
        comparing.Side(side.origin, side.size + 10_000, side.root, side.count, side.due),
    ):
        about = comparing.Statement.of(wrong, other, 0)
        with pytest.raises(Refused) as error:
            comparing.agree(first.bank, first.code, second.origin, about)
        assert error.value.facts["said"] == Code.BOOKS_DIFFER.value
    assert len(agreements(second)) == 1


def test_a_statement_has_one_spelling() -> None:
    one = comparing.Side("a.example/c/1", 5, bytes(32), 2, -7)
    other = comparing.Side("b.example/c/1", 9, bytes(32), 2, 7)
    text = comparing.Statement.of(other, one, 0).to_text()
    assert comparing.Statement.parse(text) == comparing.Statement.of(one, other, 0)
    for wrong in (
        text.replace(b" 5 ", b" 05 "),
        text.replace(b"in-flight 0", b"in-flight +0"),
        text + b"\n",
        text.replace(b"v1", b"v2"),
        text.replace(b"-7", b"x"),
        b"\n".join([*text.split(b"\n")[:1], *reversed(text.split(b"\n")[1:3]), *text.split(b"\n")[3:]])[:-1],
    ):
        with pytest.raises(Untrusted):
            comparing.Statement.parse(wrong)


def test_hours_that_wait_for_days_are_said_by_the_doctor(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second))

    def said() -> list[str]:
        return [one.words for one in health.look(first.bank, OPERATOR) if one.what.startswith("hours on their way")]

    assert said() == []
    first.clock.advance(days=4)
    (words,) = said()
    assert words == f"1 transfers to {second.origin}, the oldest for 4 days"


def test_only_who_keeps_the_books_looks_through_them(offices: tuple[Office, Office]) -> None:
    first, second = offices
    with pytest.raises(Denied):
        reconciliation.look_through_all(first.bank, first.folk.lead, first.code)
    peers.freeze(first.bank, OPERATOR, first.code, second.origin, "by hand")
    assert reconciliation.look_through_all(first.bank, OPERATOR, first.code)["links"] == 0
