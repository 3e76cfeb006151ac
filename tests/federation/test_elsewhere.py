"""Hours that travel between two services over HTTP: by a fingerprint that was compared, and by what is proved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.federation.offices import Founded, Office, answering, both, found_both, link, send, wanted
from tests.services.test_standing import refusal
from tests.web.visitor import Visitor, said
from tests.world import HASHER, SECRET
from timebank.access import OPERATOR, Actor, Denied, Role
from timebank.app import create_app
from timebank.ledger import Code, KeyRole, Untrusted
from timebank.services import audits, keys, logins, payees, peers, transfers


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found_both(tmp_path_factory.mktemp("offices"))


@pytest.fixture
def offices(founded: Founded, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    with both(founded, tmp_path) as made:
        yield made


def due(one: Office, other: Office) -> tuple[int, int, int]:
    """What each owes the other by its own books, and what one holds for the other."""
    return (
        one.minutes(f"due:{other.origin}"),
        other.minutes(f"due:{one.origin}"),
        one.minutes(f"held:{other.origin}"),
    )


def deliver(office: Office) -> dict[str, int]:
    return transfers.run_due(office.bank, OPERATOR)


def test_hours_arrive_in_the_books_of_another_service(offices: tuple[Office, Office]) -> None:
    first, second = offices
    for number in range(3):
        send(first, wanted(first, second, 30 + number, payee=1))
    send(second, wanted(second, first, 45))
    assert due(first, second) == (0, 0, 93), "nothing is asked of a network while somebody waits"
    assert deliver(first) == {"sent": 3, "returned": 0, "offered": 0}
    assert deliver(second) == {"sent": 1, "returned": 0, "offered": 0}
    assert due(first, second) == (48, -48, 0)
    assert second.minutes(second.folk.givers[1].account) == 240 + 93
    for office in offices:
        audits.verify(office.bank, OPERATOR, office.code)


def test_what_the_other_service_refuses_comes_back_with_its_reason(offices: tuple[Office, Office]) -> None:
    first, second = offices
    peers.set_limit(second.bank, OPERATOR, second.code, first.origin, 50)
    transfer = wanted(first, second, 60)
    send(first, transfer)
    assert deliver(first)["returned"] == 1
    assert first.state(transfer.id) == "returned: over-limit"
    assert due(first, second) == (0, 0, 0)


def test_sent_again_it_is_the_same_receipt_also_where_the_other_service_is_away(
    offices: tuple[Office, Office],
) -> None:
    first, second = offices
    transfer = wanted(first, second)
    send(first, transfer)
    with answering(first, second, 503, b""):
        send(first, transfer)
        assert refusal(lambda: send(first, replace(transfer, minutes=30))) is Code.ID_TAKEN
        assert refusal(lambda: send(first, wanted(first, second))) is Code.PEER_UNREACHABLE
    assert due(first, second)[2] == 60


def test_a_service_that_is_away_is_asked_once_a_run_and_for_ever(offices: tuple[Office, Office]) -> None:
    first, second = offices
    for _ in range(3):
        send(first, wanted(first, second))
    with answering(first, second, 503, b"") as asked:
        assert deliver(first) == {"sent": 0, "returned": 0, "offered": 3}
        assert deliver(first) == {"sent": 0, "returned": 0, "offered": 0}, "all of them were put off"
        assert len(asked) == 1
        first.clock.advance(minutes=70)
        assert deliver(first)["offered"] == 3
        assert len(asked) == 2
    for office in offices:
        office.clock.advance(minutes=70)
    second.clock.ms = first.clock.ms
    assert deliver(first)["sent"] == 3


def test_to_another_service_a_clerk_sends_along_what_is_of_who_moves(offices: tuple[Office, Office]) -> None:
    """There nobody's day of birth is told: the clerk has seen her, and what is shown of the name is hers."""
    first, second = offices
    moving = replace(wanted(first, second, minutes=30), reason=transfers.MOVE)
    gone = replace(moving, id=first.bank.uuid(), card=second.folk.elder.card)
    herself = Actor(login="x" * 32, person=moving.giver, grants=((Role.MEMBER, first.code),))
    assert refusal(lambda: transfers.send(first.bank, herself, moving)) is Code.NOT_ONESELF
    assert refusal(lambda: send(first, gone)) is Code.NOT_ONESELF
    send(first, moving)
    assert deliver(first)["sent"] == 1


def test_a_card_elsewhere_is_shown_masked_and_cannot_be_found_by_trying(offices: tuple[Office, Office]) -> None:
    first, second = offices
    giver, clerk = first.folk.givers[0].id, first.folk.clerk
    found = payees.look(first.bank, clerk, giver, second.folk.givers[0].card, second.code)
    assert (found.name, found.community) == ("李＊", second.code)
    assert "老城街道" in found.place
    unknown = first.folk.givers[0].card  # a card of the wrong service
    for _ in range(30):
        assert refusal(lambda: payees.ask(first.bank, first.code, second.origin, unknown)) is Code.PERSON_UNKNOWN
    assert refusal(lambda: payees.ask(first.bank, first.code, second.origin, unknown)) is Code.PEER_DECLINED
    card = second.folk.givers[0].card
    assert refusal(lambda: payees.ask(first.bank, first.code, second.origin, card)) is Code.PEER_DECLINED


def test_nothing_is_trusted_before_the_fingerprint_was_compared(founded: Founded, tmp_path: Path) -> None:
    with both(founded, tmp_path) as (first, second):
        told = peers.ours(second.bank, OPERATOR, second.code)
        assert len(told.fingerprint.replace(" ", "")) == 60
        last = str((int(told.fingerprint[-1]) + 1) % 10)
        right = peers.Addition(community=first.code, origin=told.origin, url=second.url, fingerprint=told.fingerprint)
        before = len(peers.of(first.bank, OPERATOR, first.code))
        another = replace(right, origin=told.origin.replace("second", "third"))
        with pytest.raises(Untrusted) as error:
            peers.add(first.bank, OPERATOR, another)
        assert error.value.code is Code.WRONG_LEDGER
        assert refusal(lambda: peers.add(first.bank, OPERATOR, replace(right, origin="second"))) is Code.LEDGER_UNKNOWN
        misread = replace(right, fingerprint=told.fingerprint[:-1] + last)
        assert refusal(lambda: peers.add(first.bank, OPERATOR, misread)) is Code.FINGERPRINT_WRONG
        assert len(peers.of(first.bank, OPERATOR, first.code)) == before
        link(first, second)  # again: it may have moved
        with pytest.raises(Denied):
            peers.add(first.bank, first.folk.lead, misread)


@pytest.mark.parametrize(
    "url",
    [
        "http://timebank.second.example",
        "https://",
        "ftp://127.0.0.1",
        "https://timebank.second.example/",
        "https://timebank.second.example/api",
        "https://user:secret@timebank.second.example",
        "http://127.0.0.1.example",
        "https://[::1",
        "https://timebank.second.example:port",
        "https://" + "x" * 200,
    ],
)
def test_only_https_and_a_host_is_an_address(founded: Founded, tmp_path: Path, url: str) -> None:
    with both(founded, tmp_path) as (first, second):
        told = peers.ours(second.bank, OPERATOR, second.code)
        wrong = peers.Addition(community=first.code, origin=told.origin, url=url, fingerprint=told.fingerprint)
        assert refusal(lambda: peers.add(first.bank, OPERATOR, wrong)) is Code.PEER_ADDRESS


def test_a_ledger_that_is_kept_here_needs_no_link(offices: tuple[Office, Office]) -> None:
    first, _ = offices
    told = peers.ours(first.bank, OPERATOR, first.code)
    own = peers.Addition(community=first.code, origin=told.origin, url=first.url, fingerprint=told.fingerprint)
    assert refusal(lambda: peers.add(first.bank, OPERATOR, own)) is Code.PEER_KNOWN


def test_a_new_log_key_is_shown_and_believed_by_its_proof(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second))
    deliver(first)
    before = second.peer(first).vkey
    keys.rotate(first.bank, OPERATOR, first.code, KeyRole.LOG)
    send(first, wanted(first, second))
    assert deliver(first)["sent"] == 1
    assert second.peer(first).vkey != before


def _browser(office: Office) -> Visitor:
    """The clerk's, at the counter."""
    made = Visitor(create_app(office.bank.settings, office.bank), None)  # type: ignore[arg-type]  # no world is needed
    wanted = logins.LogIn(name=f"clerk {office.code}", secret=SECRET, address="127.0.0.1")
    made.client.set_cookie("timebank", logins.log_in(office.bank, wanted, hasher=HASHER))
    return made


def test_at_the_counter_one_says_where_the_card_is_and_sees_whose_it_is(offices: tuple[Office, Office]) -> None:
    first, second = offices
    browser, giver = _browser(first), first.folk.givers[0].id
    form = browser.get(f"/people/{giver}/send")
    assert f'<option value="{second.code}"' in form.text
    fields = {"id": first.bank.uuid(), "to": second.code, "card": second.folk.givers[0].card, "minutes": "30",
              "reason": "family"}  # fmt: skip
    checked = said(browser.post(f"/people/{giver}/send", fields, step="check"))
    assert "李＊" in checked
    assert "老城街道" in checked
    assert first.minutes(f"held:{second.origin}") == 0
    assert browser.post(f"/people/{giver}/send", fields, step="post").status_code in (302, 303)
    assert first.minutes(f"held:{second.origin}") == 30
    assert deliver(first)["sent"] == 1
    assert "老城街道" in said(browser.get(f"/people/{giver}/transfers"))


def test_the_page_of_links_shows_the_fingerprints_to_compare(offices: tuple[Office, Office]) -> None:
    first, second = offices
    new = logins.NewLogin(id=first.bank.uuid(), name="auditor", shown="auditor", secret=SECRET, person=None,
                          roles=((Role.AUDITOR, first.code),))  # fmt: skip
    logins.create(first.bank, OPERATOR, new, hasher=HASHER)
    browser = _browser(first)
    session = logins.log_in(first.bank, logins.LogIn(name="auditor", secret=SECRET, address="::1"), hasher=HASHER)
    browser.client.set_cookie("timebank", session)
    page = said(browser.get(f"/communities/{first.code}/peers"))
    for office in offices:
        assert peers.ours(office.bank, OPERATOR, office.code).fingerprint in page
    assert second.url in page


@pytest.mark.parametrize(("status", "questions"), [((409, 409), 4), ((409, 503), 2)])
def test_what_is_declined_together_is_tried_one_by_one_for_as_long_as_anybody_answers(
    offices: tuple[Office, Office], status: tuple[int, int], questions: int
) -> None:
    first, second = offices
    made = [wanted(first, second, minutes=1) for _ in range(3)]
    for transfer in made:
        send(first, transfer)
    with answering(first, second, status, b'{"code": "wrong-ledger"}') as asked:
        assert deliver(first) == {"sent": 0, "returned": 0, "offered": 3}
    assert len(asked) == questions
    assert deliver(first)["offered"] == 0, "all of them were put off"
    for office in offices:
        office.clock.advance(minutes=5)
    assert deliver(first)["sent"] == 3
