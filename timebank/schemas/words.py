"""Say minutes, days and times as people say them, in the reader's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from babel.support import Translations
from flask import current_app, g
from flask_babel import get_domain, get_locale

from timebank.catalogue import Catalogue, load


@dataclass(frozen=True, slots=True)
class Reader:
    """Whether the reader's language is Chinese, what says a sentence of ours in it, and in which unit time is read."""

    is_chinese: bool
    say: Callable[[str], str]
    unit: Callable[[], str]


# Where an application keeps what tells the unit of a request: `hours`, `coins` or `minutes`.
UNIT = "timebank-unit"


_told: ContextVar[Reader | None] = ContextVar("told", default=None)
_TRANSLATIONS = Path(__file__).resolve().parents[1] / "web" / "translations"


@contextmanager
def reading(language: str) -> Iterator[None]:
    """For a reader who is not at a page: what is said meanwhile is in `language`, zh or en."""
    found = Translations.load(str(_TRANSLATIONS), [language])
    before = _told.set(Reader(language == "zh", found.gettext, _hours))
    try:
        yield
    finally:
        _told.reset(before)


# Flask's own object: each look through its proxy costs seven times as much, and a page looks a few hundred times.
_kept = g._get_current_object


def _reader() -> Reader:
    """Found out once an answer: Flask-Babel would find it out anew for each word of a page."""
    told = _told.get()
    if told is not None:
        return told
    try:
        return cast(Reader, _kept().reader)
    except AttributeError:
        chinese, say = str(get_locale() or "zh").startswith("zh"), get_domain().get_translations().gettext
        g.reader = Reader(chinese, say, current_app.extensions[UNIT])
        return cast(Reader, g.reader)
    except RuntimeError:  # outside of any request
        return Reader(True, str, _hours)


def _hours() -> str:
    return "hours"


def gettext(sentence: str, **facts: object) -> str:
    """The sentence in the reader's language, with these facts in it."""
    said = _reader().say(sentence)
    return said % facts if facts else said


def is_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return _reader().is_chinese


@cache
def catalogue() -> Catalogue:
    """The list of services, for those who need its codes or words where there is no bank."""
    return load()


def service_name(code: str) -> str:
    """The name of a service; a code that the list no longer has stays a code."""
    found = catalogue().by_code.get(code)
    return found.name("zh" if is_chinese() else "en") if found else code


def duration(minutes: int) -> str:
    """How long something took: 「12小时30分」 or “12 hours 30 minutes”; in minutes where the policy shows them."""
    reader = _reader()
    return _duration(minutes, "minutes" if reader.unit() == "minutes" else "hours", reader.is_chinese)


def amount(minutes: int) -> str:
    """What somebody has, gets or spends, in the unit of the policy: 「12小时30分」, 「12时间币30分」 or 「750分钟」.

    A minus sign in front where it is less than nothing. A coin is an hour; nothing is rounded.
    """
    reader = _reader()
    return _duration(minutes, reader.unit(), reader.is_chinese)


# The same numbers and days are said again and again; whose they are is not in them.
_SAID = 4096


@lru_cache(maxsize=_SAID)
def _duration(minutes: int, unit: str, chinese: bool) -> str:
    sign = "−" if minutes < 0 else ""
    whole, rest = (0, abs(minutes)) if unit == "minutes" else divmod(abs(minutes), 60)
    if chinese:
        name = "时间币" if unit == "coins" else "小时"
        parts = ([f"{whole}{name}"] if whole else []) + ([f"{rest}分"] if whole and rest else [])
        return sign + ("".join(parts) or f"{rest}分钟")
    name = "coin" if unit == "coins" else "hour"
    parts = [f"{whole} {name}{'s' if whole != 1 else ''}"] if whole else []
    parts += [f"{rest} minute{'s' if rest != 1 else ''}"] if rest or not whole else []
    return sign + " ".join(parts)


_WEEKDAYS_ZH = "一二三四五六日"


def day_in_words(day: str) -> str:
    """「2026年11月20日 星期五」 or “Friday 20 November 2026”."""
    value = date.fromisoformat(day)
    if is_chinese():
        return f"{value.year}年{value.month}月{value.day}日 星期{_WEEKDAYS_ZH[value.weekday()]}"
    return f"{value:%A} {value.day} {value:%B} {value.year}"


def month_in_words(month: str) -> str:
    """「2026年11月」 or “November 2026”, of YYYY-MM or a day in it."""
    value = date.fromisoformat(f"{month[:7]}-01")
    return f"{value.year}年{value.month}月" if is_chinese() else f"{value:%B} {value.year}"


def short_day(day: str) -> str:
    """「11月20日 星期五」 or “Friday 20 November”."""
    return _short_day(day, is_chinese())


@lru_cache(maxsize=_SAID)
def _short_day(day: str, chinese: bool) -> str:
    value = date.fromisoformat(day)
    if chinese:
        return f"{value.month}月{value.day}日 星期{_WEEKDAYS_ZH[value.weekday()]}"
    return f"{value:%A} {value.day} {value:%B}"


def moment(ms: int, offset_minutes: int) -> datetime:
    """A time of the ledger in its zone."""
    return datetime.fromtimestamp(ms / 1000, timezone(timedelta(minutes=offset_minutes)))


def time_in_words(ms: int, offset_minutes: int) -> str:
    """The day in words, and hours and minutes of the clock."""
    at = moment(ms, offset_minutes)
    return f"{day_in_words(at.date().isoformat())} {at:%H:%M}"
