"""Who may call what: every route of the application, called as everybody, against one table written by hand.

A new route fails here until it has a row in MAY. If its address has a new kind of part, or it needs a body to get as
far as the question of rights, Stage.prepare and Stage.bodies want one more line.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.services.test_care import enter
from tests.services.test_keys import Device
from tests.world import ELSEWHERE, HASHER, HERE, SECRET, Clock, World, entered, new_bank
from timebank.access import OPERATOR, Role
from timebank.app import create_app
from timebank.directory import Callback, Cosignature, Difference, Evidence, KinCheck
from timebank.ledger import KeyRole, Signer
from timebank.services import (
    approvals,
    care,
    certificates,
    closing,
    digests,
    estates,
    groups,
    hours,
    keys,
    orders,
    papers,
    pins,
    questions,
    rosters,
    sheets,
    standing,
)

# Who calls: somebody of this community, and somebody of another one who is the same there. What is asked about is
# wang's: `member` is wang herself, `family` her daughter with her consent, `neighbour` another member.
CALLERS = {
    "nobody": None,
    "member": "wang",
    "family": "daughter",
    "neighbour": "zhao",
    "clerk": "clerk",
    "lead": "lead",
    "auditor": "auditor",
    "admin": "admin",
    "far member": "stranger",
    "far clerk": "far clerk",
    "far lead": "far lead",
    "far auditor": "far auditor",
    "far admin": "far admin",
    "town lead": "town lead",  # of the town that both communities are in
}
ALL = ", ".join(CALLERS)
LOGGED_IN = ", ".join(caller for caller in CALLERS if caller != "nobody")
MEMBERS = "member, family, neighbour, far member"
OWN = "member, family"
NOBODY = ""  # by a log-in: only by a request that a ledger signed, which tests/federation tries
PLACE = "/communities/<string(length=12):code>"
PIN = "280471"

# The one table: who may. Whoever is not named is refused: 401, 403, sent to log in, or told there is no such thing.
# A town's lead is named where a lead is not: she may what the lead of each of its communities may.
MAY = {
    "GET /api/v1/session": ALL,
    "POST /api/v1/session": ALL,
    "DELETE /api/v1/session": ALL,
    "GET /api/v1/communities": ALL,
    "GET /api/v1/communities/<community:community>/checkpoint": ALL,
    "GET /api/v1/openapi.json": ALL,
    "GET /api/v1/problems": ALL,
    "GET /api/v1/problems/<code>": ALL,
    "GET /api/v1/communities/<community:community>/day": "clerk, lead",
    "POST /api/v1/communities/<community:community>/people": "clerk",
    "POST /api/v1/communities/<community:community>/people/search": "clerk, lead",
    "POST /api/v1/communities/<community:community>/kin": "clerk",
    "GET /api/v1/people/<hex32:person>": f"{OWN}, clerk, lead",
    "PATCH /api/v1/people/<hex32:person>": "clerk",
    "POST /api/v1/communities/<community:community>/kin/<hex32:kinship>/revoke": "clerk",
    "POST /api/v1/communities/<community:community>/classes": "clerk",
    "POST /api/v1/communities/<community:community>/trainings": "clerk",
    "POST /api/v1/communities/<community:community>/stays": "clerk",
    "POST /api/v1/communities/<community:community>/guardians": "clerk",
    "POST /api/v1/communities/<community:community>/papers/<hex32:paper>/end": "clerk",
    "POST /api/v1/communities/<community:community>/suspensions": "lead",
    "POST /api/v1/communities/<community:community>/suspensions/end": "lead",
    "POST /api/v1/communities/<community:community>/deaths": "clerk, lead",
    "POST /api/v1/communities/<community:community>/incapacities": "clerk, lead",
    "POST /api/v1/communities/<community:community>/closings": "clerk, lead",
    "GET /api/v1/people/<hex32:person>/papers": f"{OWN}, clerk, lead",
    "GET /api/v1/people/<hex32:person>/profile": f"{OWN}, clerk, lead",
    "PUT /api/v1/people/<hex32:person>/profile": "clerk",
    "GET /api/v1/people/<hex32:person>/balance": f"{OWN}, clerk, lead",
    "GET /api/v1/people/<hex32:person>/history": f"{OWN}, clerk, lead",
    "GET /api/v1/people/<hex32:person>/statement": f"{OWN}, clerk, lead",
    "POST /api/v1/communities/<community:community>/visits": "clerk",
    "POST /api/v1/communities/<community:community>/orders": f"{OWN}, clerk",
    "GET /api/v1/communities/<community:community>/services": ALL,
    "GET /api/v1/communities/<community:community>/needs": ALL,
    "GET /api/v1/communities/<community:community>/board": "member, family, neighbour, clerk, lead",
    "GET /api/v1/communities/<community:community>/orders": "clerk, lead",
    "GET /api/v1/communities/<community:community>/orders/<uuid7:hold>": f"{OWN}, clerk, lead",
    "GET /api/v1/communities/<community:community>/orders/<uuid7:hold>/candidates": "clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/candidates/search": "clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/acts/<act:act>": "clerk",  # miss
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/dispatch": "clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/confirmation": f"{OWN}, clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/doubt": f"{OWN}, clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/rejection": "lead",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/call-off": "clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/rating": f"{OWN}, clerk",
    "GET /api/v1/communities/<community:community>/orders/<uuid7:hold>/rating": f"{OWN}, clerk, lead",
    "GET /api/v1/communities/<community:community>/entries/<entry:entry>/slip": f"{OWN}, clerk, lead",
    "POST /api/v1/communities/<community:community>/entries/<entry:entry>/second": "clerk",
    f"GET {PLACE}/entries/<entry_id>/second": "clerk",
    f"POST {PLACE}/entries/<entry_id>/second": "clerk",
    "POST /api/v1/communities/<community:community>/people/<hex32:person>/tear-offs": "clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/settlement": "clerk",
    "POST /api/v1/communities/<community:community>/orders/<uuid7:hold>/release": f"{OWN}, clerk",
    "POST /api/v1/communities/<community:community>/gifts": f"{OWN}, clerk",
    "POST /api/v1/communities/<community:community>/donations": f"{OWN}, clerk",
    "POST /api/v1/communities/<community:community>/reversals": "clerk, lead",
    "POST /api/v1/communities/<community:community>/grants": "clerk, lead",
    "GET /api/v1/communities/<community:community>/questions": "clerk, lead",
    "POST /api/v1/communities/<community:community>/questions": OWN,
    "GET /api/v1/communities/<community:community>/closes": "clerk, lead",
    "POST /api/v1/communities/<community:community>/closes": "clerk",
    "POST /api/v1/communities/<community:community>/cards/renewals": "clerk",
    "GET /api/v1/communities/<community:community>/callbacks": "clerk, lead",
    "POST /api/v1/communities/<community:community>/callbacks/answers": "clerk, lead",
    "POST /api/v1/communities/<community:community>/callbacks/draws": "admin",
    "GET /api/v1/communities/<community:community>/care": "lead",
    "POST /api/v1/communities/<community:community>/care/findings": "lead",
    "GET /api/v1/communities/<community:community>/certificates": ALL,
    "POST /api/v1/communities/<community:community>/certificates": "family, clerk",  # for the daughter herself
    "GET /api/v1/communities/<community:community>/certificates/<uuid7:certificate>": "neighbour, clerk, lead",
    "POST /api/v1/communities/<community:community>/certificates/<uuid7:certificate>/issue": "lead",
    "POST /api/v1/communities/<community:community>/certificates/<uuid7:certificate>/objection": "lead",
    "GET /api/v1/certificates/<entry:number>": ALL,
    "GET /api/v1/communities/<community:community>/publication": "clerk, lead",
    "POST /api/v1/communities/<community:community>/publication/filings": "clerk",
    "POST /api/v1/communities/<community:community>/questions/<uuid7:question>/answer": "lead",
    "POST /api/v1/communities/<community:community>/approvals/<uuid7:approval>/decision": "lead",
    # The signature is the authority: a note that nobody signed is declined by itself, whoever hands it in.
    "POST /api/v1/communities/<community:community>/entries": ALL,
    "POST /api/v1/communities/<community:community>/entries/readmitted": "lead",
    "GET /api/v1/communities/<community:community>/entries/<entry:entry>": f"{OWN}, clerk, lead",
    "GET /api/v1/communities/<community:community>/entries/<entry:entry>/questions": f"{OWN}, clerk, lead",
    "GET /api/v1/communities/<community:community>/entries/<entry:entry>/receipt": (
        f"{OWN}, clerk, lead, auditor, admin"
    ),
    "GET /api/v1/communities/<community:community>/audit": "lead, auditor, admin",
    "GET /api/v1/communities/<community:community>/audit/records": "lead, auditor, admin",
    "GET /api/v1/communities/<community:community>/audit/records/<seq:seq>": "lead, auditor, admin",
    "GET /api/v1/communities/<community:community>/audit/verification": "lead, auditor, admin",
    "GET /": ALL,
    "GET /login": ALL,
    "POST /login": ALL,
    "POST /logout": ALL,
    "GET /desk": ALL,
    "POST /desk": ALL,
    "GET /language/<any(zh, en):wanted>": ALL,
    "GET /size/<wanted>": ALL,
    "GET /static/<path:filename>": ALL,
    "GET /check": ALL,
    "POST /check": ALL,
    "GET /about/why": ALL,
    "GET /digest": ALL,
    f"GET {PLACE}/digest-proof/<day>": ALL,
    f"GET {PLACE}/checkpoint": ALL,
    "GET /me": LOGGED_IN,
    "GET /communities": LOGGED_IN,
    "GET /orders/new": MEMBERS,
    "POST /orders/new": OWN,  # for wang
    "GET /people/<person_id>": f"{OWN}, clerk, lead",
    "GET /people/<person_id>/statement": f"{OWN}, clerk, lead",
    f"GET {PLACE}/people/<person_id>/pin": "clerk",
    f"POST {PLACE}/people/<person_id>/pin": "clerk",
    "GET /login/telephone": ALL,
    "POST /login/telephone": ALL,
    "GET /login/code": ALL,
    "POST /login/code": ALL,
    "GET /login/who": ALL,
    "POST /login/who": ALL,
    "GET /people/<person_id>/face": f"{OWN}, clerk, lead",
    f"GET {PLACE}/orders/<hold>/face": f"{OWN}, clerk, lead",
    f"GET {PLACE}/people/<person_id>/photo": "clerk",
    f"POST {PLACE}/people/<person_id>/photo": "clerk",
    "GET /people/<person_id>/pin": "member",
    "POST /people/<person_id>/pin": "member",
    "PUT /api/v1/communities/<community:community>/people/<hex32:person>/pin": "clerk",
    "PUT /api/v1/people/<hex32:person>/pin/own": "member",
    "GET /people/<person_id>/profile": "neighbour",  # zhao, who serves
    "POST /people/<person_id>/profile": "neighbour",
    "PUT /api/v1/people/<hex32:person>/profile/own": "neighbour",
    "GET /people/<person_id>/month": f"{OWN}, clerk, lead",
    "GET /people/<person_id>/give": f"{OWN}, clerk",
    "POST /people/<person_id>/give": f"{OWN}, clerk",
    "GET /people/<person_id>/donate": f"{OWN}, clerk",
    "POST /people/<person_id>/donate": f"{OWN}, clerk",
    "GET /people/<person_id>/note/<what>": "clerk",
    "POST /people/<person_id>/note/<what>": "clerk",
    "GET /people/<person_id>/ask/<any('death', 'incapable', 'close'):act>": "clerk, lead",
    "POST /people/<person_id>/ask/<any('death', 'incapable', 'close'):act>": "clerk, lead",
    "POST /people/<person_id>/papers/<paper>/end": "clerk",
    "POST /people/<person_id>/kin/<kinship>/revoke": "clerk",
    "POST /people/<person_id>/<any('suspend', 'resume'):suspension>": "lead",
    f"POST {PLACE}/orders/<hold>/release": f"{OWN}, clerk",
    "GET /visits": MEMBERS,
    f"GET {PLACE}/policy": ALL,
    f"POST {PLACE}/policy": "admin",
    f"GET {PLACE}/promise": ALL,
    f"GET {PLACE}/poster": ALL,
    f"GET {PLACE}/services": ALL,
    f"GET {PLACE}/needs": ALL,
    f"GET {PLACE}/needs/table": ALL,
    f"GET {PLACE}/board": "member, family, neighbour, clerk, lead",
    f"GET {PLACE}/orders": "clerk, lead",
    f"GET {PLACE}/orders/<hold>": f"{OWN}, clerk, lead",
    f"POST {PLACE}/orders/<hold>": "clerk",  # dispatch
    f"POST {PLACE}/orders/<hold>/rating": f"{OWN}, clerk",
    f"GET {PLACE}/orders/<hold>/appointment": f"{OWN}, clerk, lead",
    f"GET {PLACE}/people/<person_id>/codes": "clerk",
    f"POST {PLACE}/people/<person_id>/codes": "clerk",
    f"GET {PLACE}/orders/<hold>/settle": "clerk",
    f"POST {PLACE}/orders/<hold>/settle": "clerk",
    f"GET {PLACE}/record": "clerk",
    f"POST {PLACE}/record": "clerk",
    f"GET {PLACE}/redeem": "clerk",
    f"POST {PLACE}/redeem": "clerk",
    f"GET {PLACE}/people/new": "clerk",
    f"POST {PLACE}/people/new": "clerk",
    f"GET {PLACE}/people": "clerk, lead",
    f"POST {PLACE}/people": "clerk, lead",
    f"POST {PLACE}/search": "clerk, lead",
    f"GET {PLACE}/day": "clerk, lead",
    f"GET {PLACE}/cards": "clerk",
    f"POST {PLACE}/cards": "clerk",
    "GET /people/<person_id>/card": "clerk",
    "POST /people/<person_id>/card": "clerk",
    f"GET {PLACE}/close": "clerk, lead",
    f"POST {PLACE}/close": "clerk",
    f"GET {PLACE}/closes": "clerk, lead",
    f"GET {PLACE}/closes/<close>": "clerk, lead",
    f"POST {PLACE}/approvals/<approval>": "lead",
    f"GET {PLACE}/entries/<entry_id>": f"{OWN}, clerk, lead",
    f"GET {PLACE}/entries/<entry_id>/done": f"{OWN}, clerk, lead",
    f"GET {PLACE}/entries/<entry_id>/slip": f"{OWN}, clerk, lead",
    f"GET {PLACE}/entries/<entry_id>/receipt": f"{OWN}, clerk, lead, auditor, admin",
    f"GET {PLACE}/entries/<entry_id>/reverse": "clerk, lead",
    f"POST {PLACE}/entries/<entry_id>/reverse": "clerk, lead",
    f"GET {PLACE}/entries/<entry_id>/question": OWN,
    f"POST {PLACE}/entries/<entry_id>/question": OWN,
    f"GET {PLACE}/questions/<question>": "lead",
    f"POST {PLACE}/questions/<question>": "lead",
    f"POST {PLACE}/callbacks": "clerk, lead",
    f"GET {PLACE}/care": "lead",
    f"POST {PLACE}/care": "lead",
    f"POST {PLACE}/kin-checks": "lead",
    "GET /api/v1/communities/<community:community>/kin-checks": "lead",
    "POST /api/v1/communities/<community:community>/kin-checks/answers": "lead",
    "POST /api/v1/communities/<community:community>/kin-checks/draws": "admin",
    f"GET {PLACE}/fund": "lead",
    "GET /api/v1/communities/<community:community>/fund": "lead",
    "GET /towns/<string(length=9):code>": "town lead",
    f"GET {PLACE}/honours": ALL,
    "GET /people/<person_id>/send": f"{OWN}, clerk",
    "POST /people/<person_id>/send": f"{OWN}, clerk",
    "GET /people/<person_id>/transfers": f"{OWN}, clerk, lead",
    f"GET {PLACE}/peers": "lead, auditor, admin",
    f"POST {PLACE}/peers": "lead",
    f"GET {PLACE}/evidence/<number>": "lead, auditor, admin",
    f"GET {PLACE}/witnessed/<path:by>": "lead, auditor, admin",
    "GET /places/<string(minlength=4, maxlength=9):code>/positions": "town lead",
    "GET /places/<string(minlength=4, maxlength=9):code>/positions/table": "town lead",
    "GET /api/v1/places/<place:place>/positions": "town lead",
    "POST /api/v1/communities/<community:community>/transfers": f"{OWN}, clerk",
    "GET /api/v1/people/<hex32:person>/transfers": f"{OWN}, clerk, lead",
    "POST /api/v1/federation/<community:community>/<what>": NOBODY,
    "GET /api/v1/communities/<community:community>/peers": "lead, auditor, admin",
    f"GET {PLACE}/estates": "clerk, lead",
    f"POST {PLACE}/estates": "clerk, lead",
    "GET /estates/<number>": ALL,
    f"GET {PLACE}/slips": "clerk, lead",
    "POST /api/v1/communities/<community:community>/last-wishes": "clerk",
    "POST /api/v1/communities/<community:community>/assessments": "clerk",
    "GET /api/v1/communities/<community:community>/estates": "clerk, lead",
    "POST /api/v1/communities/<community:community>/estates": "clerk, lead",
    "GET /api/v1/estates/<entry:number>": ALL,
    "GET /api/v1/communities/<community:community>/slips": "clerk, lead",
    f"GET {PLACE}/erasures/<person_id>": "lead",
    f"POST {PLACE}/erasures/<person_id>": "lead",
    "POST /api/v1/communities/<community:community>/erasures": "lead",
    "GET /people/<person_id>/honour": "member, clerk",
    "POST /people/<person_id>/honour": "member, clerk",
    "GET /api/v1/communities/<community:community>/honours": ALL,
    "POST /api/v1/communities/<community:community>/honours": "member, clerk",
    "GET /people/<person_id>/certificates": f"{OWN}, clerk, lead",
    "POST /people/<person_id>/certificates": f"{OWN}, clerk",
    f"GET {PLACE}/certificates": ALL,
    f"GET {PLACE}/certificates/<certificate>": "neighbour, clerk, lead",
    f"POST {PLACE}/certificates/<certificate>": "lead",
    f"GET {PLACE}/certificates/<certificate>/pdf": "neighbour, clerk, lead",
    "GET /certificates/<number>": ALL,
    "POST /certificates/<number>": ALL,
    f"GET {PLACE}/publication": "clerk, lead",
    f"POST {PLACE}/publication": "clerk",
    f"GET {PLACE}/publication/notice": "clerk, lead",
    f"GET {PLACE}/publication/table": "clerk, lead",
    f"GET {PLACE}/publication/parts": "clerk",
    f"GET {PLACE}/groups/<group_id>": "clerk, lead",
    f"POST {PLACE}/groups/<group_id>": "clerk",
    f"POST {PLACE}/groups/<group_id>/members/<membership>/end": "clerk",
    f"GET {PLACE}/rosters/new": "clerk",
    f"POST {PLACE}/rosters/new": "clerk",
    f"GET {PLACE}/rosters/blank": "clerk",
    f"GET {PLACE}/rosters/<roster_id>": "clerk, lead",
    f"GET {PLACE}/pile": "clerk",
    f"POST {PLACE}/pile": "clerk",
    f"GET {PLACE}/sheets": "clerk",
    f"POST {PLACE}/sheets": "clerk",
    f"GET {PLACE}/sheets/template": "clerk",
    f"GET {PLACE}/sheets/<string(length=32):sheet>": "clerk",
    f"POST {PLACE}/sheets/<string(length=32):sheet>": "clerk",
    f"POST {PLACE}/sheets/<string(length=32):sheet>/record": "clerk",
    f"GET {PLACE}/sheets/<string(length=32):sheet>/table": "clerk",
    f"GET {PLACE}/providers/<provider>/acceptance": "clerk, lead",
    f"GET {PLACE}/providers/<provider>/acceptance/table": "clerk, lead",
    f"GET {PLACE}/people/<person_id>/door": "clerk",
    f"POST {PLACE}/people/<person_id>/door": "clerk",
    "GET /api/v1/communities/<community:community>/groups/<hex32:group>/members": "clerk, lead",
    "POST /api/v1/communities/<community:community>/groups/<hex32:group>/members": "clerk",
    "POST /api/v1/communities/<community:community>/groups/<hex32:group>/members/<hex32:membership>/end": "clerk",
    "POST /api/v1/communities/<community:community>/rosters": "clerk",
    "GET /api/v1/communities/<community:community>/rosters/<hex32:roster>": "clerk, lead",
    "GET /api/v1/communities/<community:community>/providers/<hex32:provider>/acceptance": "clerk, lead",
    "POST /api/v1/communities/<community:community>/people/<hex32:person>/door-code": "clerk",
    f"GET {PLACE}/logins": "admin",
    f"POST {PLACE}/logins": "admin",
    f"GET {PLACE}/logins/<login>": "admin",
    f"POST {PLACE}/logins/<login>": "admin",
    "POST /api/v1/communities/<community:community>/logins/search": "admin",
    "GET /api/v1/communities/<community:community>/logins/<hex32:login>/roles": "admin",
    "POST /api/v1/communities/<community:community>/logins/<hex32:login>/roles": "admin",
    "POST /api/v1/communities/<community:community>/logins/<hex32:login>/roles/end": "admin",
    f"GET {PLACE}/audit": "lead, auditor, admin",
    "GET /places/<place>/figures": "town lead",
    "GET /places/<place>/figures/table": "town lead",
    "GET /places/<place>/queues": "town lead",
    "GET /places/<place>/liability": "town lead",
    "GET /api/v1/places/<place:place>/liability": "town lead",
    "GET /about/accessibility": ALL,
    "GET /api/v1/places/<place:place>/queues": "town lead",
    "GET /places/<place>/honours": ALL,
    f"POST {PLACE}/care/owners": "lead",
    "POST /api/v1/communities/<community:community>/care/owners": "lead",
    "GET /places/<place>/reports/<month>": "town lead",
    "GET /places/<place>/reports/<month>/file": "town lead",
    "GET /api/v1/places/<place:place>/reports/<month:month>": "town lead",
    f"POST {PLACE}/audit/verify": "lead, auditor, admin",
    f"GET {PLACE}/audit/records/<int:seq>": "lead, auditor, admin",
}


_SHEET = "志愿者,服务对象,日期,时长\n,,,"
_IS_ON_ITS_WAY = re.compile(r"/orders/<[^>]*hold>(/(acts|confirmation|doubt|rejection|call-off|rating|dispatch)|$)")


@dataclass
class Stage:
    """The world with an entry, an order and a question about wang's hours, and a client for each caller."""

    app: Flask
    world: World
    parts: dict[str, str] = field(default_factory=dict)
    late: str = ""
    called: str = ""
    drawn: str = ""
    number: str = ""
    gathered: dict[str, str] = field(default_factory=dict)

    def build(self) -> "Stage":
        self.world.login("far auditor", Role.AUDITOR, ELSEWHERE)
        self.world.login("far admin", Role.ADMIN, ELSEWHERE)
        self.world.login("town lead", Role.LEAD, HERE[:9])
        self.world.login("spare", Role.AUDITOR, HERE)
        self.world.register("wu", "吴刚", HERE, is_volunteer=True, born="1980-01-01")
        self.world.record(minutes=480)
        self.world.give("li", "wang", 470)
        # Each route takes an hour or two of minutes from her: twice as much, from another hand.
        self.world.record(volunteer="wu", minutes=480)
        self.world.give("wu", "wang", 480)
        for _ in range(care.MANY_SHORT):
            self.world.record(volunteer="zhao", minutes=1)  # something odd
        self.world.policy("[certificate]\npublication_days = 0")
        enter(self.world, 1, volunteer="wang", elder="chen", uncredited="group")
        self.world.record("daughter", "chen")
        self._draw()
        self._gather()
        self.prepare()
        return self

    def _draw(self) -> None:
        """One call, about what another clerk recorded."""
        bank = self.world.bank
        visit = self.world.visit(minutes=1)
        self.called = entered(hours.record(bank, self.world.actors["clerk2"], visit)).record.id
        with bank.office() as office:
            origin, month = bank.origin(HERE), self.world.clock.day[:7]
            office.people.add(
                Callback(community=HERE, month=month, entry=self.called, origin=origin, drawn_at=office.now)
            )

        self.drawn = self.world.relate("daughter", "chen", "other", scope=()).id
        with bank.office() as office:
            office.people.add(KinCheck(kinship=self.drawn, community=HERE, month=month, drawn_at=office.now))

    def _gather(self) -> None:
        """A group with a member, an event of it, and a provider."""
        bank, clerk, day = self.world.bank, self.world.actors["clerk"], self.world.clock.day
        group = self.world.register("team", "红花岗义工队", HERE, kind="group", is_volunteer=True).id
        member = self.world.people["zhao"].id
        joined = groups.Membership(id=bank.uuid(), community=HERE, group=group, person=member, from_day=day)
        groups.join(bank, clerk, joined)
        event = rosters.Roster(
            id=bank.uuid(),
            community=HERE,
            day=day,
            minutes=30,
            service="cleaning",
            there=(rosters.There(volunteer=member),),
            group=group,
        )
        rosters.record(bank, clerk, event)
        provider = self.world.register("firm", "爱心家政公司", HERE, kind="provider", is_volunteer=True).id
        self.gathered = {"group": group, "membership": joined.id, "roster": event.id, "provider": provider}

    def _handed_in(self) -> str:
        """A spreadsheet; what it says is forgotten with whoever is erased meanwhile."""
        handed_in = sheets.Upload(id=self.world.bank.uuid(), community=HERE)
        sheets.look(self.world.bank, self.world.actors["clerk"], handed_in, _SHEET.encode())
        return handed_in.id

    def prepare(self, route: str = "") -> None:
        """What stands in addresses between <converter: and >, by name; nothing of it was decided or finished yet."""
        about = self.world.record(minutes=30).record.id
        asked = approvals.Reversal(id=self.world.bank.uuid(), community=HERE, entry=about, reason="twice")
        approvals.ask_reversal(self.world.bank, self.world.actors["clerk"], asked)
        doubted = self.world.record(minutes=30).record.id
        doubt = questions.Doubt(id=self.world.bank.uuid(), community=HERE, entry=doubted, text="not given")
        questions.ask(self.world.bank, self.world.actors["li"], doubt)
        entry = self.world.record(minutes=30).record.id
        person = self.world.people["wang"].id
        self.parts = {
            "community": HERE,
            "person": person,
            "person_id": person,
            "entry": entry,
            "entry_id": entry,
            "hold": self._order_for(route) if _IS_ON_ITS_WAY.search(route) else self.world.order(minutes=1).record.id,
            "approval": asked.id,
            "paper": self._paper(person),
            "kinship": self.world.relate("wu", "wang").id,
            "what": "training",
            "act": "review" if "/acts/" in route else "death",
            "suspension": "resume",
            "question": doubt.id,
            "certificate": self._certificate(),
            "number": self.number,
            "seq": "0",
            "day": digests.make(self.world.bank, OPERATOR).day,
            "wanted": "en",
            "filename": "app.css",
            "place": HERE[:9],
            "month": self.world.clock.day[:7],
            "by": "x.example/c/1",
            **self.gathered,
            "group_id": self.gathered["group"],
            "roster_id": self.gathered["roster"],
            "login": self.world.actors["spare"].login,
        }
        if "sheet>" in route:
            self.parts["sheet"] = self._handed_in()
        if "<close>" in route:
            closed = closing.Close(id=self.world.bank.uuid(), community=HERE, day=self.world.clock.day, slips=0)
            self.parts["close"] = closing.close(self.world.bank, self.world.actors["clerk"], closed)[0].id
        self.late = self._late()
        if "/profile" in route and ("own" in route or "/api/" not in route):
            self.parts["person"] = self.parts["person_id"] = self.world.people["zhao"].id
        if "/pin" in route:
            chosen = pins.ChosenPin(community=HERE, person=person, pin=PIN)
            pins.choose(self.world.bank, self.world.actors["clerk"], chosen, hasher=HASHER)
        if "erasures" in route:
            self.parts["person_id"] = self._closed()
        if "federation" in route:
            self.parts["what"] = "offer"
        if "peers" in route:
            self._differs()
        gateway = "folder:/nowhere" if "/login/" in route else ""
        self.world.bank.settings = replace(self.world.bank.settings, text_gateway=gateway)
        if "estates" in route:
            self.parts["number"] = self._case()
        if "evidence" in route or "witnessed" in route:
            self.parts["number"] = self._seen_outside()

    def _closed(self) -> str:
        """Somebody whose account is closed."""
        bank, actors = self.world.bank, self.world.actors
        gone = self.world.register("gone", "钱伟", HERE).id
        wanted = standing.Closing(id=bank.uuid(), community=HERE, person=gone, reason="moved-away")
        standing.ask_closing(bank, actors["clerk"], wanted)
        approvals.decide(bank, actors["lead"], HERE, wanted.id, approve=True)
        return gone

    def _seen_outside(self) -> str:
        """Something that is kept against the own ledger, by its number; and a head that another has countersigned."""
        bank = self.world.bank
        with bank.office() as office:
            kept = Evidence(id=bank.uuid(), origin=bank.origin(HERE), at=office.now, what="fork", note=b"x")
            head = {"community": HERE, "cosigner": self.parts["by"]}
            if office.people.get(Cosignature, tuple(head.values())) is None:
                office.people.add(Cosignature(**head, size=1, at=office.now, note=b"x"))
            office.people.add(kept)
            return kept.id

    def _differs(self) -> None:
        """Something in which two ledgers differ."""
        key = {"community": HERE, "peer": "x", "entry": "x"}
        with self.world.bank.office() as office:
            if office.people.get(Difference, (HERE, "x", "x")) is None:
                office.people.add(Difference(**key, kind="amount", found_at=office.now))

    def _case(self) -> str:
        """Of somebody who died and left something."""
        bank, actors = self.world.bank, self.world.actors
        gone = self.world.register("gone", "孙强", HERE, is_volunteer=True, born="1950-01-01").id
        self.world.record("gone", "chen", 30)
        died = standing.Death(id=bank.uuid(), community=HERE, person=gone, day=self.world.clock.day, proof="hospital")
        standing.ask_death(bank, actors["clerk"], died)
        approvals.decide(bank, actors["lead"], HERE, died.id, approve=True)
        return estates.cases(bank, actors["clerk"], HERE)[-1].number

    def _order_for(self, route: str) -> str:
        """An order that has come as far as what is asked of it needs."""
        bank, actors = self.world.bank, self.world.actors
        hold = self.world.order(minutes=1, actor="daughter").record.id
        if route.endswith("/acts/<act:act>"):
            return hold
        orders.review(bank, actors["clerk"], HERE, hold)
        if route.endswith(("<hold>", "/dispatch")):
            return hold
        sent = orders.Sent(community=HERE, hold=hold, volunteer=self.world.people["li"].id)
        orders.dispatch(bank, actors["clerk"], sent)
        if route.endswith("/call-off"):
            orders.knock(bank, actors["clerk"], HERE, hold)
            return hold
        self.world.clock.advance(minutes=2)  # she is not in two places
        orders.check_in(bank, actors["clerk"], HERE, hold)
        orders.check_out(bank, actors["clerk"], HERE, hold)
        if route.endswith("/rejection"):
            orders.doubt(bank, actors["clerk"], orders.Doubt(community=HERE, hold=hold))
        if route.endswith("/rating"):
            confirmed = orders.Confirmed(community=HERE, hold=hold, reason="cannot-sign")
            orders.confirm(bank, actors["clerk"], confirmed)
        return hold

    def _paper(self, person: str) -> str:
        """What was noted of somebody."""
        bank, day = self.world.bank, self.world.clock.day
        new = papers.Training(id=bank.uuid(), community=HERE, person=person, course="first-aid", day=day)
        papers.note_training(bank, self.world.actors["clerk"], new)
        return new.id

    def _certificate(self) -> str:
        """Of zhao, who asked for it; it may be issued at once."""
        bank = self.world.bank
        for one in certificates.waiting(bank, None, HERE):
            certificates.stop(bank, self.world.actors["lead"], HERE, one.id, "other")
        wanted = certificates.Request(id=bank.uuid(), community=HERE, person=self.world.people["zhao"].id)
        asked = certificates.ask(bank, self.world.actors["zhao"], wanted)
        self.number = asked.number
        return asked.id

    def _late(self) -> str:
        """What a tablet signed before its key was revoked."""
        bank = self.world.bank
        signer = Signer.generate(f"{bank.origin(HERE)}/tablet-{bank.uuid()}")
        keys.register(bank, OPERATOR, HERE, str(signer.vkey), KeyRole.DEVICE)
        late = Device(self.world, signer).note()
        keys.revoke(bank, OPERATOR, HERE, signer.name)
        return late.decode()

    def bodies(self, address: str) -> dict[str, dict[str, Any]]:
        """For each write a body that is good enough to be asked for rights."""
        day, person = self.world.clock.day, {name: known.id for name, known in self.world.people.items()}
        done = {"volunteer": person["li"], "day": day, "minutes": 1, "confirmed": "card"}
        return {
            self.parts["person"]: {"born": "1948-06-01"},
            "profile": {"grid": "03"},
            "session": {"name": "clerk2", "secret": SECRET},
            "people": {"name": "吴桂芳", "is_elder": True},
            "search": {"name": "clerk2"} if "/logins/" in address else {"q": "wang"},
            "own": {"old": PIN, "pin": "913580"} if "/pin/" in address else {"offers": ["meal"]},
            "pin": {"pin": PIN},
            "second": {"second": person["zhao"]},
            "roles": {"role": "clerk", "where": HERE},
            "kin": {
                "member": person["zhao"],
                "elder": person["chen"],
                "relation": "other",
                "proof": "declaration",
            },
            "classes": {"person": person["wang"], "name": "disabled", "proof": "assessment", "from_day": day},
            "trainings": {"person": person["li"], "course": "first-aid", "day": day},
            "stays": {"person": person["wang"], "from_day": day},
            "guardians": {"person": person["li"], "guardian": person["zhao"], "proof": "consent", "from_day": day},
            "end": self._ended(address),
            "suspensions": {"person": person["wu"]},
            "deaths": {"person": person["wu"], "day": day, "proof": "certificate"},
            "incapacities": {"person": person["wu"], "guardian": person["li"], "proof": "court"},
            "closings": {"person": person["wu"], "reason": "moved-away"},
            "revoke": {},
            "members": {"person": person["li"], "from_day": day},
            "rosters": {
                "day": day,
                "minutes": 1,
                "service": "cleaning",
                "there": [{"volunteer": person["li"]}],
                "uncredited": "duty",
                "confirmed": "paper",
            },
            "visits": done | {"served": [person["wang"]], "service": "company"},
            "orders": {"elder": person["wang"], "service": "meal", "minutes": 10, "wanted_day": day},
            "settlement": done,
            "dispatch": {"volunteer": person["li"]},
            "confirmation": {"reason": "cannot-sign"},
            "doubt": {},
            "rating": {"stars": 4},
            "release": {},
            "gifts": {"giver": person["wang"], "receiver": person["chen"], "minutes": 1},
            "donations": {"giver": person["wang"], "minutes": 1},
            "reversals": {"entry": self.parts["entry"], "reason": "twice"},
            "questions": {"entry": self.parts["entry"], "text": "not given"},
            "answer": {"decision": "stands", "reply": "signed"},
            "closes": {"day": day, "slips": 0},
            "renewals": {"person": person["wang"], "card": self.world.people["wang"].card},
            "findings": self.closing(),
            "owners": {key: value for key, value in self.closing().items() if key != "outcome"},
            "honours": {"person": person["wang"], "named": True},
            "transfers": {
                "giver": person["wang"],
                "to": ELSEWHERE,
                "card": self.world.people["stranger"].card,
                "minutes": 1,
            },
            "last-wishes": {"person": person["wang"], "to": "fund"},
            "assessments": {"person": person["wang"], "need": "light", "day": day},
            "estates": {"number": self.parts["number"], "minutes": 1},
            "erasures": {"person": self.parts["person_id"]},
            "certificates": {"person": person["daughter"]},
            "issue": {},
            "filings": {"entries": [self.parts["entry"]], "state": "filed"},
            "objection": {"objection": "hours"},
            "answers": {"kinship": self.drawn, "answer": "unclear"}
            if "kin-checks" in address
            else {"entry": self.called, "answer": "unreachable"},
            "draws": {"month": "2026-08"},
            "grants": {"person": person["wang"], "minutes": 1, "reason": "trial"},
            "decision": {"approve": True},
            "entries": {"entries": ["x"]},
            "readmitted": {"note": self.late},
        }

    def _ended(self, address: str) -> dict[str, str]:
        if "/roles/" in address:
            return {"role": "clerk", "where": HERE}
        return {"person": self.world.people["wu"].id} if "suspensions" in address else {"day": self.world.clock.day}

    def forms(self) -> dict[str, dict[str, Any]]:
        """For each page that writes, by endpoint, its form filled in and sent to be done."""
        day, person = self.world.clock.day, {name: known.id for name, known in self.world.people.items()}
        sent = {"id": self.world.bank.uuid(), "step": "post"}
        done = sent | {"volunteer": person["li"], "day": day, "minutes": "1", "confirmed": "card"}
        order = sent | {"elder": person["wang"], "service": "meal", "minutes": "1", "wanted_day": day, "payer": "elder"}
        return {
            "web.log_in": {"name": "clerk2", "secret": SECRET},
            "web.change_desk": {"name": "clerk2", "secret": SECRET},
            "web.order": order,
            "web.redeem_here": order,
            "web.settle": done,
            "web.one_order": {"act": "dispatch", "volunteer": person["li"]},
            "web.codes": {},
            "web.door_card": {},
            "web.group": {"id": sent["id"], "person": person["li"], "from_day": day},
            "web.sheets": sent | {"confirmed": "paper", "file": (io.BytesIO(_SHEET.encode()), "visits.csv")},
            "web.pile": sent
            | {
                "confirmed": "paper",
                "volunteer-1": "zhaomin",
                "served-1": "wangguiying",
                "day-1": day,
                "minutes-1": "1",
                "service-1": "cleaning",
            },
            "web.roster": done | {"there": person["li"], "service": "cleaning", "uncredited": "duty", "payer": "issue"},
            "web.change_policy": {"layer": "[caps]\nday_minutes = 300", "step": "check"},
            "web.record": done | {"served": person["wang"], "service": "company", "payer": "issue"},
            "web.release": {"reason": "cancelled"},
            "web.rate": {"stars": "5"},
            "web.own_profile": {"offers": "meal"},
            "web.photo": {"act": "remove"},
            "web.choose_pin": {"pin": PIN, "again": PIN},
            "web.change_pin": {"old": PIN, "pin": "913580", "again": "913580"},
            "web.give": sent | {"card": self.world.people["chen"].card, "minutes": "1", "reason": "family"},
            "web.donate": sent | {"minutes": "1"},
            "web.register_person": sent | {"name": "吴桂芳", "is_elder": "true", "language": "zh"},
            "web.note": sent | {"course": "first-aid", "day": day},
            "web.ask_standing": sent | {"day": day, "proof": "certificate"},
            "web.logins": {"name": "clerk2"},
            "web.roles": {"role": "clerk", "where": HERE, "act": "give"},
            "web.people": {"q": "wang"},
            "web.search": {"q": "wang"},
            "web.decide": {"decision": "approve"},
            "web.question": sent | {"text": "not given"},
            "web.answer": {"decision": "stands", "reply": "signed"},
            "web.check_kin": {"kinship": self.drawn, "answer": "unclear"},
            "web.call_back": {"entry": self.called, "answer": "unreachable"},
            "web.certificates": sent,
            "web.decide_certificate": {"decision": "issue"},
            "web.check_certificate": {"name": "赵敏"},
            "web.file_records": {"entries": self.parts["entry"], "state": "filed", "month": day[:7]},
            "web.close_finding": self.closing(),
            "web.member_cards": {"person": person["wang"]},
            "web.lost_card": {"card": self.world.people["wang"].card},
            "web.close_day": sent | {"day": day, "slips": "0"},
            "web.take_on": self.closing(),
            "web.honour": {"named": "true"},
            "web.resolve": {"peer": "x", "entry": "x", "resolution": "done"},
            "web.send": sent | {"card": self.world.people["stranger"].card, "minutes": "1", "reason": "family"},
            "web.estates": {"id": self.world.bank.uuid(), "number": self.parts["number"], "minutes": "1"},
            "web.second": {"second": person["zhao"]},
            "web.reverse": sent | {"reason": "twice"},
        }

    def closing(self) -> dict[str, str]:
        """What closes the odd thing of this world."""
        subject = f"{self.world.people['zhao'].account}>{self.world.clock.day}"
        day = {"kind": care.MANY_VISITS, "subject": subject, "period": self.world.clock.day[:7]}
        return day | {"outcome": "in-order"}

    def client(self, caller: str) -> tuple[FlaskClient, dict[str, str]]:
        """A browser with a session of its own, and the header its writes need; it serves pages and the API alike."""
        client = self.app.test_client()
        name = CALLERS[caller]
        if name is not None:
            client.set_cookie("timebank", self.world.token(name))
        return client, {"X-CSRFToken": client.get("/api/v1/session").get_json()["csrf_token"]}

    def call(self, caller: str, method: str, rule: Rule) -> TestResponse:
        is_api = rule.rule.startswith("/api/")
        parts = self.parts | {"code": "denied" if is_api else HERE[:9] if "length=9" in rule.rule else HERE}
        missing = rule.arguments - parts.keys()
        assert not missing, f"{rule.rule}: say in Stage.prepare what stands for {', '.join(sorted(missing))}"
        with self.app.test_request_context():
            values = {name: int(parts[name]) if name == "seq" else parts[name] for name in rule.arguments}
            address = self.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
        client, headers = self.client(caller)
        query = "?from=2026-09-01&to=2026-09-30" if address.endswith("/statement") else ""
        if method == "GET":
            return client.get(address + query, buffered=True)
        if not is_api:
            return client.open(address, method=method, data=self.forms().get(rule.endpoint, {}), headers=headers)
        body = self.bodies(address).get(address.rpartition("/")[2])
        headers["Idempotency-Key"] = self.world.bank.uuid()
        return client.open(address, method=method, json=body, headers=headers)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("rights")
    url = f"sqlite:///{folder / 'timebank.db'}"
    clock = Clock()
    bank = new_bank(folder, url, url, clock)
    world = World(bank, clock).build()
    yield Stage(create_app(bank.settings, bank), world).build()
    bank.close()


def routes(app: Flask) -> dict[str, Rule]:
    """Every route, as `METHOD rule`."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def is_refused(response: TestResponse) -> bool:
    """Refused for want of rights: not allowed, sent to log in, or told that there is no such thing."""
    to_log_in = response.status_code in (302, 303) and "next=" in response.headers.get("Location", "")
    return response.status_code in (401, 403, 404) or to_log_in


def may(caller: str, route: str) -> bool:
    named = MAY[route].split(", ")
    return caller in named or (caller == "town lead" and "lead" in named)


def test_every_route_has_its_row_and_every_row_its_route(stage: Stage) -> None:
    found = routes(stage.app).keys()
    missing, stale = sorted(found - MAY.keys()), sorted(MAY.keys() - found)
    assert not missing, "Say in MAY (tests/test_rights.py) who may call:\n" + "\n".join(missing)
    assert not stale, "MAY has rows for routes that are no more:\n" + "\n".join(stale)


@pytest.mark.parametrize("route", list(MAY))
def test_a_route_lets_in_whom_the_table_names_and_nobody_else(stage: Stage, route: str) -> None:
    stage.prepare(route)
    rule = routes(stage.app)[route]
    method = route.partition(" ")[0]
    answers = {caller: stage.call(caller, method, rule) for caller in CALLERS}
    assert not {caller: answer.text for caller, answer in answers.items() if answer.status_code >= 500}
    let_in = [caller for caller, answer in answers.items() if not is_refused(answer)]
    assert let_in == [caller for caller in CALLERS if may(caller, route)]


@pytest.mark.parametrize("route", [route for route, may in MAY.items() if may not in (ALL, NOBODY)])
def test_a_route_does_what_it_is_asked_so_that_no_row_holds_for_a_wrong_reason(stage: Stage, route: str) -> None:
    stage.prepare(route)
    named = MAY[route].split(", ")
    first = next((caller for caller in named if caller not in OWN.split(", ")), named[0])
    answer = stage.call(first, route.partition(" ")[0], routes(stage.app)[route])
    assert answer.status_code in (200, 201, 202, 204, 302, 303), answer.text
