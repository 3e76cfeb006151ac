"""The matrix of a place: who owes whom, near which limits, the last nights, and who takes care of what differs."""

import csv
import io

import pytest
from flask import Flask

from tests.api.calls import V1, Calls
from tests.counting import asked_of
from tests.federation.test_reconciliation import run
from tests.federation.test_transfers import send, wanted
from tests.services.test_standing import refusal
from tests.web.visitor import AT, Visitor, said
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, KeyRole, decision_id
from timebank.services import communities, peers, positions, reconciliation

TOWN, COUNTY, CITY = HERE[:9], HERE[:6], HERE[:4]
FAR = "520303001001"  # a community of another county


def look(world: World, place: str = TOWN) -> positions.Positions:
    return positions.of(world.bank, OPERATOR, place)


def limit(world: World, community: str, minutes: int) -> None:
    other = ELSEWHERE if community == HERE else HERE
    peers.set_limit(world.bank, OPERATOR, community, world.bank.origin(other), minutes)


def test_a_town_sees_who_owes_whom_by_row_and_by_column(rich: World) -> None:
    send(rich, wanted(rich, 90))
    found = look(rich)
    assert [(part.code, part.is_within) for part in found.parts] == [(HERE, True), (ELSEWHERE, True)]
    assert (found.between(HERE, ELSEWHERE), found.between(ELSEWHERE, HERE)) == (-90, 90), "whoever sent hours owes them"
    assert (found.owed_to(HERE), found.owed_by(HERE)) == (-90, 90)
    assert [(one.debtor, one.creditor, one.minutes) for one in found.debts] == [(HERE, ELSEWHERE, 90)]


def test_a_county_is_made_of_towns_and_what_is_owed_within_one_is_not_shown(rich: World) -> None:
    founding = communities.Founding(code=FAR, name="凤凰社区居民委员会", town="凤凰路街道", county="汇川区")
    communities.found(rich.bank, OPERATOR, founding)
    send(rich, wanted(rich, 90))
    assert look(rich, COUNTY).owed == ()
    with rich.bank.office() as office:
        office.people.add(
            directory.Peer(
                community=HERE, origin=rich.bank.origin(FAR), genesis=bytes(32), limit_minutes=600, size=0,
                frozen_at=1, frozen_why="fork",
            )
        )  # fmt: skip
    city = look(rich, CITY)
    assert [(part.code, part.name) for part in city.parts] == [(COUNTY, "红花岗区"), ("520303", "汇川区")]
    county = look(rich, COUNTY)
    assert [(part.code, part.is_within) for part in county.parts] == [(TOWN, True), (FAR[:9], False)]
    assert [one.frozen_why for one in county.watched] == ["fork"]


def test_a_ledger_of_another_service_has_a_column_of_its_own(rich: World) -> None:
    elsewhere = "other.example/c/520399001001"
    with rich.bank.office() as office:
        office.people.add(
            directory.Peer(community=HERE, origin=elsewhere, genesis=bytes(32), limit_minutes=600, size=0)
        )
    with rich.bank.work(rich.bank.origin(HERE)) as work:
        body = {"peer": elsewhere, "transfer": rich.bank.uuid(), "offer": "0" * 64}
        move = (f"due:{elsewhere}", rich.people["li"].account, 45)
        decision = decision_id(elsewhere, body["transfer"])
        work.post("accept", move, by=(KeyRole.SYSTEM,), id=decision, body=body)
    for place, own in ((TOWN, HERE), (COUNTY, TOWN), (CITY, COUNTY)):
        found = look(rich, place)
        assert found.between(own, elsewhere) == 45
        assert [(part.code, part.is_within) for part in found.parts][-1] == (elsewhere, False)
        assert {one.debtor for one in found.debts} <= found.names.keys()


def test_a_link_is_watched_from_four_fifths_of_its_limit_on(rich: World) -> None:
    send(rich, wanted(rich, 80))
    for minutes, watched in ((101, 0), (100, 1), (60, 1)):
        limit(rich, ELSEWHERE, minutes)
        assert len(look(rich).watched) == watched
    (one,) = look(rich).watched
    assert (one.owed, one.soft_minutes, one.limit_minutes, one.is_full) == (80, 48, 60, True)


def test_the_nights_say_what_agreed_what_differed_and_what_was_not_compared(rich: World) -> None:
    send(rich, wanted(rich))
    run(rich)
    rich.clock.advance(days=1)
    with rich.bank.office() as office:
        office.people.add(
            directory.Reconciliation(
                id=rich.bank.uuid(), community=HERE, peer=rich.bank.origin(ELSEWHERE), at=office.now, size=1,
                peer_size=1, own_count=0, peer_count=0, due=0, peer_due=0, in_flight=0, result="differ",
            )
        )  # fmt: skip
    rich.clock.advance(days=1)
    (row,) = positions.nights(rich.bank, rich.actors["auditor"], HERE)
    assert row.code == rich.bank.origin(ELSEWHERE)
    assert [(night.agreed, night.differed, night.missed) for night in row.nights[-4:]] == [
        (0, 0, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1),
    ]  # fmt: skip
    assert len(row.nights) == positions.NIGHTS
    by_part = {one.code: one.nights for one in look(rich).nights}
    assert by_part[HERE] == row.nights
    assert by_part[ELSEWHERE][-3].missed == 1, "the other side has its own run"


def differ(world: World) -> tuple[str, str]:
    """A difference between the two, found two days ago: the other ledger and the entry."""
    key = (world.bank.origin(ELSEWHERE), "x.decision")
    with world.bank.office() as office:
        office.people.add(
            directory.Difference(
                community=HERE, peer=key[0], entry=key[1], kind="missing-here", found_at=office.now
            )
        )  # fmt: skip
    world.clock.advance(days=2)
    return key


def test_what_differs_has_an_age_and_whoever_takes_it_on_is_named(rich: World) -> None:
    key = differ(rich)
    (one,) = look(rich, COUNTY).differing
    assert (one.days, one.owner) == (2, None)
    for name in ("clerk", "auditor", "admin", "far lead"):
        with pytest.raises(Denied):
            positions.take_on(rich.bank, rich.actors[name], HERE, *key)
    positions.take_on(rich.bank, rich.actors["lead"], HERE, *key)
    (one,) = positions.differing(rich.bank, rich.actors["auditor"], HERE)
    assert one.owner == "lead"
    assert refusal(lambda: positions.take_on(rich.bank, rich.actors["lead"], HERE, key[0], "y")) is Code.ENTRY_UNKNOWN
    reconciliation.resolve(rich.bank, rich.actors["lead"], HERE, *key, "reversed there")
    assert look(rich).differing == ()
    assert refusal(lambda: positions.take_on(rich.bank, rich.actors["lead"], HERE, *key)) is Code.ALREADY_DECIDED


def test_only_who_audits_the_whole_place_sees_its_matrix(rich: World) -> None:
    rich.login("town auditor", Role.AUDITOR, TOWN)
    rich.login("county auditor", Role.AUDITOR, COUNTY)
    assert positions.of(rich.bank, rich.actors["town auditor"], TOWN).code == TOWN
    assert positions.of(rich.bank, rich.actors["county auditor"], TOWN).code == TOWN
    for name, place in (("auditor", TOWN), ("lead", TOWN), ("town auditor", COUNTY), ("county auditor", CITY)):
        with pytest.raises(Denied):
            positions.of(rich.bank, rich.actors[name], place)
    assert refusal(lambda: look(rich, "999999")) is Code.COMMUNITY_UNKNOWN


def test_the_questions_do_not_grow_with_the_links(rich: World) -> None:
    send(rich, wanted(rich))
    look(rich)
    with asked_of(rich.bank) as few:
        look(rich)
        peers.of(rich.bank, OPERATOR, HERE)
    with rich.bank.office() as office:
        for number in range(60):
            origin = f"{rich.bank.settings.host}/c/5203030{number:05}"
            office.people.add(
                directory.Peer(community=HERE, origin=origin, genesis=bytes(32), limit_minutes=600, size=0)
            )
    with asked_of(rich.bank) as many:
        look(rich)
        peers.of(rich.bank, OPERATOR, HERE)
    assert len(look(rich).positions) == 62
    assert many.statements == few.statements


# --- the page, the table, the API ------------------------------------------------------------------------------------


def test_the_page_and_the_table_say_it_in_words(app: Flask, rich: World) -> None:
    rich.login("county", Role.AUDITOR, COUNTY)
    send(rich, wanted(rich, 90))
    limit(rich, ELSEWHERE, 100)
    peers.freeze(rich.bank, OPERATOR, HERE, rich.bank.origin(ELSEWHERE), "by hand")
    visitor = Visitor(app, rich, "county")
    page = said(visitor.get(f"/places/{TOWN}/positions"))
    for words in (
        "大兴路社区居民委员会 owes 红花岗社区居民委员会 1 hour 30 minutes",
        "near its limit",
        "stopped: by hand",
    ):
        assert words in page, words
    table = visitor.get(f"/places/{TOWN}/positions/table").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert [(row[0], row[4], row[6], row[7], row[8]) for row in rows[1:]] == [
        (HERE, "-90", "48000", "60000", "stopped: by hand"),
        (ELSEWHERE, "90", "80", "100", "near its limit"),
    ]
    assert Visitor(app, rich, "auditor").get(f"/places/{TOWN}/positions").status_code == 403


def test_a_lead_takes_a_difference_on_at_the_page(app: Flask, rich: World) -> None:
    send(rich, wanted(rich))
    peer, entry = differ(rich)
    lead = Visitor(app, rich, "lead")
    assert "nobody takes care of it yet" in said(lead.get(f"{AT}/peers"))
    assert lead.post(f"{AT}/peers", step="take", peer=peer, entry=entry).status_code == 303
    page = said(lead.get(f"{AT}/peers"))
    assert "lead takes care of it" in page
    assert "open for 2 days" in page


def test_the_api_gives_the_matrix(app: Flask, rich: World) -> None:
    rich.login("county", Role.AUDITOR, COUNTY)
    send(rich, wanted(rich, 90))
    calls = Calls(app, rich)
    found = calls.get(f"{V1}/places/{TOWN}/positions", "county").get_json()
    assert {"creditor": ELSEWHERE, "debtor": HERE, "minutes": 90} in found["owed"]
    assert found["positions"][0]["soft_minutes"] == 48_000
    assert len(found["nights"][0]["nights"]) == positions.NIGHTS
    assert calls.get(f"{V1}/places/{TOWN}/positions", "auditor").status_code == 403
    assert calls.get(f"{V1}/places/12345/positions", "county").status_code == 404
