"""What a member reads of hours that she sent to another community."""

import pytest
from flask import Flask

from tests.web.visitor import Visitor, said
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR
from timebank.services import policies, transfers

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_hours_that_came_back_say_why(app: Flask, world: World) -> None:
    world.record("li", "wang", minutes=240)
    policies.set_layer(world.bank, OPERATOR, ELSEWHERE, "[caps]\nheld_minutes = 59")
    policies.publish(world.bank, OPERATOR, ELSEWHERE)
    wanted = transfers.Transfer(
        id=world.bank.uuid(),
        community=HERE,
        giver=world.people["li"].id,
        to=ELSEWHERE,
        card=world.people["stranger"].card,
        minutes=60,
    )
    transfers.send(world.bank, world.actors["li"], wanted)
    page = Visitor(app, world, "li").get(f"/people/{world.people['li'].id}/transfers")
    assert page.status_code == 200
    assert "would have more than she may have" in said(page)
