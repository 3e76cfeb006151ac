"""What is wrong with a spreadsheet, or a cell of it: a sentence that names the cell and says what to write."""

from collections.abc import Mapping

from timebank.services.sheet_lines import Problem, Wrong
from timebank.sheets import MOST_ROWS, Unreadable, Why

from .refusals import N_
from .words import day_in_words, duration, gettext

COLUMNS: Mapping[str, str] = {
    "volunteer": N_("volunteer"),
    "volunteer_number": N_("volunteer's telephone"),
    "served": N_("who was served"),
    "served_number": N_("telephone of who was served"),
    "day": N_("day of service"),
    "minutes": N_("how long"),
    "span": N_("from when to when"),
    "start": N_("from"),
    "end": N_("to"),
    "service": N_("service"),
    "note": N_("note"),
}
_FILES: Mapping[Why, str] = {
    Why.TOO_LARGE: N_("This file is larger than 4 MB. Hand in a month at a time, without pictures."),
    Why.TOO_MANY_ROWS: N_("This file has more than %(most)s rows. Hand it in in parts."),
    Why.OLD_EXCEL: N_("This is a file of an old Excel (.xls). Open it, choose “Save as” and .xlsx, and hand that in."),
    Why.NOT_A_SHEET: N_("This is no spreadsheet that can be read. Hand in an .xlsx or a .csv file."),
    Why.ENCODING: N_("The letters of this file cannot be read. Save it as .xlsx, or as CSV in UTF-8."),
    Why.NO_HEAD: N_("No row names the columns. One row above the visits must say: %(columns)s."),
    Why.COLUMN_MISSING: N_("A column is missing: %(columns)s. Add it, or name it so, and hand the file in again."),
}
_CELLS: Mapping[Wrong, str] = {
    Wrong.EMPTY: N_("%(at)s: nothing is written for %(column)s. Fill it in."),
    Wrong.NOBODY: N_("%(at)s: nobody here is called “%(other)s”. Correct the name, or write the card number; or register her first."),
    Wrong.SEVERAL: N_("%(at)s: several people are called “%(other)s”. Choose one above, or write the telephone beside the name."),
    Wrong.NO_VOLUNTEER: N_("%(at)s: %(other)s is not registered as a volunteer. Correct the row, or register her as one."),
    Wrong.DAY: N_("%(at)s: “%(text)s” is no day. Write it as 2026-11-20 or 11月20日."),
    Wrong.FUTURE: N_("%(at)s: %(other)s has not come yet. Correct the day."),
    Wrong.MINUTES: N_("%(at)s: “%(text)s” does not say how long. Write 2小时30分, 1.5小时 or 90分钟."),
    Wrong.NO_UNIT: N_("%(at)s: “%(text)s” what? Write hours or minutes beside it, or into the head of the column, such as 时长（小时）."),
    Wrong.NOT_WHOLE: N_("%(at)s: “%(text)s” is not a whole number of minutes. Write minutes, such as 80分钟."),
    Wrong.TOO_LONG: N_("%(at)s: “%(text)s” cannot be: at most %(other)s. Correct it, or divide it."),
    Wrong.SPAN: N_("%(at)s: “%(text)s” is not from when to when. Write it as 9:00-11:30."),
    Wrong.SERVICE: N_("%(at)s: “%(text)s” is no service of the list. Choose which it is above."),
    Wrong.SAME_PERSON: N_("%(at)s: nobody serves herself. Correct one of the two."),
    Wrong.TWICE: N_("The same as row %(other)s. If it happened twice that day, write from when to when in both."),
    Wrong.NOTE: N_("%(at)s: the note is longer than %(other)s characters. Shorten it."),
}  # fmt: skip


def column(name: str) -> str:
    """What a column is called."""
    return gettext(COLUMNS[name])


def of_file(error: Unreadable) -> str:
    """Why nothing of a file can be used, and what to do."""
    columns = gettext(", ").join(column(name) for name in error.columns)
    return gettext(_FILES[error.why]) % {"most": f"{MOST_ROWS:,}", "columns": columns}


def of_cell(problem: Problem) -> str:
    """What is wrong with a cell, and what to write."""
    other = problem.other
    if problem.wrong is Wrong.TOO_LONG:
        other = duration(int(other))
    elif problem.wrong is Wrong.FUTURE:
        other = day_in_words(other)
    facts = {"at": problem.at, "text": problem.text, "other": other, "column": column(problem.column)}
    return gettext(_CELLS[problem.wrong]) % facts
