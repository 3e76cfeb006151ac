"""What was proved of people at the counter, and what they consented to."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import members, papers
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("papers", "Priority classes, trainings, guardians and consents: each holds from a day up to another.")


@room.view("GET", "/people/<hex32:person>/papers", gives=outputs.people.Papers)
def of(person: str) -> Response:
    """List what is noted of a person and holds today or later.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    return dumped(outputs.people.Papers, papers.of(bank(), actor(), person))


@room.view(
    "POST",
    "/communities/<community:community>/classes",
    takes=inputs.papers.ClassInput,
    gives=outputs.room.Noted,
    status=(201, 200),
    keyed=True,
)
def prove_class(community: str) -> Response:
    """Note that a person was proved to belong to a priority class.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    new = gate.load_keyed(inputs.papers.ClassInput, community=community)
    return _noted(new.id, new.person, papers.prove_class(bank(), actor(), new))


@room.view(
    "POST",
    "/communities/<community:community>/assessments",
    takes=inputs.papers.AssessmentInput,
    gives=outputs.room.Noted,
    status=(201, 200),
    keyed=True,
)
def note_assessment(community: str) -> Response:
    """Note what a social worker found a person to need.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    new = gate.load_keyed(inputs.papers.AssessmentInput, community=community)
    return _noted(new.id, new.person, papers.note_assessment(bank(), actor(), new))


@room.view(
    "POST",
    "/communities/<community:community>/trainings",
    takes=inputs.papers.TrainingInput,
    gives=outputs.room.Noted,
    status=(201, 200),
    keyed=True,
)
def note_training(community: str) -> Response:
    """Note that a person took a course.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    new = gate.load_keyed(inputs.papers.TrainingInput, community=community)
    return _noted(new.id, new.person, papers.note_training(bank(), actor(), new))


@room.view(
    "POST",
    "/communities/<community:community>/stays",
    takes=inputs.papers.StayInput,
    gives=outputs.room.Noted,
    status=(201, 200),
    keyed=True,
)
def note_stay(community: str) -> Response:
    """Note a stay in a hospital. Nothing is refused for it: a service on a day of it is shown to the lead.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    new = gate.load_keyed(inputs.papers.StayInput, community=community)
    return _noted(new.id, new.person, papers.note_stay(bank(), actor(), new))


@room.view(
    "POST",
    "/communities/<community:community>/guardians",
    takes=inputs.papers.GuardianInput,
    gives=outputs.room.Noted,
    status=(201, 200),
    keyed=True,
)
def note_guardian(community: str) -> Response:
    """Note who decides for a person, and agreed to her serving.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    new = gate.load_keyed(inputs.papers.GuardianInput, community=community)
    return _noted(new.id, new.person, papers.note_guardian(bank(), actor(), new))


@room.view(
    "POST", "/communities/<community:community>/papers/<hex32:paper>/end", takes=inputs.papers.EndedInput, status=204
)
def end(community: str, paper: str) -> Response:
    """End a class, a training, a guardianship or a stay on a day; what ended earlier stays as it is.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    papers.end(bank(), actor(), gate.load(inputs.papers.EndedInput, community=community, paper=paper))
    return Response(status=204)


@room.view(
    "POST",
    "/communities/<community:community>/kin/<hex32:kinship>/revoke",
    takes=inputs.people.RevocationInput,
    status=204,
)
def revoke(community: str, kinship: str) -> Response:
    """Take back a consent at once; the relation stays known. Of a relation without a consent: that it was noted.

    May call: clerks of the elder's community (scope record_kinship).
    """
    members.revoke(bank(), actor(), gate.load(inputs.people.RevocationInput, community=community, kinship=kinship))
    return Response(status=204)


def _noted(paper: str, person: str, new: bool) -> Response:
    return dumped(outputs.room.Noted, {"id": paper, "person": person, "repeated": not new}, 201 if new else 200)
