"""「这笔不对」: somebody doubts an entry of theirs, the station answers, and both stand beside the entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from timebank import directory
from timebank.access import Actor, Denied, Right, allowed, require
from timebank.bank import Bank, Posted, Reading, View, Work
from timebank.ledger import REVERSIBLE, Code, Record, Refused, reads

from . import approvals
from .statements import Item, accounts_in, items_of, seen_record

MOST_SHOWN = 500
STANDS, REVERSED = "stands", "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What somebody finds wrong with an entry. `id` is of the question, a UUIDv7 chosen by the caller."""

    id: str
    community: str
    entry: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a question: the entry `stands`, with a reply, or is `reversed`, with a reason."""

    community: str
    question: str
    decision: str
    reply: str | None = None
    reason: str = "mistake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as its reader meets it. Text and reply are None where they were erased, or are not for this reader.

    `own`: the reader may not be the one who answers it. `called`: it was said in a call-back.
    """

    id: str
    community: str
    entry: str
    item: Item | None
    person_name: str
    called: bool
    text: str | None
    asked_at: int
    decision: str | None
    reply: str | None
    decided_at: int | None
    own: bool


def ask(bank: Bank, actor: Actor | None, doubt: Doubt) -> Asked:
    """Put a question about an entry before the station: by the volunteer, the elder, or who acts for her.

    Raises Refused when there is an open question about it, or it is undone already or is no entry that can be undone.
    """
    with bank.view() as view:
        record, whose = _own_record(view, actor, doubt.community, doubt.entry)
    actor = require(actor, Right.QUESTION_OWN, doubt.community, whose)
    with bank.office() as office:
        head = office.head_of(doubt.community)
        before = office.people.get(directory.Question, doubt.id)
        if before is None:
            check_open(office, head, record)
            before = raise_question(office, head, record, whose, actor, id=doubt.id, text=doubt.text)
        elif (before.entry, before.person) != (record.id, whose) or _text(office, before) != doubt.text:
            raise Refused(Code.ID_TAKEN, id=doubt.id)
        return _asked(office, actor, [before])[0]


def may_ask(bank: Bank, actor: Actor | None, community: str, entry: str) -> bool:
    """Whether `ask` would take a question of the actor about this entry now: for a page that shows the way there."""
    try:
        with bank.view() as view:
            return may_ask_in(view, actor, community, seen_record(view, actor, community, entry))
    except (Denied, Refused):
        return False


def may_ask_in(view: View, actor: Actor | None, community: str, record: Record) -> bool:
    """As `may_ask`, about a record that the actor may see."""
    try:
        whose = _whose(view, actor, community, record)
        check_open(view, view.head_of(community), record)
        return allowed(actor, Right.QUESTION_OWN, community, whose)
    except (Denied, Refused):
        return False


def check_open(reading: Reading, head: reads.Head, record: Record) -> None:
    """Refused where nothing could come of a question about this entry, or there is one already."""
    if record.intent.kind not in REVERSIBLE:
        raise Refused(Code.NOT_REVERSIBLE, kind=record.intent.kind)
    if reads.ids_known(reading.connection, head, [f"{record.id}.reverse"]):
        raise Refused(Code.ALREADY_REVERSED, entry=record.id)
    if directory.questions.open_about(reading.people, head.origin, record.id) is not None:
        raise Refused(Code.QUESTION_OPEN, entry=record.id)


def raise_question(
    office: Reading,
    head: reads.Head,
    record: Record,
    whose: str,
    actor: Actor,
    *,
    id: str,
    text: str = "",
    called: bool = False,
) -> directory.Question:
    """Keep a question; its text goes with the private details of entries, and is erased with any of its people."""
    made = directory.Question(
        id=id,
        community=directory.epochs.code_of(head.origin),
        origin=head.origin,
        entry=record.id,
        person=whose,
        called=called,
        asked_by=actor.login,
        asked_at=office.now,
    )
    office.people.add(made)
    try:
        office.people.flush()
    except IntegrityError as error:  # somebody asked in the same moment
        raise Refused(Code.QUESTION_OPEN, entry=record.id) from error
    _keep(office, made, _place(made), text)
    return made


def open_ones(bank: Bank, actor: Actor | None, community: str) -> tuple[Asked, ...]:
    """What the station has to answer, oldest first."""
    actor = require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        return tuple(_asked(view, actor, directory.questions.open_ones(view.people, community, MOST_SHOWN)))


def one(bank: Bank, actor: Actor | None, community: str, question_id: str) -> Asked:
    """A question of this community, for its staff."""
    actor = require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        return _asked(view, actor, [_known(view, community, question_id)])[0]


def about(bank: Bank, actor: Actor | None, community: str, entry: str) -> tuple[Asked, ...]:
    """The questions about an entry, oldest first, for who may see it.

    Text and reply are for staff and for who asked: the other side reads that there is a question, not whose words.
    """
    with bank.view() as view:
        return about_in(view, actor, community, seen_record(view, actor, community, entry))


def about_in(view: View, actor: Actor | None, community: str, record: Record) -> tuple[Asked, ...]:
    """As `about`, of a record that the actor may see."""
    if actor is None:
        raise Denied(Right.SEE_OWN, community, anonymous=True)
    found = directory.questions.about(view.people, view.origin_of(community), record.id)
    return tuple(_asked(view, actor, found)) if found else ()


def decide(bank: Bank, actor: Actor | None, verdict: Verdict) -> tuple[Asked, Posted | None]:
    """Answer a question: the entry stands, or is undone by a linked one. With the reversal that was made for it.

    Whoever recorded the entry, asked, or takes part in it cannot be the one who answers. The same verdict again changes
    nothing; another one is refused.
    """
    actor = require(actor, Right.ANSWER_QUESTION, verdict.community)
    made: list[Record] = []
    with bank.work_for(verdict.community) as work:
        question = _known(work, verdict.community, verdict.question)
        if question.decision is None:
            _check_second(work, actor, question)
            if verdict.decision == REVERSED:
                made = _undo(work, actor, question, verdict.reason)
            question.decision, question.decided_by, question.decided_at = verdict.decision, actor.login, work.now
            _keep(work, question, _reply(question), verdict.reply)
        elif question.decision != verdict.decision:
            raise Refused(Code.ALREADY_DECIDED, decision=question.decision)
        elif question.decision == REVERSED and question.origin == work.origin:
            made = [reads.record_by_id(work.connection, work.writer.head, f"{question.entry}.reverse")]
    posted = bank.posted(work, made[0], made[1:]) if made else None
    return one(bank, actor, verdict.community, verdict.question), posted


def _undo(work: Work, actor: Actor, question: directory.Question, reason: str) -> list[Record]:
    """Its reversal, unless the entry was undone meanwhile; a reversal that waits for a second person has one now."""
    if work.writer.record(f"{question.entry}.reverse") is not None:
        return []
    waiting = directory.approvals.open_about(work.connection, question.community, question.entry)
    if waiting is not None:
        if waiting.asked_by == actor.login:
            raise Refused(Code.SECOND_PERSON)
        directory.approvals.decide(work.connection, waiting.id, "approved", by=actor.login, at=work.now)
    return approvals.undo(work, question.entry, reason)


def _check_second(work: Work, actor: Actor, question: directory.Question) -> None:
    recorded = work.people.get(directory.Recorded, (question.origin, question.entry))
    by = {question.asked_by} | ({recorded.login} if recorded else set())
    if actor.login in by or actor.person in _people(work, question):
        raise Refused(Code.SECOND_PERSON)


def _keep(reading: Reading, question: directory.Question, place: str, text: str | None) -> None:
    if text:
        directory.details.keep(
            reading.connection,
            reading.vault,
            origin=question.origin,
            entry=place,
            salt=reading.random(32),
            text=text,
            people=_people(reading, question),
        )


def _people(reading: Reading, question: directory.Question) -> list[str]:
    """Whom the entry is about, and who asked; also where the entry is of an earlier epoch."""
    record = reads.record_by_id(reading.connection, reading.head(question.origin), question.entry)
    return sorted(directory.questions.people_of(reading.people, accounts_in(record)) | {question.person})


def _known(reading: Reading, community: str, question_id: str) -> directory.Question:
    found = directory.questions.of(reading.people, community, question_id)
    if found is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=question_id)
    return found


def _own_record(view: View, actor: Actor | None, community: str, entry: str) -> tuple[Record, str]:
    """The record and whose it is."""
    _whom(actor, community)
    record = seen_record(view, actor, community, entry)
    return record, _whose(view, actor, community, record)


def _whom(actor: Actor | None, community: str) -> tuple[Actor, str]:
    """Who asks, and as which person."""
    if actor is None:
        raise Denied(Right.QUESTION_OWN, community, anonymous=True)
    if actor.person is None:
        raise Denied(Right.QUESTION_OWN, community)
    return actor, actor.person


def _whose(view: View, actor: Actor | None, community: str, record: Record) -> str:
    """Whose a record is: the actor's own first, else of an elder for whom she acts."""
    actor, person = _whom(actor, community)
    known = directory.people.known(view.connection, [person, *actor.elders])
    there = [person for person, found in known.items() if found.account in accounts_in(record)]
    if not there:
        raise Refused(Code.ENTRY_UNKNOWN, entry=record.id)
    return person if person in there else min(there)


def _place(question: directory.Question) -> str:
    """Where its text lies among the details of entries; no entry has such an id."""
    return f"question.{question.id}"


def _reply(question: directory.Question) -> str:
    return f"{_place(question)}.reply"


def _text(reading: Reading, question: directory.Question) -> str | None:
    return directory.details.text_of(reading.people, reading.vault, question.origin, _place(question))


def _asked(reading: Reading, actor: Actor, questions: Sequence[directory.Question]) -> list[Asked]:
    """With entries, names and words looked up for all together, a ledger at a time: one, but for earlier epochs."""
    items: dict[tuple[str, str], Item] = {}
    words: dict[tuple[str, str], str] = {}
    for origin in {question.origin for question in questions}:
        of = [question for question in questions if question.origin == origin]
        head = reading.head(origin)
        raws = reads.raw_by_ids(reading.connection, head, {question.entry for question in of})
        found = items_of(reading, head, reads.by_raw(head, raws.values()))
        items |= {(origin, item.id): item for item in found}
        places = [place for question in of for place in (_place(question), _reply(question))]
        texts = directory.details.texts_of(reading.people, reading.vault, origin, places)
        words |= {(origin, place): text for place, text in texts.items()}
    names = directory.people.names_of(reading.connection, reading.vault, {question.person for question in questions})
    made = []
    for question in questions:
        mine = question.person == actor.person or question.person in actor.elders
        reads_it = mine or allowed(actor, Right.SEE_DAY, question.community)
        made.append(
            Asked(
                id=question.id,
                community=question.community,
                entry=question.entry,
                item=items.get((question.origin, question.entry)),
                person_name=names.get(question.person, "") if reads_it else "",
                called=question.called,
                text=words.get((question.origin, _place(question))) if reads_it else None,
                asked_at=question.asked_at,
                decision=question.decision,
                reply=words.get((question.origin, _reply(question))) if reads_it else None,
                decided_at=question.decided_at,
                own=mine or question.asked_by == actor.login,
            )
        )
    return made
