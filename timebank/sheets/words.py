"""What people write for a day, a length of time and a time of day. Integers come out, or nothing: nothing is guessed."""

import re
import unicodedata
from datetime import date, timedelta
from fractions import Fraction

_FULL_DAY = re.compile(r"(20[0-9]{2})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?(?:[ T][0-9:]*)?")
_COMPACT_DAY = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
# Not 9.30: a spreadsheet keeps it as the number 9.3, which would be another day.
_SHORT_DAY = re.compile(r"([0-9]{1,2})[-/月]([0-9]{1,2})[日号]?")
_SERIAL = re.compile(r"[345][0-9]{4}")
# Day 0 of a spreadsheet, as if 1900 had been a leap year: right for every day after February of it.
_DAY_0 = date(1899, 12, 30)
_HOUR, _MINUTE = r"(?:个?(?:小时|钟头)|小時|時|时|hours|hour|hrs|hr|h)", r"(?:分钟|分鐘|分|minutes|minute|mins|min|m)"
_NUMBER = r"([0-9]{1,5}(?:\.[0-9]{1,6})?)"
_HOURS = re.compile(rf"{_NUMBER}{_HOUR}(?:([0-9]{{1,4}}){_MINUTE}?)?")
_HALF = re.compile(rf"([0-9]{{0,3}})个?半{_HOUR}|([0-9]{{1,3}}){_HOUR}半")
_MINUTES = re.compile(rf"{_NUMBER}{_MINUTE}")
_ON_A_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?::00)?")
_BARE = re.compile(_NUMBER)
_CHINESE = {
    "一": "1",
    "二": "2",
    "两": "2",
    "兩": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_TIME = r"([01]?[0-9]|2[0-4])[:点時时]([0-5][0-9])?分?"
_SPAN = re.compile(rf"{_TIME}(?:-|~|至|到|—|–|－)+{_TIME}")
_ONE_TIME = re.compile(_TIME)


class MixedUp(Exception):
    """A text that says no such thing; `part`: it does, but not in whole minutes."""

    def __init__(self, *, part: bool = False) -> None:
        super().__init__("not whole" if part else "not understood")
        self.part = part


def plain(text: str) -> str:
    """Full-width digits and letters as narrow ones, small, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def minutes(text: str, unit: str | None = None) -> int:
    """Whole minutes of 「2小时30分」, 「1.5h」, 「90分钟」, 「一个半小时」, 「半小时」, 「2:30」 (hours and minutes).

    A bare number is of the `unit` that the column's head names, `hours` or `minutes`. MixedUp where it names none, and
    for what is not whole minutes, such as 1.33 hours.
    """
    said = "".join(_CHINESE.get(one, one) for one in plain(text))
    said = said.replace("十", "10") if said.startswith("十") and said[1:2] not in "123456789" else said
    if found := _HALF.fullmatch(said):
        return int(found[1] or found[2] or 0) * 60 + 30
    if found := _HOURS.fullmatch(said):
        return _whole(Fraction(found[1]) * 60 + int(found[2] or 0))
    if found := _MINUTES.fullmatch(said):
        return _whole(Fraction(found[1]))
    if found := _ON_A_CLOCK.fullmatch(said):
        return int(found[1]) * 60 + int(found[2])
    if unit and (found := _BARE.fullmatch(said)):
        return _whole(Fraction(found[1]) * (60 if unit == "hours" else 1))
    raise MixedUp


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise MixedUp(part=True)
    return int(value)


def day(text: str, today: str, year: int | None = None) -> str:
    """The day as 2026-11-03, of 「2026年11月3日」, 2026/11/3, 20261103, a spreadsheet's serial, or 「11月3日」.

    Without a year it is of `year`, which the title says, or the last such day before `today`. MixedUp for others.
    """
    said = re.sub(r"\s+$", "", unicodedata.normalize("NFKC", text).strip().casefold())
    said = re.sub(r"(星期|周|礼拜).*$|[(（].*$", "", said).strip()
    if found := _FULL_DAY.fullmatch(said) or _COMPACT_DAY.fullmatch(said):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(said):
        return (_DAY_0 + timedelta(days=int(said))).isoformat()
    if found := _SHORT_DAY.fullmatch(said):
        month, number = int(found[1]), int(found[2])
        if year is not None:
            return _day(year, month, number)
        this = int(today[:4])
        newest = _day(this, month, number)
        return newest if newest <= today else _day(this - 1, month, number)
    raise MixedUp


def _day(year: int, month: int, number: int) -> str:
    try:
        return date(year, month, number).isoformat()
    except ValueError as error:
        raise MixedUp from error


def clock_span(text: str) -> tuple[int, int]:
    """Minutes after midnight of 「9:00-11:30」 or 「9点至11点30分」; MixedUp for others, and where it does not last."""
    found = _SPAN.fullmatch(plain(text))
    if found is None:
        raise MixedUp
    start, end = (int(found[n]) * 60 + int(found[n + 1] or 0) for n in (1, 3))
    if not start < end <= 24 * 60:
        raise MixedUp
    return start, end


def clock(text: str) -> int:
    """Minutes after midnight of 「9:30」 or 「9点半」; MixedUp for others."""
    found = _ONE_TIME.fullmatch(plain(text).replace("点半", "点30"))
    if found is None:
        raise MixedUp
    return int(found[1]) * 60 + int(found[2] or 0)
