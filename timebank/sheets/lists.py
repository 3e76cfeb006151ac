"""Find the list of visits in a table: its head under merged titles, its columns by their many names, its lines."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from opencc import OpenCC

from .files import Cell, Table, Unreadable, Why

# What a column may be called, once signs and spaces are gone. The first is what a template calls it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "volunteer": ("志愿者", "志愿者姓名", "志愿者名字", "服务人员", "服务人", "服务者", "服务提供者", "志愿服务人员", "姓名",
                  "名字", "volunteer", "volunteername", "name"),
    "volunteer_number": ("志愿者卡号", "志愿者电话", "志愿者手机", "志愿者手机号", "志愿者联系电话", "卡号", "电话", "手机",
                         "手机号", "手机号码", "联系电话", "联系方式", "card", "phone", "volunteercard", "volunteerphone"),
    "served": ("服务对象", "服务对象姓名", "老人", "老人姓名", "被服务人", "被服务老人", "受益人", "求助人", "served", "elder"),
    "served_number": ("服务对象卡号", "服务对象电话", "服务对象联系电话", "老人卡号", "老人电话", "elderphone", "eldercard",
                      "servedcard"),
    "day": ("日期", "服务日期", "服务时间", "时间", "day", "date"),
    "minutes": ("时长", "服务时长", "服务时数", "时数", "工时", "小时", "小时数", "服务小时", "服务小时数", "分钟", "分钟数",
                "服务分钟", "用时", "duration", "hours", "minutes", "time"),
    "span": ("起止时间", "起止", "服务时段", "时段", "fromto"),
    "start": ("开始", "开始时间", "起", "起始时间", "签到", "签到时间", "start", "from"),
    "end": ("结束", "结束时间", "止", "终止时间", "签退", "签退时间", "end", "to"),
    "service": ("项目", "服务项目", "服务内容", "服务类型", "服务类别", "内容", "类别", "service"),
    "note": ("备注", "说明", "note", "notes", "remarks"),
}  # fmt: skip
NEEDED = ("volunteer", "served", "day", "minutes")
_BY_NAME = {name: column for column, names in COLUMNS.items() for name in names}
# A person's other columns are read where the name leaves it open.
_LOOKED_AT = 30  # rows in which the head is
_UNIT = {"小时": "hours", "小时数": "hours", "时数": "hours", "工时": "hours", "hours": "hours", "h": "hours",
         "分钟": "minutes", "分钟数": "minutes", "分": "minutes", "minutes": "minutes", "min": "minutes"}  # fmt: skip
_SUMS = re.compile(r"(合计|小计|总计|共计|累计|本页合计|total|sum)[:：]?.*", re.IGNORECASE)
_SAME = frozenset({"同上", "〃", '"', "″", "''", "..", "…"})
_YEAR = re.compile(r"(20[0-9]{2})\s*年|(20[0-9]{2})[-./][0-9]{1,2}(?![0-9])")
_SIMPLIFIED = OpenCC("t2s")


@dataclass(frozen=True, slots=True)
class Line:
    """One visit as it was written: what each column says. `row` is the number at the edge of the sheet."""

    row: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        cell = self.cells.get(column)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class VisitList:
    """A list of visits: its lines, the `unit` of bare numbers (hours, minutes or None), the `year` of short days, and
    the heads of columns that are not read."""

    sheet: str
    lines: tuple[Line, ...]
    unit: str | None
    year: int | None
    unread: tuple[str, ...]


def find(tables: list[Table]) -> VisitList:
    """The first list of visits among the tables; Unreadable with the columns that are missing where there is none."""
    best: tuple[str, ...] | None = None
    for table in tables:
        for n, row in enumerate(table.rows[:_LOOKED_AT]):
            columns, unit = _columns(row)
            missing = tuple(column for column in NEEDED if column not in columns and not _spared(column, columns))
            if not missing:
                return _list(table, n, columns, unit)
            if len(columns) > 1 and (best is None or len(missing) < len(best)):
                best = missing
    if best is None:
        raise Unreadable(Why.NO_HEAD, NEEDED)
    raise Unreadable(Why.COLUMN_MISSING, best)


def _spared(column: str, columns: Mapping[str, int]) -> bool:
    """A card or telephone number stands for a name, and from when to when for how long."""
    stand_ins = {
        "volunteer": ({"volunteer_number"},),
        "served": ({"served_number"},),
        "minutes": ({"span"}, {"start", "end"}),
        "day": (),
    }
    return any(one <= columns.keys() for one in stand_ins[column])


def folded(text: str) -> str:
    """As it is compared: narrow, simplified, without spaces and signs."""
    return re.sub(r"[\W_]+", "", _SIMPLIFIED.convert(unicodedata.normalize("NFKC", text)).casefold())


def _columns(row: list[Cell]) -> tuple[dict[str, int], str | None]:
    """Where each column is, and the unit that the head of the minutes names. The first of a kind counts."""
    found: dict[str, int] = {}
    unit = None
    for k, cell in enumerate(row):
        named = _named(cell.text)
        if named is None or named[0] in found:
            continue
        found[named[0]] = k
        if named[0] == "minutes":
            unit = named[1]
    return found, unit


def _named(head: str) -> tuple[str, str | None] | None:
    """The column that a head is of; and its unit, as in 时长（小时）."""
    outside, _, inside = re.sub(r"[)）].*$", "", unicodedata.normalize("NFKC", head)).partition("(")
    name = folded(outside)
    column = _BY_NAME.get(name) or _BY_NAME.get(folded(head))
    if column is None:
        return None
    ending = next((unit for word, unit in _UNIT.items() if len(word) > 1 and name.endswith(word)), None)
    return column, _UNIT.get(folded(inside), ending)


def _list(table: Table, head: int, columns: Mapping[str, int], unit: str | None) -> VisitList:
    titles = " ".join([table.name, *(cell.text for row in table.rows[:head] for cell in row)])
    year = next((int(found[1] or found[2]) for found in _YEAR.finditer(titles)), None)
    heads = [cell.text for cell in table.rows[head]]
    lines: list[Line] = []
    for n, row in enumerate(table.rows[head + 1 :], head + 2):
        cells = {name: row[k] for name, k in columns.items() if k < len(row) and row[k].text}
        if not cells or _is_no_visit(row, heads):
            continue
        lines.append(Line(n, {name: _same(cell, name, lines) for name, cell in cells.items()}))
    used = set(columns.values())
    unread = tuple(cell.text for k, cell in enumerate(table.rows[head]) if cell.text and k not in used)
    return VisitList(table.name, tuple(lines), unit, year, unread)


def _is_no_visit(row: list[Cell], heads: list[str]) -> bool:
    """The head once more, as printed on every page; or a sum."""
    if any(_SUMS.fullmatch(cell.text) for cell in row[:3]):
        return True
    return sum(cell.text == head != "" for cell, head in zip(row, heads, strict=False)) > 2


def _same(cell: Cell, column: str, before: list[Line]) -> Cell:
    """「同上」 is what the line above says."""
    if cell.text not in _SAME or not before:
        return cell
    return Cell(before[-1].text(column), cell.at)
