"""Which scenarios tell of which rule: `python -m tests.scenarios.rows > docs/rules.md`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_bdd.feature import get_features
from pytest_bdd.parser import ScenarioTemplate

from timebank.api import problems
from timebank.ledger import Code
from timebank.schemas import refusals
from timebank.schemas.words import gettext, reading

FOLDER = Path(__file__).parent
_SENTENCE = re.compile(r"系统说：「(.+)」")
_ENGLISH = re.compile(r"英文是：“(.+)”")
# What somebody reads who may not do it; it is no refusal with a code.
DENIED = problems.OWN["denied"][2], problems.OWN["denied"][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A rule in Chinese and English: the tag of its scenarios, its keys in a policy, and what is not built of it yet.

    `open_keys` are keys that are published and not followed yet.
    """

    tag: str
    zh: str
    en: str
    keys: tuple[str, ...] = ()
    open_keys: tuple[str, ...] = ()
    not_built: str = ""


ROWS = (
    Row(
        tag="unit",
        zh="存入与折算",
        en="Unit, rounding, the least that earns",
        keys=("shown.unit", "credit.rounding", "credit.step_minutes", "credit.minimum_minutes"),
    ),
    Row(tag="station", zh="服务站电话", en="The telephone of the station", keys=("station.telephone",)),
    Row(
        tag="caps",
        zh="上限与溢出",
        en="Caps, and where the surplus goes",
        keys=("caps.day_minutes", "caps.held_minutes"),
    ),
    Row(
        tag="earner",
        zh="谁能存",
        en="Who earns",
        keys=("earning.minimum_age", "earning.minors", "earning.training_required"),
    ),
    Row(
        tag="redeemer",
        zh="谁能用",
        en="Who uses hours",
        keys=("redeeming.minimum_age", "redeeming.hardship_age"),
    ),
    Row(
        tag="relations",
        zh="亲属与代办",
        en="Relations, and acting for a relative",
        keys=("relations.circle", "relations.friends", "relations.check_one_in"),
    ),
    Row(
        tag="giving",
        zh="转赠与捐赠",
        en="Gifts and donations",
        keys=("giving.gifts", "giving.donations"),
    ),
    Row(
        tag="priority",
        zh="重点老人与公益额度",
        en="Priority people and the monthly quota",
        keys=("quota.monthly_minutes", "quota.payers"),
    ),
    Row(
        tag="cold-start",
        zh="体验额度",
        en="The trial of a new member",
        keys=("quota.trial_minutes", "quota.trial_days"),
    ),
    Row(tag="recorded", zh="只记时长", en="Recorded, not credited"),
    Row(tag="group", zh="团体", en="Groups, whose hours are donated"),
    Row(
        tag="provider",
        zh="服务机构",
        en="Providers, who are paid by others",
    ),
    Row(
        tag="flow",
        zh="需求流程",
        en="The way of an order",
        keys=("orders.review", "orders.longer", "orders.grace_minutes", "orders.answer_minutes", "orders.pair"),
    ),
    Row(
        tag="confirmation",
        zh="确认方式",
        en="By whose hand a service is confirmed",
        keys=("confirmation.auto_after_days",),
    ),
    Row(
        tag="callbacks",
        zh="电话回访",
        en="Call-backs",
        keys=("confirmation.callbacks_percent",),
    ),
    Row(
        tag="review",
        zh="第二人复核",
        en="What a second person looks at",
        keys=("second_person.visit_minutes", "second_person.late_days", "second_person.queue"),
    ),
    Row(
        tag="dealing",
        zh="回避",
        en="Nobody deals with their own matter",
    ),
    Row(tag="fraud", zh="质疑与更正", en="Doubts, corrections, what is found late"),
    Row(
        tag="end",
        zh="身故、失能、搬离",
        en="Death, incapacity, moving away",
        keys=("estate.rule", "estate.days"),
    ),
    Row(
        tag="social-worker",
        zh="社工与监护",
        en="Social workers, and who cannot decide alone",
    ),
    Row(
        tag="certificate",
        zh="志愿服务记录证明",
        en="Certificates of service",
        keys=("certificate.publication_days",),
    ),
    Row(tag="publication", zh="每月公示与报送", en="The month's sheet, and filing"),
    Row(
        tag="policy",
        zh="政策版本",
        en="Versions of the rules, and in which layer they stand",
        keys=(
            "name_zh",
            "name_en",
            "adopted.meeting",
            "adopted.present",
            "adopted.minutes_sha256",
            "adopted.published_from",
            "adopted.published_until",
        ),
    ),
    Row(
        tag="catalogue",
        zh="服务目录",
        en="The catalogue of services",
        keys=("catalogue.version", "catalogue.offers"),
        not_built="risk notes are shown, and not enforced; whether two went together, or a provider, is counted",
    ),
    Row(tag="day-care", zh="日间照料", en="A day-care shift"),
    Row(
        tag="guarantee",
        zh="发放与公益时长池",
        en="Grants, and what the fund can give",
    ),
    Row(
        tag="elsewhere",
        zh="通存通兑",
        en="Hours of other communities",
        keys=("redeeming.elsewhere",),
        not_built="transfers to communities of other services; so far all are of one",
    ),
    Row(
        tag="expiry",
        zh="有效期",
        en="Hours that are not used",
        keys=("expiry.months",),
    ),
    Row(
        tag="honours",
        zh="积德榜",
        en="The honour board",
        keys=("honours.hours",),
    ),
    Row(
        tag="programme",
        zh="遵义的做法",
        en="Zunyi's own programme",
    ),
    Row(tag="desk", zh="柜台", en="At the desk"),
)

# Refusals that no act of a person at a page or at the counter leads to, and where they are tried instead.
_SIGNS = "only a program or a device that signs its own entries"
_BOOKS = "the books' own rule beneath a use case that refuses first"
_BY_PHONE = "logging in with a telephone, which needs a gateway for text messages"
_OPERATOR = "only the operator's commands"
_MACHINE = "something that the machine lacks, which no rule leads to"
ELSEWHERE: dict[Code, tuple[str, str]] = {
    Code.NOT_ACROSS: ("an order in another community as one act", "tests/federation/test_across.py"),
    Code.ON_THEIR_WAY: ("an order in another community as one act", "tests/federation/test_across.py"),
    Code.NOT_TAKEN_THERE: ("an order in another community as one act", "tests/federation/test_across.py"),
    Code.NO_TEXTS: (_BY_PHONE, "tests/services/test_phone_codes.py"),
    Code.LOGIN_CODE_WRONG: (_BY_PHONE, "tests/services/test_phone_codes.py"),
    Code.BIRTHDAY_WRONG: (_BY_PHONE, "tests/services/test_phone_codes.py"),
    Code.BIRTHDAY_UNKNOWN: (_BY_PHONE, "tests/services/test_phone_codes.py"),
    Code.SIGNED_WHEN: ("the clock of a telephone that was without a network", "tests/services/test_doors.py"),
    Code.PHOTO_FORM: ("a file that is no picture", "tests/services/test_photos.py"),
    Code.BODY_TOO_LARGE: (_SIGNS, "tests/api/test_notes.py"),
    Code.NOT_UTF8: (_SIGNS, "tests/api/test_notes.py"),
    Code.NOTE_FORM: (_SIGNS, "tests/api/test_notes.py"),
    Code.NOT_CANONICAL: (_SIGNS, "tests/api/test_notes.py"),
    Code.TOO_DEEP: (_SIGNS, "tests/api/test_notes.py"),
    Code.VERSION_UNKNOWN: (_SIGNS, "tests/api/test_notes.py"),
    Code.ENVELOPE_FIELD: (_SIGNS, "tests/api/test_notes.py"),
    Code.KIND_UNKNOWN: (_SIGNS, "tests/api/test_notes.py"),
    Code.ID_FORM: (_SIGNS, "tests/api/test_notes.py"),
    Code.BODY_FIELD: (_SIGNS, "tests/api/test_notes.py"),
    Code.MOVES_FORM: (_SIGNS, "tests/api/test_notes.py"),
    Code.KEY_UNKNOWN: (_SIGNS, "tests/api/test_notes.py"),
    Code.SIGNATURE_BAD: (_SIGNS, "tests/api/test_notes.py"),
    Code.WRONG_LEDGER: (_SIGNS, "tests/api/test_notes.py"),
    Code.AT_IN_FUTURE: (_SIGNS, "tests/api/test_notes.py"),
    Code.SEEN_UNKNOWN: (_SIGNS, "tests/api/test_notes.py"),
    Code.DEVICE_CHAIN: (_SIGNS, "tests/api/test_notes.py"),
    Code.CREDIT_NOT_POLICY: (_SIGNS, "tests/api/test_notes.py"),
    Code.NOT_READMITTABLE: (_SIGNS, "tests/api/test_notes.py"),
    Code.KEY_UNSOUND: (_OPERATOR, "tests/api/test_notes.py"),
    Code.KEY_REVOKED: (_OPERATOR, "tests/services/test_keys.py"),
    Code.KEY_ROLE: (_OPERATOR, "tests/services/test_keys.py"),
    Code.KEY_TAKEN: (_OPERATOR, "tests/api/test_notes.py"),
    Code.SIGNER_MISSING: (_OPERATOR, "tests/services/test_keys.py"),
    Code.LEDGER_UNKNOWN: (_OPERATOR, "tests/test_cli.py"),
    Code.STILL_TRAVELLING: (_OPERATOR, "tests/federation/test_transfers.py"),
    Code.PEER_UNKNOWN: (_OPERATOR, "tests/federation/test_transfers.py"),
    Code.PEER_KNOWN: (_OPERATOR, "tests/federation/test_elsewhere.py"),
    Code.PEER_ADDRESS: (_OPERATOR, "tests/federation/test_elsewhere.py"),
    Code.FINGERPRINT_WRONG: (_OPERATOR, "tests/federation/test_elsewhere.py"),
    Code.PEER_UNREACHABLE: (_MACHINE, "tests/federation/test_elsewhere.py"),
    Code.PEER_DECLINED: (_MACHINE, "tests/federation/test_elsewhere.py"),
    Code.REQUEST_UNSIGNED: (_MACHINE, "tests/federation/test_wire.py"),
    Code.REQUEST_OLD: (_MACHINE, "tests/federation/test_wire.py"),
    Code.MESSAGE_FORM: (_MACHINE, "tests/federation/test_wire.py"),
    Code.PROVE_AGAIN: (_MACHINE, "tests/federation/test_wire.py"),
    Code.BOOKS_DIFFER: (_MACHINE, "tests/federation/test_comparing.py"),
    Code.LEDGER_ENDED: (_OPERATOR, "tests/services/test_epochs.py"),
    Code.ACCOUNT_UNKNOWN: (_BOOKS, "tests/api/test_notes.py"),
    Code.ACCOUNT_TAKEN: (_BOOKS, "tests/vectors/refused.json"),
    Code.ACCOUNT_NOT_EMPTY: (_BOOKS, "tests/vectors/refused.json"),
    Code.HOLD_UNKNOWN: (_BOOKS, "tests/vectors/refused.json"),
    Code.HOLD_AMOUNT: (_BOOKS, "tests/vectors/refused.json"),
    Code.MOVES_NOT_OPPOSITE: (_BOOKS, "tests/vectors/refused.json"),
    Code.OVERFLOW_AMOUNT: (_BOOKS, "tests/vectors/refused.json"),
    Code.DEBT_AMOUNT: (_BOOKS, "tests/vectors/refused.json"),
    Code.DATABASE_BUSY: (_MACHINE, "tests/test_bank.py"),
    Code.DATABASE_UNAVAILABLE: (_MACHINE, "tests/test_crash.py"),
    Code.OUTCOME_UNKNOWN: (_MACHINE, "tests/test_crash.py"),
    Code.CHARACTER_MISSING: (_MACHINE, "tests/web/test_care.py"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A scenario: its file, name and English line, the rows that it tells of, each refusal with both sentences."""

    file: str
    name: str
    english: str
    tags: frozenset[str]
    refusals: tuple[tuple[str, str], ...]


@cache
def scenarios() -> tuple[Told, ...]:
    """Every scenario, in the order of the files."""
    return tuple(
        _told(Path(feature.filename).name, feature.tags, scenario)
        for feature in sorted(get_features([str(FOLDER)]), key=lambda feature: feature.filename)
        for scenario in feature.scenarios.values()
    )


def _told(file: str, tags: set[str], scenario: ScenarioTemplate) -> Told:
    steps = [step.name for step in scenario.steps]
    return Told(
        file=file,
        name=scenario.name,
        english=" ".join((scenario.description or "").split()),
        tags=frozenset(tags | scenario.tags),
        refusals=tuple(_refusals(steps)),
    )


def _refusals(steps: list[str]) -> Iterator[tuple[str, str]]:
    """Each sentence in Chinese with what follows it; nothing where no English does."""
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        if found := _SENTENCE.fullmatch(step):
            english = _ENGLISH.fullmatch(following)
            yield found[1], english[1] if english else ""


def codes_of(chinese: str, english: str) -> set[Code]:
    """The refusals whose sentence reads so in both languages, whatever its facts are."""
    return {code for code in Code if _reads(code, "zh", chinese) and _reads(code, "en", english)}


def _reads(code: Code, language: str, sentence: str) -> bool:
    return _pattern(code, language).fullmatch(sentence) is not None


@cache
def _pattern(code: Code, language: str) -> re.Pattern[str]:
    with reading(language):
        template = gettext(refusals.SENTENCES[code][1])
    return re.compile(".+".join(map(re.escape, re.split(r"%\(\w+\)s", template))))


def told_codes() -> set[Code]:
    """The refusals that some scenario tells of."""
    return {code for told in scenarios() for pair in told.refusals for code in codes_of(*pair)}


# --- the document ----------------------------------------------------------------------------------------------------

_HEAD = (
    "# Each rule as a scenario\n\n"
    "规则逐条写成故事：在什么情况下（假如），谁做了什么（当），结果怎样（那么）；拒绝时系统说的话，中英文都照原文写出来。"
    "故事在 [tests/scenarios](../tests/scenarios) 里，用服务站的话写。"
    "程序每次修改，都在两种数据库上逐一试过：规则变了而故事没有变，就会报错。\n\n"
    "Every rule of the policy as scenarios that a station lead can read: given, when, then, and each refusal with its "
    "sentence in both languages. All are tried on SQLite and on PostgreSQL. This page is made from them "
    "(`python -m tests.scenarios.rows > docs/rules.md`) and compared by a test; a rule with neither a scenario nor a "
    "word on what is not built fails it.\n\n"
    "故事里的人：**李明、赵敏**是志愿者；**王桂英**（78岁）有手机，女儿**王芳**可以替她代办，自己也是志愿者；"
    "**陈秀兰**（81岁）没有手机；**周强**是邻社区的志愿者。今天是2026年9月22日，星期二，上午九点。"
    "没有另外说明的，都照通用规则（[config/policy.toml](../config/policy.toml)）。\n"
)


def document() -> str:
    """docs/rules.md."""
    lines = [_HEAD, "| 规则 | rule | scenarios | in the policy | not built yet |", "|---|---|--:|---|---|"]
    lines += [_summary(row) for row in ROWS]
    for row in ROWS:
        if found := told_of(row):
            lines += ["", f"## {row.zh} · {row.en}", ""]
            lines += [f"- [{one.name}](../tests/scenarios/{one.file}) – {one.english}" for one in found]
    lines += ["", "## Refusals that no scenario tells of", ""]
    lines += ["No act of a person at a page or at the counter leads to these; other tests do.", ""]
    lines += ["| code | why | tried in |", "|---|---|---|"]
    lines += [f"| {code.value} | {why} | `{where}` |" for code, (why, where) in ELSEWHERE.items()]
    return "\n".join(lines) + "\n"


def told_of(row: Row) -> list[Told]:
    """The scenarios of a row."""
    return [told for told in scenarios() if row.tag in told.tags]


def _summary(row: Row) -> str:
    keys = " ".join(f"`{key}`" for key in row.keys + row.open_keys)
    return f"| {row.zh} | {row.en} | {len(told_of(row))} | {keys} | {row.not_built} |"


if __name__ == "__main__":
    print(document(), end="")
