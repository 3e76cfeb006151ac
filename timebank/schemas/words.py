"""Say minutes, days and times as people say them, in the reader's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import cast

from babel.support import Translations
from flask import g
from flask_babel import get_domain, get_locale


@dataclass(frozen=True, slots=True)
class Reader:
    """Whether the reader's language is Chinese, and what says a sentence of ours in it."""

    is_chinese: bool
    say: Callable[[str], str]


_told: ContextVar[Reader | None] = ContextVar("told", default=None)
_TRANSLATIONS = Path(__file__).resolve().parents[1] / "web" / "translations"


@contextmanager
def reading(language: str) -> Iterator[None]:
    """For a reader who is not at a page: what is said meanwhile is in `language`, zh or en."""
    found = Translations.load(str(_TRANSLATIONS), [language])
    before = _told.set(Reader(language == "zh", found.gettext))
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
        g.reader = Reader(str(get_locale() or "zh").startswith("zh"), get_domain().get_translations().gettext)
        return cast(Reader, g.reader)
    except RuntimeError:  # outside of any request
        return Reader(True, str)


def gettext(sentence: str, **facts: object) -> str:
    """The sentence in the reader's language, with these facts in it."""
    said = _reader().say(sentence)
    return said % facts if facts else said


def is_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return _reader().is_chinese


def duration(minutes: int) -> str:
    """「12小时30分」 or “12 hours 30 minutes”; a minus sign in front where it is less than nothing."""
    return _duration(minutes, is_chinese())


# The same numbers and days are said again and again; whose they are is not in them.
_SAID = 4096


@lru_cache(maxsize=_SAID)
def _duration(minutes: int, chinese: bool) -> str:
    sign = "−" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    if chinese:
        parts = ([f"{hours}小时"] if hours else []) + ([f"{rest}分"] if hours and rest else [])
        return sign + ("".join(parts) or f"{rest}分钟")
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    parts += [f"{rest} minute{'s' if rest != 1 else ''}"] if rest or not hours else []
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
