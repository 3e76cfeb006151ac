"""An admin looks a login up, gives it a role and takes one away."""

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, said
from tests.world import HERE, World
from timebank.access import Right, allowed
from timebank.services import logins

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_an_admin_gives_and_takes_a_role_on_the_page(app: Flask, world: World) -> None:
    admin, login = Visitor(app, world, "admin"), world.actors["clerk2"].login
    found = admin.post(f"{AT}/logins", name="clerk2")
    assert found.location == f"{AT}/logins/{login}", "what was typed stands in no address"
    assert "Clerk: registers, records, sends · this community" in said(admin.get(found.location))
    given = admin.post(found.location, role="lead", where=HERE, act="give")
    assert given.status_code == 303
    shown = said(admin.get(found.location))
    assert "given: Lead: decides, approves, looks after · this community · admin" in shown
    admin.post(found.location, role="lead", where=HERE, act="take")
    who = logins.by_session(world.bank, world.token("clerk2"))
    assert who is not None
    assert not allowed(who.actor, Right.APPROVE_VISIT, HERE)
    assert "taken: Lead" in said(admin.get(found.location))


def test_the_page_says_why_it_changes_nothing(app: Flask, world: World) -> None:
    admin = Visitor(app, world, "admin")
    assert "There is no open login of this name." in said(admin.post(f"{AT}/logins", name="nobody"))
    own = f"{AT}/logins/{world.actors['admin'].login}"
    assert "another admin changes its roles" in said(admin.get(own))
    assert "Give this role" not in said(admin.get(own))
    refused = admin.post(own, role="lead", where=HERE, act="give")
    assert refused.status_code == 403
    assert "about yourself" in said(refused)
