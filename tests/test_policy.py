"""The policy document, and what it makes of minutes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank import policy as policies
from timebank.ledger import Account, DaySum
from timebank.policy import Policy, PolicyError

TEXT = (Path(__file__).parent.parent / "config" / "policy.toml").read_text(encoding="utf-8")


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
        assert credited - over <= policy.day_cap_minutes
        assert balance - over <= policy.held_cap_minutes


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('rounding = "floor"', 'rounding = "up"', "credit.rounding"),
        ("step_minutes = 30", "step_minutes = 0", "credit.step_minutes"),
        ("step_minutes = 30", "step_minutes = 30.5", "credit.step_minutes"),
        ("step_minutes = 30", "", "credit.step_minutes is missing"),
        ("[caps]", "[caps]\nweekly = 1", "caps.weekly is not a rule"),
        ("day_minutes = 480", "day_minutes = true", "caps.day_minutes"),
        ("[catalogue]", "[catalogue", "not TOML"),
        ("version = 1", "", "catalogue.version is missing"),
    ],
)
def test_a_document_that_is_no_policy_is_refused_by_the_name_of_its_key(old: str, new: str, named: str) -> None:
    with pytest.raises(PolicyError, match=named.replace(".", r"\.")):
        policies.parse(TEXT.replace(old, new, 1))
