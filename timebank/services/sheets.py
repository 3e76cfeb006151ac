"""Spreadsheets of visits, as stations keep them: read, looked at, asked about, then entered line by line.

A line's entry has an id that follows from what it says, so the same line is never entered twice, whichever file it
comes in and however often.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from timebank import directory, sheets
from timebank.access import Actor, Right, require
from timebank.bank import DAY_MS, Bank, Reading
from timebank.ledger import Code, Declined, Refused

from . import hours
from .sheet_lines import Judged, Kept, Question, Reader, entered, people_of

KNOWN, PENDING = "known", "todo"
KEPT_DAYS = 60
MOST_SHOWN = 20
_AT_ONCE = 100  # lines in one transaction: nobody else writes to the ledger meanwhile
_JSON = msgspec.json.Encoder(order="sorted")
Rows = Iterable[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a clerk says of a file: the `service` of lines that name none, and how all of them were confirmed."""

    id: str
    community: str
    service: str | None = None
    confirmed: str = "paper"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as it stands. `is_kept` false: what it said was forgotten meanwhile, only the sums are known."""

    id: str
    community: str
    read_at: int
    is_recorded: bool
    is_done: bool
    is_kept: bool
    lines: tuple[Judged, ...]
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    unread: tuple[str, ...]
    sums: Mapping[str, tuple[int, int]]  # lines and minutes by outcome

    @property
    def ready(self) -> tuple[Judged, ...]:
        """The lines that can be entered, and are not in the books yet."""
        return tuple(line for line in self.lines if not line.problems and not line.known)


@dataclass(frozen=True, slots=True)
class Told:
    """A sheet in a list: when it was read, and how many lines had which outcome."""

    id: str
    read_at: int
    is_recorded: bool
    is_done: bool
    sums: Mapping[str, tuple[int, int]]


def look(bank: Bank, actor: Actor | None, upload: Upload, data: bytes) -> Sheet:
    """Read a file and keep what it says; nothing is entered. Raises sheets.Unreadable where it is no list of visits."""
    actor = require(actor, Right.RECORD_VISIT, upload.community)
    if upload.service is not None and upload.service not in bank.catalogue.by_code:
        raise Refused(Code.SERVICE_UNKNOWN, service=upload.service)
    return _keep(bank, actor, upload, _kept(upload, sheets.find(sheets.read(data))), hashlib.sha256(data).digest())


def look_typed(bank: Bank, actor: Actor | None, upload: Upload, rows: Rows) -> Sheet | tuple[Judged, ...]:
    """As `look`, of rows that were typed (number and, by column, text), minutes where no unit is named. Where something
    is wrong with one, nothing is kept, and all are answered as they were understood."""
    actor = require(actor, Right.RECORD_VISIT, upload.community)
    lines = tuple(
        sheets.Line(n, {column: sheets.Cell(text, str(n)) for column, text in cells.items() if text})
        for n, cells in rows
    )
    kept = _kept(upload, sheets.VisitList("", lines, "minutes", None, ()))
    with bank.view() as view:
        judged = Reader(bank, view, upload.community, kept).judged({})
    if any(line.problems for line in judged):
        return judged
    said = _JSON.encode([(one.row, {name: cell.text for name, cell in one.cells.items()}) for one in lines])
    return _keep(bank, actor, upload, kept, hashlib.sha256(said).digest())


def _kept(upload: Upload, found: sheets.VisitList) -> Kept:
    return Kept(
        lines=[(one.row, {name: (cell.text, cell.at) for name, cell in one.cells.items()}) for one in found.lines],
        unit=found.unit,
        year=found.year,
        unread=list(found.unread),
        service=upload.service,
        confirmed=upload.confirmed,
        reason=upload.reason,
    )


def _keep(bank: Bank, actor: Actor, upload: Upload, kept: Kept, digest: bytes) -> Sheet:
    with bank.office() as office:
        before = office.people.get(directory.Sheet, upload.id)
        if before is None:
            row = directory.Sheet(
                id=upload.id,
                community=upload.community,
                digest=digest,
                read_by=actor.login,
                read_at=office.now,
                sealed_lines=_sealed(office, upload.id, kept),
            )
            office.people.add(row)
        elif (before.digest, before.community) != (digest, upload.community):
            raise Refused(Code.ID_TAKEN, id=upload.id)
    return of(bank, actor, upload.community, upload.id)


def of(bank: Bank, actor: Actor | None, community: str, sheet: str) -> Sheet:
    """A sheet: how each line is understood, what is unclear, and, once it was let in, what became of each line."""
    require(actor, Right.RECORD_VISIT, community)
    with bank.view() as view:
        row = _row(view, community, sheet)
        return _as_sheet(bank, view, row)


def recent(bank: Bank, actor: Actor | None, community: str) -> tuple[Told, ...]:
    """The sheets of a community, the newest first."""
    require(actor, Right.RECORD_VISIT, community)
    with bank.view() as view:
        rows = directory.sheets.newest(view.people, community, MOST_SHOWN)
        sums = directory.sheets.counts(view.people, [row.id for row in rows])
        return tuple(
            Told(row.id, row.read_at, row.recorded_at is not None, row.done_at is not None, _sums_of(sums, row.id))
            for row in rows
        )


def answer(bank: Bank, actor: Actor | None, community: str, sheet: str, answers: Mapping[str, str]) -> None:
    """Settle what is unclear: by a question's key a person's id or a service's code, an empty text takes it back.

    What nobody asked is left out. Refused once the sheet is being entered.
    """
    require(actor, Right.RECORD_VISIT, community)
    with bank.office() as office:
        row = _row(office, community, sheet, lock=True)
        if row.recorded_at is not None:
            raise Refused(Code.ALREADY_DECIDED, decision="recorded")
        kept = _opened(office, row)
        people = {named.id for named in people_of(office, community).everybody}
        for key, chosen in answers.items():
            allowed = bank.catalogue.by_code if key.startswith("service:") else people
            kept.answers.pop(key, None)
            if chosen in allowed:
                kept.answers[key] = chosen
        row.sealed_lines = _sealed(office, row.id, kept)


def record(bank: Bank, actor: Actor | None, community: str, sheet: str) -> Sheet:
    """Let a sheet be entered: the first lines now, the others by `go_on_all`. Lines with a problem stay out.

    The same again changes nothing.
    """
    actor = require(actor, Right.RECORD_VISIT, community)
    with bank.office() as office:
        row = _row(office, community, sheet, lock=True)
        if row.recorded_at is None:
            lines = _as_sheet(bank, office, row).lines
            ready = [(line.row, line.visit) for line in lines if line.visit is not None and not line.problems]
            directory.sheets.add(office.people, [_todo(office, row.id, n, visit) for n, visit in ready])
            row.recorded_by, row.recorded_at = actor.login, office.now
    _some(bank, community, sheet)
    return of(bank, actor, community, sheet)


def go_on_all(bank: Bank, actor: Actor | None, between: Callable[[], None]) -> int:
    """Enter the lines of all sheets that were let in, and forget what old sheets said; how many sheets were ended.

    `between` is called after each transaction, and may raise to stop. What one community declines keeps no other one
    waiting, and is raised at the end.
    """
    require(actor, Right.KEEP_BOOKS, "*")
    with bank.office() as office:
        directory.sheets.forget(office.people, office.now - KEPT_DAYS * DAY_MS)
        waiting = [(row.community, row.id) for row in directory.sheets.unfinished(office.people)]
    declined: Declined | None = None
    for community, sheet in waiting:
        try:
            while _some(bank, community, sheet):
                between()
        except Declined as error:
            declined = error
    if declined is not None:
        raise declined
    return len(waiting)


def _row(reading: Reading, community: str, sheet: str, *, lock: bool = False) -> directory.Sheet:
    row = reading.people.get(directory.Sheet, sheet, with_for_update=lock)
    if row is None or row.community != community:
        raise Refused(Code.ENTRY_UNKNOWN, entry=sheet)
    return row


# --- what is kept ----------------------------------------------------------------------------------------------------


def _sealed(reading: Reading, sheet: str, kept: Kept) -> bytes:
    packed = base64.b64encode(zlib.compress(_JSON.encode(kept))).decode()
    return reading.vault.seal("sheets.lines", sheet, packed)


def _opened(reading: Reading, row: directory.Sheet) -> Kept:
    if row.sealed_lines is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=row.id)
    packed = reading.vault.open("sheets.lines", row.id, row.sealed_lines)
    return msgspec.json.decode(zlib.decompress(base64.b64decode(packed)), type=Kept)


def _todo(reading: Reading, sheet: str, row: int, visit: hours.Visit) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "n": row,
        "entry": visit.id,
        "minutes": visit.minutes,
        "outcome": PENDING,
        "sealed_visit": reading.vault.seal("sheet_rows.visit", f"{sheet} {row}", _JSON.encode(visit).decode()),
        "facts": "{}",
    }


def _sums_of(counts: Mapping[tuple[str, str], tuple[int, int]], sheet: str) -> Mapping[str, tuple[int, int]]:
    return {outcome: sums for (of_sheet, outcome), sums in counts.items() if of_sheet == sheet}


# --- entering --------------------------------------------------------------------------------------------------------


def _some(bank: Bank, community: str, sheet: str) -> bool:
    """Enter some of the lines in one transaction; whether there are more."""
    with bank.work_for(community) as work:
        row = _row(work, community, sheet)
        if row.recorded_by is None or row.done_at is not None:
            return False
        login = work.people.get_one(directory.Login, row.recorded_by)
        actor = Actor(login=login.id, person=login.person)
        todo = directory.sheets.next_rows(work.people, sheet, _AT_ONCE)
        known = entered(work, work.origin, [line.entry for line in todo])
        for line in todo:
            if line.entry in known:
                line.outcome, line.sealed_visit = KNOWN, None
                continue
            line.outcome, error = hours.try_in(bank, work, actor, _visit_of(work, line))
            line.sealed_visit = None
            if error is not None:
                line.code, line.facts = error.code.value, _JSON.encode(error.facts).decode()
        if len(todo) == _AT_ONCE:
            return True
        row.done_at = work.now
        return False


def _visit_of(reading: Reading, line: directory.SheetRow) -> hours.Visit:
    said = reading.vault.open("sheet_rows.visit", f"{line.sheet} {line.n}", line.sealed_visit or b"")
    facts = msgspec.json.decode(said)
    return hours.Visit(**facts | {"served": tuple(facts["served"])})


def _as_sheet(bank: Bank, reading: Reading, row: directory.Sheet) -> Sheet:
    sums = _sums_of(directory.sheets.counts(reading.people, [row.id]), row.id)
    is_kept = row.sealed_lines is not None
    lines: tuple[Judged, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: Mapping[str, str] = {}
    unread: tuple[str, ...] = ()
    if is_kept:
        kept = _opened(reading, row)
        reader = Reader(bank, reading, row.community, kept)
        lines, questions = reader.judged(directory.sheets.rows_of(reading.people, row.id)), reader.questions()
        answers, unread = kept.answers, tuple(kept.unread)
    return Sheet(
        id=row.id,
        community=row.community,
        read_at=row.read_at,
        is_recorded=row.recorded_at is not None,
        is_done=row.done_at is not None,
        is_kept=is_kept,
        lines=lines,
        questions=questions,
        answers=answers,
        unread=unread,
        sums=sums,
    )
