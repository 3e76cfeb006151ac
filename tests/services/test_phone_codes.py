"""Logging in with a telephone: the code goes to it, and who it is says the day of her birth."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.services.test_keys import refused
from tests.services.test_pins import choose
from tests.world import HASHER, HERE, World
from timebank.access import OPERATOR
from timebank.ledger import Code
from timebank.services import approvals, logins, members, phone_codes, standing, texts

WANG = "13800000003"  # born on 1 June 1948


@pytest.fixture
def post(world: World, tmp_path: Path) -> Path:
    """A folder into which text messages go."""
    folder = tmp_path / "texts"
    folder.mkdir()
    world.bank.settings = replace(world.bank.settings, text_gateway=f"folder:{folder}")
    return folder


def ask(world: World, phone: str = WANG, address: str = "10.0.0.1") -> phone_codes.Ticket:
    ticket = phone_codes.ask(world.bank, phone_codes.Asked(phone=phone, address=address, wording="code {}".format))
    if ticket.message is not None:
        texts.deliver(world.bank, ticket.message)
    return ticket


def messages(post: Path) -> list[dict[str, str]]:
    return [json.loads(file.read_bytes()) for file in sorted(post.glob("*.json"))]


def code_in(post: Path) -> str:
    """The newest code that came."""
    return messages(post)[-1]["text"].removeprefix("code ")


def who(world: World, token: str) -> logins.Who:
    found = logins.by_session(world.bank, token)
    assert found is not None
    return found


def enter(world: World, ticket: phone_codes.Ticket, code: str) -> tuple[phone_codes.Choice, ...]:
    return phone_codes.enter(world.bank, ticket.secret, code)


def log_in(world: World, ticket: phone_codes.Ticket, name: str, born: str, *, known: bool = False) -> str:
    person = world.people[name].id
    return phone_codes.choose(world.bank, ticket.secret, person, born, known=known, hasher=HASHER)


def test_the_code_comes_and_the_day_of_birth_lets_her_in(world: World, post: Path) -> None:
    ticket = ask(world, "138 0000 0003")
    assert [one["to"] for one in messages(post)] == ["138 0000 0003"]
    (choice,) = enter(world, ticket, code_in(post))
    assert choice == phone_codes.Choice(world.people["wang"].id, "王＊＊")
    found = who(world, log_in(world, ticket, "wang", "06-01"))
    assert (found.actor.person, found.community) == (world.people["wang"].id, HERE)


def test_where_she_is_known_no_day_is_asked(world: World, post: Path) -> None:
    ticket = ask(world)
    enter(world, ticket, code_in(post))
    assert who(world, log_in(world, ticket, "wang", "", known=True)).actor.person == world.people["wang"].id


def test_a_pin_that_she_has_already_stays_good(world: World, post: Path) -> None:
    choose(world)
    ticket = ask(world)
    enter(world, ticket, code_in(post))
    by_phone = who(world, log_in(world, ticket, "wang", "0601"))
    with_card = logins.LogIn(name=world.people["wang"].card, secret="280471", address="10.0.0.1")
    assert who(world, logins.log_in(world.bank, with_card, hasher=HASHER)).actor.login == by_phone.actor.login


def test_a_household_chooses_and_each_needs_her_own_day(world: World, post: Path) -> None:
    world.register("husband", "李国庆", HERE, is_elder=True, phone=WANG, born="1946-10-01")
    ticket = ask(world)
    assert {one.name for one in enter(world, ticket, code_in(post))} == {"王＊＊", "李＊＊"}
    assert refused(lambda: log_in(world, ticket, "husband", "0601")) is Code.BIRTHDAY_WRONG
    assert who(world, log_in(world, ticket, "husband", "1001")).actor.person == world.people["husband"].id


def test_somebody_of_another_number_cannot_be_chosen(world: World, post: Path) -> None:
    ticket = ask(world)
    enter(world, ticket, code_in(post))
    assert refused(lambda: log_in(world, ticket, "li", "0305")) is Code.BIRTHDAY_WRONG


def test_an_unknown_number_is_answered_alike_and_nothing_is_sent(world: World, post: Path) -> None:
    ticket = ask(world, "13999999999")
    assert messages(post) == []
    assert len(ticket.secret) == len(ask(world).secret)
    assert [one["to"] for one in messages(post)] == [WANG]
    assert refused(lambda: enter(world, ticket, code_in(post))) is Code.LOGIN_CODE_WRONG


def test_a_code_is_good_for_its_ticket_alone(world: World, post: Path) -> None:
    first = ask(world)
    code = code_in(post)
    second = ask(world)
    assert refused(lambda: enter(world, second, code)) is Code.LOGIN_CODE_WRONG
    assert enter(world, first, code)


def test_after_five_wrong_ones_the_right_one_is_void(world: World, post: Path) -> None:
    ticket = ask(world)
    code = code_in(post)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert refused(lambda: enter(world, ticket, wrong)) is Code.LOGIN_CODE_WRONG
    assert refused(lambda: enter(world, ticket, code)) is Code.LOGIN_CODE_WRONG


def test_after_five_wrong_days_the_ticket_is_void(world: World, post: Path) -> None:
    ticket = ask(world)
    enter(world, ticket, code_in(post))
    for _ in range(5):
        assert refused(lambda: log_in(world, ticket, "wang", "0602")) is Code.BIRTHDAY_WRONG
    assert refused(lambda: log_in(world, ticket, "wang", "0601")) is Code.LOGIN_CODE_WRONG


def test_a_ticket_is_used_once(world: World, post: Path) -> None:
    ticket = ask(world)
    enter(world, ticket, code_in(post))
    log_in(world, ticket, "wang", "0601")
    assert refused(lambda: log_in(world, ticket, "wang", "0601")) is Code.LOGIN_CODE_WRONG


def test_without_the_code_nobody_is_in(world: World, post: Path) -> None:
    ticket = ask(world)
    assert refused(lambda: log_in(world, ticket, "wang", "0601")) is Code.LOGIN_CODE_WRONG


def test_a_code_is_old_after_ten_minutes(world: World, post: Path) -> None:
    ticket = ask(world)
    world.clock.advance(minutes=phone_codes.LASTS_MINUTES)
    assert refused(lambda: enter(world, ticket, code_in(post))) is Code.LOGIN_CODE_WRONG


def test_whose_day_is_not_noted_the_station_helps(world: World, post: Path) -> None:
    world.register("aunt", "王秀英", HERE, is_elder=True, phone="13811112222")
    ticket = ask(world, "13811112222")
    enter(world, ticket, code_in(post))
    assert refused(lambda: log_in(world, ticket, "aunt", "")) is Code.BIRTHDAY_UNKNOWN


def test_a_telephone_gets_so_many_codes_and_no_more(world: World, post: Path) -> None:
    for number in range(world.bank.settings.login_attempts):
        ask(world, address=f"10.0.0.{number}")
    assert refused(lambda: ask(world, address="10.0.1.1")) is Code.TOO_MANY_ATTEMPTS
    assert len(messages(post)) == world.bank.settings.login_attempts


def test_who_died_is_not_among_those_who_log_in(world: World, post: Path) -> None:
    ticket = ask(world)
    death = standing.Death(
        id=world.bank.uuid(), community=HERE, person=world.people["wang"].id, day=world.clock.day, proof="hospital"
    )
    standing.ask_death(world.bank, world.actors["clerk"], death)
    approvals.decide(world.bank, world.actors["lead"], HERE, death.id, approve=True)
    assert refused(lambda: enter(world, ticket, code_in(post))) is Code.LOGIN_CODE_WRONG
    before = len(messages(post))
    ask(world)
    assert len(messages(post)) == before


def test_whose_number_was_changed_meanwhile_is_not_reached_by_the_old_one(world: World, post: Path) -> None:
    ticket = ask(world)
    enter(world, ticket, code_in(post))
    corrected = members.Correction(person=world.people["wang"].id, phone="13822223333")
    members.correct(world.bank, world.actors["clerk"], corrected)
    assert refused(lambda: log_in(world, ticket, "wang", "0601")) is Code.BIRTHDAY_WRONG


def test_where_no_messages_are_sent_it_is_said(world: World) -> None:
    assert refused(lambda: ask(world)) is Code.NO_TEXTS


def test_what_the_folder_does_not_take_now_the_job_hands_over_later(world: World, post: Path) -> None:
    post.rmdir()
    ticket = ask(world)
    assert texts.deliver_all(world.bank, OPERATOR) == (0, 1)
    post.mkdir()
    assert texts.deliver_all(world.bank, OPERATOR) == (1, 0)
    assert texts.deliver_all(world.bank, OPERATOR) == (0, 0)
    assert enter(world, ticket, code_in(post))


def test_what_nobody_took_in_time_is_forgotten(world: World, post: Path) -> None:
    post.rmdir()
    ask(world)
    world.clock.advance(minutes=phone_codes.LASTS_MINUTES)
    post.mkdir()
    assert texts.deliver_all(world.bank, OPERATOR) == (0, 0)
    assert messages(post) == []


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[dict[str, Any]], list[int]]]:
    """An HTTP gateway on loopback: its address, what it was sent, and the statuses that it will answer."""
    taken: list[dict[str, Any]] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append(body | {"key": self.headers["Authorization"]})
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/send", taken, answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_gateway_gets_it_with_its_key_and_again_until_it_takes_it(
    world: World, gateway: tuple[str, list[dict[str, Any]], list[int]]
) -> None:
    address, taken, answers = gateway
    answers += [503, 200]
    world.bank.settings = replace(world.bank.settings, text_gateway=address, text_gateway_key="k1")
    ticket = ask(world)
    assert texts.deliver_all(world.bank, OPERATOR) == (1, 0)
    assert [(one["id"], one["to"], one["key"]) for one in taken] == [(ticket.message, WANG, "Bearer k1")] * 2
    assert enter(world, ticket, taken[-1]["text"].removeprefix("code "))
