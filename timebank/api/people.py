"""People, their relatives and their figures."""

from dataclasses import replace

from flask import Response

from timebank import visitor
from timebank.schemas import inputs, outputs
from timebank.services import cards, members, pins, statements
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped, unless_known
from .room import Room

room = Room("people", "People, their relatives and their figures.")


@room.view(
    "POST",
    "/communities/<community:community>/people",
    takes=inputs.people.RegistrationInput,
    gives=outputs.people.Registered,
    status=(201, 200),
    keyed=True,
)
def register(community: str) -> Response:
    """Register a person and open an account; the Idempotency-Key becomes the person's id.

    May call: clerks of the community (scope register_person).
    """
    new = gate.load_keyed(inputs.people.RegistrationInput, community=community)
    known, posted = members.register(bank(), actor(), new)
    status = 200 if posted.repeated else 201
    said = {"person": known, "posted": posted}
    return dumped(outputs.people.Registered, said, status, Location=f"/api/v1/people/{known.id}")


@room.view(
    "POST",
    "/communities/<community:community>/people/search",
    takes=inputs.room.SearchQuery,
    gives=outputs.people.People,
)
def search(community: str) -> Response:
    """Find people by name, pinyin, initials, the end of the telephone number, or card.

    May call: clerks and leads of the community (scope search_people). It changes nothing; it is a POST because a name
    or a number must not stand in an address, which ends up in logs.
    """
    wanted = gate.load(inputs.room.SearchQuery)
    found = members.search(bank(), actor(), community, wanted["q"], wanted["limit"])
    return dumped(outputs.people.People, {"people": found})


@room.view(
    "POST",
    "/communities/<community:community>/kin",
    takes=inputs.people.KinInput,
    gives=outputs.people.Kinship,
    status=(201, 200),
    keyed=True,
)
def relate(community: str) -> Response:
    """Note what an elder is to a relative, and what she consented to, at the station, that the relative does for her.

    May call: clerks of the elder's community (scope record_kinship).
    """
    kin = gate.load_keyed(inputs.people.KinInput, community=community)
    new = members.relate(bank(), actor(), kin)
    said = {"id": kin.id, "member": kin.member, "elder": kin.elder, "repeated": not new}
    return dumped(outputs.people.Kinship, said, 201 if new else 200)


@room.view("GET", "/people/<hex32:person>", gives=outputs.people.Person)
def one(person: str) -> Response:
    """Show a person.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    return dumped(outputs.people.Person, members.person(bank(), actor(), person))


@room.view("PATCH", "/people/<hex32:person>", takes=inputs.people.CorrectionInput, gives=outputs.people.Person)
def correct(person: str) -> Response:
    """Put right what was registered of a person; what is left out stays as it is.

    May call: clerks of the person's community (scope register_person), but not for themselves.
    """
    correction = gate.load(inputs.people.CorrectionInput, person=person)
    return dumped(outputs.people.Person, members.correct(bank(), actor(), correction))


@room.view(
    "POST",
    "/communities/<community:community>/cards/renewals",
    takes=inputs.desk.RenewalInput,
    gives=outputs.people.Person,
)
def renew_card(community: str) -> Response:
    """Make a lost card void and draw a new number for its holder. Sent twice it is the same: a number is void once.

    May call: clerks of the community (scope register_person), but not for themselves.
    """
    renewal = gate.load(inputs.desk.RenewalInput, community=community)
    return dumped(outputs.people.Person, cards.renew(bank(), actor(), renewal))


@room.view("GET", "/people/<hex32:person>/profile", gives=outputs.people.Profile)
def profile(person: str) -> Response:
    """Show what is noted of a volunteer for sending her, and in which grid somebody lives.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    return dumped(outputs.people.Profile, members.profile(bank(), actor(), person))


@room.view("PUT", "/people/<hex32:person>/profile", takes=inputs.people.ProfileInput, gives=outputs.people.Profile)
def describe(person: str) -> Response:
    """Note it anew; what is left out is noted no longer.

    May call: clerks of the person's community (scope register_person), but not for themselves.
    """
    return dumped(
        outputs.people.Profile, members.describe(bank(), actor(), gate.load(inputs.people.ProfileInput, person=person))
    )


@room.view(
    "PUT", "/people/<hex32:person>/profile/own", takes=inputs.people.OwnProfileInput, gives=outputs.people.Profile
)
def describe_own(person: str) -> Response:
    """Say anew what one speaks and offers, when one has time, and to which grids one likes to go; and the own telephone
    number, unless one is called back by it as an elder. What the station noted beside it stays.

    May call: the volunteer herself (scope describe_own).
    """
    own = gate.load(inputs.people.OwnProfileInput, person=person)
    return dumped(outputs.people.Profile, members.describe_own(bank(), actor(), own))


@room.view("GET", "/people/<hex32:person>/balance", gives=outputs.ledgers.Figures, status=(200, 304))
def balance(person: str) -> Response:
    """Give the three figures of a person; with If-None-Match only 304 while the ledger has not grown.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    figures = statements.figures(bank(), actor(), person)
    return unless_known(dumped(outputs.ledgers.Figures, figures), f"{figures.person}-{figures.size}")


@room.view("GET", "/people/<hex32:person>/history", query=inputs.room.PageQuery, gives=outputs.entries.History)
def history(person: str) -> Response:
    """List a person's entries, newest first, each with the balance after it.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    page = gate.query(inputs.room.PageQuery)
    return dumped(outputs.entries.History, statements.history(bank(), actor(), person, page["before"], page["limit"]))


@room.view("GET", "/people/<hex32:person>/statement", query=inputs.room.SpanQuery, gives=outputs.entries.Statement)
def statement(person: str) -> Response:
    """Give a person's statement from one day to another, by posting date.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    span = gate.query(inputs.room.SpanQuery)
    return dumped(
        outputs.entries.Statement, statements.statement(bank(), actor(), person, span["first_day"], span["last_day"])
    )


@room.view(
    "PUT",
    "/communities/<community:community>/people/<hex32:person>/pin",
    takes=inputs.people.PinInput,
    status=204,
)
def choose_pin(community: str, person: str) -> Response:
    """The PIN of a member's card, typed by herself at the counter; whoever was logged in with the old one is out.

    May call: clerks of the community (scope set_pin), not for themselves or their family.
    """
    pins.choose(bank(), actor(), gate.load(inputs.people.PinInput, community=community, person=person))
    return Response(status=204)


@room.view("PUT", "/people/<hex32:person>/pin/own", takes=inputs.people.OwnPinInput, status=204)
def change_pin(person: str) -> Response:
    """Another PIN for one's own card in place of the one that is known; every session of it ends.

    May call: the person herself (scope change_pin_own). Wrong old PINs are counted as wrong log-ins are.
    """
    changed = gate.load(inputs.people.OwnPinInput, person=person)
    pins.change(bank(), actor(), replace(changed, address=visitor.address()))
    return Response(status=204)
