"""Two communities compare their books: what is on its way is brought on, what differs is named."""

import pytest

from tests.counting import asked_of
from tests.federation.test_transfers import due, freeze, send, state, thaw, verify, wanted
from tests.services.test_standing import refusal
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR, Denied
from timebank.federation import desk
from timebank.ledger import Code, KeyRole, decision_id
from timebank.services import audits, peers, reconciliation


def run(world: World, community: str = HERE) -> reconciliation.Run:
    other = ELSEWHERE if community == HERE else HERE
    return reconciliation.run(world.bank, OPERATOR, community, world.bank.origin(other))


def test_books_that_agree_are_signed_by_both_over_the_same_cut(rich: World) -> None:
    send(rich, wanted(rich, 90))
    here, there = run(rich), run(rich, ELSEWHERE)
    assert (here.result, here.matched, here.due, here.peer_due, here.in_flight) == ("agree", 3, 90, -90, 0)
    assert (there.result, there.due, there.peer_due) == ("agree", -90, 90)
    assert there.peer_root == audits.overview(rich.bank, rich.actors["auditor"], HERE, limit=1).head.root.hex()
    for community in (HERE, ELSEWHERE):
        assert audits.verify(rich.bank, OPERATOR, community).kinds["recon"] == 1


def test_a_second_run_looks_at_what_is_new_and_signs_nothing_twice(rich: World) -> None:
    send(rich, wanted(rich))
    assert run(rich).matched == 3
    assert run(rich).matched == 0
    send(rich, wanted(rich))
    assert run(rich).matched == 3
    assert audits.verify(rich.bank, OPERATOR, HERE).kinds["recon"] == 1, "one a day"
    rich.clock.advance(days=1)
    run(rich)
    assert audits.verify(rich.bank, OPERATOR, HERE).kinds["recon"] == 1, "nothing moved since"


def test_what_is_on_its_way_is_brought_on(rich: World) -> None:
    here = rich.bank.origin(HERE)
    freeze(rich, ELSEWHERE, here)
    transfer = wanted(rich)
    assert send(rich, transfer) == "offered"
    found = run(rich)
    assert (found.result, found.due, found.in_flight) == ("agree", 0, 0)
    thaw(rich, ELSEWHERE, here)
    found = run(rich)
    assert (state(rich, transfer), found.result, found.due) == ("sent", "agree", 60)


def test_what_was_accepted_and_not_concluded_is_in_flight_and_no_difference(rich: World) -> None:
    here, there = rich.bank.origin(HERE), rich.bank.origin(ELSEWHERE)
    freeze(rich, ELSEWHERE, here)
    transfer = wanted(rich)
    send(rich, transfer)
    thaw(rich, ELSEWHERE, here)
    offer = desk.prove(rich.bank, here, desk.seen_of(rich.bank, ELSEWHERE, here), f"{transfer.id}.hold")
    desk.admit(rich.bank, ELSEWHERE, here, offer)  # and the answer is lost
    assert due(rich) == (0, -60, 60)
    found = reconciliation.run(rich.bank, OPERATOR, ELSEWHERE, here)
    assert (found.result, found.due, found.peer_due, found.in_flight) == ("agree", -60, 0, 60)
    assert run(rich).result == "agree"
    assert due(rich) == (60, -60, 0)
    assert there != here


def test_an_entry_without_its_other_half_is_a_difference_until_somebody_resolved_it(rich: World) -> None:
    """The other ledger accepts what was never offered: its operator wrote it with the keys of the service."""
    here, there = rich.bank.origin(HERE), rich.bank.origin(ELSEWHERE)
    send(rich, wanted(rich))
    transfer = rich.bank.uuid()
    with rich.bank.work(there) as work:
        account = rich.people["stranger"].account
        body = {"peer": here, "transfer": transfer, "offer": "0" * 64}
        decision = decision_id(here, transfer)
        work.post("accept", (f"due:{here}", account, 45), by=(KeyRole.SYSTEM,), id=decision, body=body)
    found = run(rich)
    assert dict(found.differences) == {"missing-here": decision, "mirror": f"{found.size}.{found.peer_size}"}
    assert found.due + found.peer_due == -45
    (first, second) = reconciliation.open_ones(rich.bank, rich.actors["auditor"], HERE)
    assert {first.kind, second.kind} == {"missing-here", "mirror"}
    about = (rich.bank, rich.actors["lead"], HERE, there)
    reconciliation.resolve(*about, decision, "reversed there")
    reconciliation.resolve(*about, decision, "reversed there")
    assert refusal(lambda: reconciliation.resolve(*about, decision, "nothing")) is Code.ALREADY_DECIDED
    (left,) = reconciliation.open_ones(rich.bank, rich.actors["auditor"], HERE)
    assert left.kind == "mirror"
    verify(rich)


def test_a_frozen_link_is_passed_over_and_others_are_not(rich: World) -> None:
    send(rich, wanted(rich))
    assert [one.result for one in reconciliation.run_all(rich.bank, OPERATOR, HERE)] == ["agree"]
    peers.freeze(rich.bank, OPERATOR, HERE, rich.bank.origin(ELSEWHERE), "by hand")
    assert reconciliation.run_all(rich.bank, OPERATOR, HERE) == []


def test_only_who_keeps_the_books_reconciles_and_only_a_lead_resolves(rich: World) -> None:
    for name in ("clerk", "lead", "li", "auditor"):
        with pytest.raises(Denied):
            reconciliation.run(rich.bank, rich.actors[name], HERE, rich.bank.origin(ELSEWHERE))
    for name in ("clerk", "auditor", "far lead", "admin"):
        with pytest.raises(Denied):
            reconciliation.resolve(rich.bank, rich.actors[name], HERE, "x", "y", "z")


def test_what_is_asked_of_the_database_does_not_grow_with_what_is_compared(rich: World) -> None:
    send(rich, wanted(rich, 1))
    run(rich), run(rich, ELSEWHERE)
    asked = []
    for transfers_between in (0, 2, 20):
        for _ in range(transfers_between):
            send(rich, wanted(rich, 1))
        rich.clock.advance(days=1)
        with asked_of(rich.bank) as found:
            assert run(rich).matched == 3 * transfers_between
        asked.append(found)
    quiet, few, many = asked
    assert quiet.statements <= 40
    assert few.statements <= 75
    assert many.statements <= few.statements + 5
    assert (many.rows - few.rows) / (3 * 18) < 5, "rows for each entry more"
