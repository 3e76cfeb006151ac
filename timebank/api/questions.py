"""Doubts about entries: a member asks, the station answers."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import questions
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("questions", "“This is wrong”: a member doubts an entry, and a lead answers.")


@room.view(
    "POST",
    "/communities/<community:community>/questions",
    takes=inputs.care.DoubtInput,
    gives=outputs.entries.Asked,
    status=202,
    keyed=True,
)
def ask(community: str) -> Response:
    """Doubt an entry. Nothing changes until a lead has answered; one question at a time about one entry.

    May call: whoever takes part in it, and relatives with consent (scope question_own).
    """
    doubt = gate.load_keyed(inputs.care.DoubtInput, community=community)
    return dumped(outputs.entries.Asked, questions.ask(bank(), actor(), doubt), 202)


@room.view("GET", "/communities/<community:community>/questions", gives=outputs.care.Questions)
def waiting(community: str) -> Response:
    """Show the questions that are open.

    May call: clerks and leads of the community (scope see_day).
    """
    return dumped(outputs.care.Questions, {"questions": questions.open_ones(bank(), actor(), community)})


@room.view("GET", "/communities/<community:community>/entries/<entry:entry>/questions", gives=outputs.care.Questions)
def about(community: str, entry: str) -> Response:
    """Show the questions about an entry and their answers.

    May call: clerks and leads of the community (scope see_person); whoever takes part in it, and relatives with
    consent (scope see_own). Words are only for the station and for who asked.
    """
    return dumped(outputs.care.Questions, {"questions": questions.about(bank(), actor(), community, entry)})


@room.view(
    "POST",
    "/communities/<community:community>/questions/<uuid7:question>/answer",
    takes=inputs.care.VerdictInput,
    gives=outputs.entries.Answered,
    status=(201, 200),
    keyed=True,
)
def answer(community: str, question: str) -> Response:
    """Answer a question: the entry stands, or is undone, and then 201 with its reversal.

    May call: leads of the community (scope answer_question), but whoever asked, recorded the entry or takes part in it
    cannot answer. A question has one answer, whatever the Idempotency-Key.
    """
    gate.idempotency_key()
    verdict = gate.load(inputs.care.VerdictInput, community=community, question=question)
    answered, posted = questions.decide(bank(), actor(), verdict)
    return dumped(
        outputs.entries.Answered,
        {"question": answered, "posted": posted},
        201 if posted and not posted.repeated else 200,
    )
