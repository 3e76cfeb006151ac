"""The policy document, and what it makes of minutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank import policy as policies
from timebank.ledger import Account, DaySum
from timebank.policy import Policy, PolicyError
from timebank.schemas import rules
from timebank.schemas.words import reading
from timebank.services.policies import default, profiles

TEXT = default()
# Every rule that can be switched off.
NOTHING = """
[earning]
minimum_age = 0
minors = "never"
training_required = true
[redeeming]
minimum_age = 0
hardship_age = 0
[relations]
circle = []
[giving]
gifts = false
donations = false
[quota]
monthly_minutes = {}
trial_minutes = 0
[orders]
review = false
longer = "refuse"
[confirmation]
callbacks_percent = 0
[second_person]
visit_minutes = 0
late_days = 0
queue = "town"
[certificate]
publication_days = 0
[honours]
hours = []
"""


def _adopted(**changes: str) -> str:
    days = {"meeting": "2026-10-12", "published_from": "2026-10-13", "published_until": "2026-10-20"} | changes
    lines = [f'{key} = "{day}"' for key, day in days.items()]
    return "\n".join(["[adopted]", "present = 41", f'minutes_sha256 = "{"0" * 64}"', *lines]) + "\n"


def _with(**changes: str) -> Policy:
    text = TEXT
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in text.splitlines()]
        text = "\n".join(lines)
    return policies.parse(text)


@pytest.mark.parametrize(
    ("rounding", "minutes", "credit"),
    [
        ("floor", 14, 0),
        ("floor", 15, 0),
        ("floor", 30, 30),
        ("floor", 59, 30),
        ("floor", 90, 90),
        ("nearest", 15, 30),
        ("nearest", 44, 30),
        ("nearest", 45, 60),
        ("none", 14, 0),
        ("none", 15, 15),
        ("none", 47, 47),
    ],
)
def test_a_days_sum_is_rounded_as_the_policy_says(rounding: str, minutes: int, credit: int) -> None:
    assert _with(rounding=f'"{rounding}"').rounded(minutes) == credit


@given(st.sampled_from(policies.ROUNDINGS), st.lists(st.integers(1, 200), max_size=8))
def test_credit_in_parts_is_the_credit_of_the_whole_day(rounding: str, parts: list[int]) -> None:
    policy = _with(rounding=f'"{rounding}"')
    day = DaySum()
    for minutes in parts:
        credit = policy.credit(day, minutes)
        day = DaySum(minutes=day.minutes + minutes, credited=day.credited + credit)
    assert day.credited == policy.rounded(sum(parts))


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 200_000), st.integers(0, 1440))
def test_a_surplus_leaves_exactly_the_cap_and_never_more_than_came(
    credited: int, overflowed: int, balance: int, came: int
) -> None:
    policy = policies.parse(TEXT)
    day = DaySum(minutes=credited, credited=credited + overflowed, overflowed=overflowed)
    over, _ = policy.surplus(day, Account(name="member:x", kind="person", minutes=balance), came)
    assert 0 <= over <= came
    if over < came:
        assert credited - over <= policy.caps.day_minutes
        assert balance - over <= policy.caps.held_minutes


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('rounding = "floor"', 'rounding = "up"', "credit.rounding"),
        ("step_minutes = 30", "step_minutes = 0", "credit.step_minutes"),
        ("step_minutes = 30", "step_minutes = 30.5", "credit.step_minutes"),
        ("step_minutes = 30", "", "credit: .*step_minutes"),
        ("[caps]", "[caps]\nweekly = 1", "caps: .*weekly"),
        ("day_minutes = 480", "day_minutes = true", "caps.day_minutes"),
        ("[catalogue]", "[catalogue", "not TOML"),
        ("version = 1", "", "catalogue: .*version"),
        ("key-elder = 480", "rich = 480", "quota.monthly_minutes: .*rich"),
        ('"grandchild"]', '"neighbour"]', "relations.circle"),
        ("hours = [50, 100,", "hours = [100, 50,", "honours.hours"),
        ('payers = ["fund", "issue"]', 'payers = ["fund", "fund"]', "quota.payers"),
        ("[shown]", _adopted(published_until="2026-10-01") + "[shown]", "adopted"),
        ("[shown]", _adopted(meeting="2026-02-30") + "[shown]", "adopted.meeting"),
    ],
)
def test_a_document_that_is_no_policy_is_refused_by_the_name_of_its_key(old: str, new: str, named: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError, match=named):
        policies.parse(TEXT.replace(old, new, 1))


def test_a_layer_changes_the_rules_it_names_and_no_other() -> None:
    county = "[caps]\nheld_minutes = 60000\n[quota]\nmonthly_minutes = { disabled = 600 }"
    village = "[caps]\nday_minutes = 360"
    whole = policies.parse(policies.resolve(TEXT, county, village))
    assert policies.changes(policies.parse(TEXT), whole) == [
        ("caps.day_minutes", 480, 360),
        ("caps.held_minutes", 90000, 60000),
        ("quota.monthly_minutes", dict(policies.parse(TEXT).quota.monthly_minutes), {"disabled": 600}),
    ]


def test_the_whole_document_says_every_rule_and_is_the_same_whoever_writes_it() -> None:
    whole = policies.resolve(TEXT, _adopted())
    assert policies.written(policies.parse(whole)) == whole
    assert policies.parse(whole).adopted is not None
    assert set(policies.rules_of(policies.parse(TEXT))) <= set(policies.rules_of(policies.parse(whole)))


def test_a_document_from_before_the_other_rules_is_judged_without_them() -> None:
    """What it was when it was posted it stays: no age, no circle, no quota, nobody second."""
    old = (
        'name_zh = "旧"\nname_en = "old"\n[credit]\nrounding = "floor"\nstep_minutes = 30\nminimum_minutes = 15\n'
        "[caps]\nday_minutes = 480\nheld_minutes = 90000\n[catalogue]\nversion = 1\n"
    )
    policy = policies.parse(old)
    assert policy.redeems_at(0, in_hardship=False)
    assert policy.earning.minimum_age == 0
    assert policy.is_in_circle([])
    assert policy.monthly_quota(policies.PRIORITIES) == policy.quota.trial_minutes == 0
    assert not policy.needs_second_person(1440, 3000)
    assert not policy.orders.review
    assert policy.orders.longer == "refuse"
    assert policy.certificate.publication_days == policy.expiry.months == policy.confirmation.callbacks_percent == 0


# name, then: credit of 50 and of 75 minutes; surplus of a day of ten hours; cap in hours; ages; a friend; the unit
PROGRAMMES = {
    "default": (30, 60, 120, 1500, 60, 60, False, "hours"),
    "nanjing": (30, 60, 120, 1500, 60, 60, False, "hours"),
    "changning": (30, 60, 480, 600, 65, 60, True, "coins"),
    "guangzhou": (0, 60, 120, 1500, 60, 60, False, "coins"),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_the_programmes_are_what_their_cities_do(name: str) -> None:
    short, longer, surplus, held, age, hardship_age, friends, unit = PROGRAMMES[name]
    layers = [profiles()[name]] if name != "default" else []
    policy = policies.parse(policies.resolve(TEXT, *layers))
    assert (policy.rounded(50), policy.rounded(75)) == (short, longer)
    whole_day = DaySum(minutes=600, credited=600)
    assert policy.surplus(whole_day, Account(name="member:x", kind="person"), 600) == (surplus, "day")
    assert policy.over_held_cap(Account(name="member:x", kind="person", minutes=held * 60, held=1)) == 1
    for years, in_hardship in ((age, False), (hardship_age, True)):
        assert policy.redeems_at(years, in_hardship=in_hardship)
        assert not policy.redeems_at(years - 1, in_hardship=in_hardship)
    assert policy.is_in_circle([]) is friends
    assert policy.is_in_circle(["grandparent"])
    assert policy.shown.unit == unit


@pytest.mark.parametrize(
    ("minutes", "late", "second"), [(240, 0, False), (241, 0, True), (30, 30, False), (30, 31, True)]
)
def test_long_visits_and_late_entries_wait_for_a_second_person(minutes: int, late: int, second: bool) -> None:
    assert policies.parse(TEXT).needs_second_person(minutes, late) is second


def test_a_person_of_several_classes_has_the_highest_quota_not_their_sum() -> None:
    policy = policies.parse(TEXT)
    assert policy.monthly_quota(["low-income", "disabled"]) == 480
    assert policy.monthly_quota([]) == 0


def test_on_a_birthday_the_new_age_counts() -> None:
    assert policies.age_on("1966-11-26", "2026-11-25") == 59
    assert policies.age_on("1966-11-26", "2026-11-26") == 60
    assert policies.age_on("2008-02-29", "2026-02-28") == 17


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_of_every_programme_is_a_sentence_in_both_languages(language: str) -> None:
    for layer in ["", _adopted(), *profiles().values(), NOTHING]:
        policy = policies.parse(policies.resolve(TEXT, layer))
        with reading(language):
            said = dict(rules.in_words(policy))
        assert said.keys() == policies.rules_of(policy).keys()
        for key, sentence in said.items():
            assert sentence.strip()
            assert "%(" not in sentence
            if language == "zh" and not key.startswith("name_"):
                assert any("\u4e00" <= character <= "\u9fff" for character in sentence), sentence
