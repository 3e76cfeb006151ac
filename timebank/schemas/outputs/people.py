"""People, their families, groups and papers."""

from marshmallow import fields

from . import parts
from .entries import Entry, Receipted
from .parts import Output


class Person(Output):
    """A person as the counter sees her."""

    id = parts.person_id()
    community = fields.String(required=True)
    account = fields.String(required=True)
    card = fields.String(required=True)
    name = fields.String(required=True)
    phone_tail = parts.said("the last four digits of the telephone number")
    is_volunteer = fields.Boolean(required=True)
    is_elder = fields.Boolean(required=True)
    is_family = fields.Boolean(required=True)
    kind = parts.said("person, group (whose hours go to the fund) or provider (who never earns)")


class Profile(Output):
    """What helps to send the right volunteer, and where somebody lives."""

    person = parts.person_id()
    gender = parts.maybe("f or m; null where it is not noted")
    speaks = fields.List(fields.String(), required=True, metadata={"description": "codes of languages"})
    offers = fields.List(fields.String(), required=True, metadata={"description": "codes of services"})
    grid = parts.maybe("the code of the part of the community")
    times = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "when she has time: mon-am, mon-pm, mon-eve to sun-eve"},
    )
    goes_to = fields.List(
        fields.String(), required=True, metadata={"description": "other grids to which she likes to go"}
    )


class People(Output):
    """People found."""

    people = fields.List(fields.Nested(Person), required=True)


class Kinship(Output):
    """The consent that was noted."""

    id = fields.String(required=True)
    member = parts.person_id()
    elder = parts.person_id()
    repeated = fields.Boolean(required=True)


class Member(Output):
    """Somebody who belongs to a group, and the first and last day (null: no end)."""

    id = fields.String(required=True)
    person = parts.person_id()
    name = fields.String(required=True)
    from_day = fields.String(required=True)
    until_day = parts.maybe("the last day")


class Group(Output):
    """A group, and who belongs to it today or later."""

    id = parts.person_id()
    community = fields.String(required=True)
    name = fields.String(required=True)
    members = fields.List(fields.Nested(Member), required=True)


class PersonClass(Output):
    """A priority class, its proof, and its first and last day (null: no end)."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    proof = fields.String(required=True)
    from_day = fields.String(required=True)
    expires_on = parts.maybe("the last day")


class Training(Output):
    """A course that was taken, and the last day on which it counts (null: no end)."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    day = fields.String(required=True)
    expires_on = parts.maybe("the last day")


class Assessment(Output):
    """What a social worker found the person to need, and whether to go along on the first visit."""

    id = fields.String(required=True)
    need = parts.said("light, medium or severe")
    day = fields.String(required=True)
    accompany = fields.Boolean(required=True)
    expires_on = parts.maybe("the last day")


class Stay(Output):
    """A stay in a hospital; `expires_on` is the day on which she left."""

    id = fields.String(required=True)
    from_day = fields.String(required=True)
    expires_on = parts.maybe("the day on which she left; null while she is there")


class Guardian(Output):
    """Who decides for the person, and agreed to her serving."""

    id = fields.String(required=True)
    guardian = parts.person_id()
    proof = fields.String(required=True)
    from_day = fields.String(required=True)
    expires_on = parts.maybe("the last day")


class Proxy(Output):
    """What the person is to somebody, and what she consented to that they do for her (nothing: no consent)."""

    id = fields.String(required=True)
    member = parts.person_id()
    name = fields.String(required=True)
    relation = fields.String(required=True)
    scope = fields.List(fields.String(), required=True)
    expires_at = fields.Integer(required=True, allow_none=True)
    monthly_minutes = fields.Integer(required=True, allow_none=True)


class Papers(Output):
    """What is noted of a person and holds today or later."""

    person = parts.person_id()
    born = parts.maybe("the day of birth")
    classes = fields.List(fields.Nested(PersonClass), required=True)
    trainings = fields.List(fields.Nested(Training), required=True)
    guardians = fields.List(fields.Nested(Guardian), required=True)
    assessments = fields.List(fields.Nested(Assessment), required=True)
    stays = fields.List(fields.Nested(Stay), required=True)
    proxies = fields.List(fields.Nested(Proxy), required=True)
    suspended_at = fields.Integer(required=True, allow_none=True)
    deceased_on = parts.maybe("the day of death")
    after_death = fields.List(
        fields.String(), required=True, metadata={"description": "entries whose day of service is after it"}
    )


class Heir(Output):
    """Somebody to whom the hours of a case may go."""

    person = parts.person_id()
    name = fields.String(required=True)
    relation = parts.said("what she is to whoever died")


class Estate(Output):
    """The case of somebody who died and left hours. For anybody but staff the name is masked and `heirs` empty."""

    number = fields.String(required=True)
    community = fields.String(required=True)
    place = fields.String(required=True)
    name = fields.String(required=True)
    person = parts.said("its id, for staff; else empty")
    minutes = parts.minutes("what is left")
    rule = parts.said("spouse, heirs or fund")
    wish = parts.maybe("fund, person, or null where she stated none")
    until_day = parts.maybe("the last day for relatives")
    is_over = fields.Boolean(required=True)
    is_closed = fields.Boolean(required=True)
    heirs = fields.List(fields.Nested(Heir), required=True)


class Estates(Output):
    """The open cases of a community, the oldest first."""

    cases = fields.List(fields.Nested(Estate), required=True)


class Slip(Output):
    """What was entered in a month for somebody for whom a guardian decides; `readers` are other relatives."""

    person = parts.person_id()
    name = fields.String(required=True)
    guardians = fields.List(fields.String(), required=True)
    readers = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(Entry), required=True)


class Slips(Output):
    """The slips of a month of a community."""

    community = fields.String(required=True)
    place = fields.String(required=True)
    month = fields.String(required=True)
    this_month = fields.String(required=True)
    slips = fields.List(fields.Nested(Slip), required=True)


class HonourStep(Output):
    """A threshold, and who reached it and no higher one, in the order in which they joined."""

    hours = fields.Integer(required=True, metadata={"description": "served in all"})
    names = fields.List(fields.String(), required=True)


class Honours(Output):
    """Whom a community names because they wish it, the highest threshold first; no steps where it has no board."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    steps = fields.List(fields.Nested(HonourStep), required=True)


class Registered(Output):
    """A registered person, and the entry that opened her account."""

    person = fields.Nested(Person, required=True)
    posted = fields.Nested(Receipted, required=True)


class LoginFound(Output):
    """A login."""

    login = parts.person_id()


class HeldRole(Output):
    """A role that a login has."""

    role = parts.said("member, clerk, lead, auditor or admin")
    where = parts.said("the community, what is around it, or * for everywhere")
    since = fields.Integer(required=True, metadata={"description": "milliseconds since the epoch"})


class RoleChange(Output):
    """A role that was given or taken; `by` is empty where the operator did it at the machine."""

    role = fields.String(required=True)
    where = fields.String(required=True)
    given = parts.truth("given, else taken")
    by = fields.String(required=True)
    at = fields.Integer(required=True, metadata={"description": "milliseconds since the epoch"})


class Roles(Output):
    """A login, its roles that count in a community, and how they came and went, the newest change first."""

    community = fields.String(required=True)
    login = parts.person_id()
    shown = parts.said("what pages call the login; of a member's masked")
    held = fields.List(fields.Nested(HeldRole), required=True)
    changes = fields.List(fields.Nested(RoleChange), required=True)
