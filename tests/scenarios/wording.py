"""The Chinese of the scenarios: who is who, and how long, which day, what o'clock."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from pytest_bdd.parsers import StepParser

STAFF = {
    "专干": "clerk",
    "另一位专干": "clerk2",
    "站长": "lead",
    "审计员": "auditor",
    "管理员": "admin",
    "邻社区的专干": "far clerk",
    "邻社区的站长": "far lead",
    "街道负责人": "town",
}
PEOPLE = {
    "李明": "li",
    "赵敏": "zhao",
    "王桂英": "wang",
    "王芳": "daughter",
    "陈秀兰": "chen",
    "周强": "stranger",
    "小明": "pupil",
    "吴刚": "wu",
    "青松志愿队": "group",
    "康乐护理公司": "provider",
}
SERVICES = {
    "助餐": "meal",
    "助浴": "bathing",
    "陪伴聊天": "company",
    "日间照料": "day-care",
}

_WHO = "|".join(sorted({**STAFF, **PEOPLE}, key=len, reverse=True))
_TIME = r"\d+小时(?:\d+分)?|-?\d+(?:\.\d+)?分钟"
_DAY = r"今天|昨天|明天|\d+天前|\d+天后|\d{4}年\d+月\d+日"


def minutes(text: str) -> int:
    """Of 「1小时30分」 or 「90分钟」. What somebody may mistype, half a minute, stays as it is."""
    hours, _, rest = text.rpartition("小时")
    rest = rest.rstrip("分钟") or "0"
    return float(rest) if "." in rest else int(hours or 0) * 60 + int(rest)  # type: ignore[return-value]


def day(text: str, today: str) -> str:
    """The ISO day of 「3天前」 or 「2026年9月1日」."""
    now = date.fromisoformat(today)
    if found := re.fullmatch(r"(\d{4})年(\d+)月(\d+)日", text):
        return date(*map(int, found.groups())).isoformat()
    if found := re.fullmatch(r"(\d+)天(前|后)", text):
        return (now + timedelta(days=int(found[1]) * (1 if found[2] == "后" else -1))).isoformat()
    return (now + timedelta(days={"昨天": -1, "今天": 0, "明天": 1}[text])).isoformat()


_PARTS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "who": (_WHO, str),
    "time": (_TIME, minutes),
    "day": (_DAY, str),
    "count": (r"\d+", int),
    "service": ("|".join(SERVICES), SERVICES.__getitem__),
    "text": (r"[^「」“”]+", str),
}
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


def _compiled(template: str) -> tuple[re.Pattern[str], dict[str, Callable[[str], Any]]]:
    readers: dict[str, Callable[[str], Any]] = {}

    def group(found: re.Match[str]) -> str:
        name, part = found.groups()
        if part is None:
            return f"(?:，(?P<{name}>[^「」]+))?"
        pattern, readers[name] = _PARTS[part]
        return f"(?P<{name}>{pattern})"

    return re.compile(_PLACE.sub(group, template)), readers


def _read(pattern: re.Pattern[str], readers: Mapping[str, Callable[[str], Any]], text: str) -> dict[str, Any] | None:
    found = pattern.fullmatch(text)
    if found is None:
        return None
    return {
        name: value if value is None or name not in readers else readers[name](value)
        for name, value in found.groupdict().items()
    }


class said(StepParser):
    """A sentence with places: `{name:part}` is a part of speech of above, `{name}` what may follow after a comma."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pattern, self._readers = _compiled(name)

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        return _read(self._pattern, self._readers, name)

    def is_matching(self, name: str) -> bool:
        return self._pattern.fullmatch(name) is not None


class Phrases:
    """What may be added to a sentence, each with the fields that it sets."""

    def __init__(self, phrases: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
        self._known = [(*_compiled(template), fields) for template, fields in phrases.items()]

    def read(self, text: str | None) -> dict[str, Any]:
        """The fields of all phrases, which have a comma between them."""
        made: dict[str, Any] = {}
        for phrase in text.split("，") if text else ():
            made |= self._fields(phrase)
        return made

    def _fields(self, phrase: str) -> dict[str, Any]:
        for pattern, readers, fields in self._known:
            values = _read(pattern, readers, phrase)
            if values is not None:
                return fields(**values)
        raise AssertionError(f"no step knows the words 「{phrase}」")
