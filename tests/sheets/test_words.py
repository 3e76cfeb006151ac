"""What people write for days and lengths of time; what is not clear is never guessed."""

import pytest

from timebank import sheets

LENGTHS = {
    "2小时30分": 150, "２小时３０分": 150, "2 小时 30 分钟": 150, "1.5h": 90, "1.5小时": 90, "1.5 H": 90, "90分钟": 90, "90 min": 90,
    "一个半小时": 90, "两个半小时": 150, "半小时": 30, "半个小时": 30, "两小时": 120, "1小时半": 90, "2:30": 150, "02:30:00": 150, "1h30m": 90,
    "2小時": 120, "十小时": 600, "0.75小时": 45, "3个钟头": 180,
}  # fmt: skip


@pytest.mark.parametrize("said", LENGTHS)
def test_a_length_of_time_is_read_as_people_write_it(said: str) -> None:
    assert sheets.minutes(said) == LENGTHS[said]


@pytest.mark.parametrize(
    "said", ["", "2", "大约两小时", "一上午", "2小时-3小时", "2:75", "-1小时", "1e3分钟", "2小时30分外加"]
)
def test_a_length_that_is_not_clear_is_not_guessed(said: str) -> None:
    with pytest.raises(sheets.MixedUp) as found:
        sheets.minutes(said)
    assert not found.value.part


def test_a_bare_number_is_of_the_unit_that_the_column_names() -> None:
    assert sheets.minutes("1.5", "hours") == 90
    assert sheets.minutes("45", "minutes") == 45


def test_what_is_not_a_whole_number_of_minutes_is_told_apart() -> None:
    for said, unit in (("1.33小时", None), ("0.01", "hours"), ("7.5", "minutes")):
        with pytest.raises(sheets.MixedUp) as found:
            sheets.minutes(said, unit)
        assert found.value.part, said


DAYS = {
    "2026-09-03": "2026-09-03", "2026/9/3": "2026-09-03", "2026.9.3": "2026-09-03", "2026年9月3日": "2026-09-03",
    "20260903": "2026-09-03", "２０２６年９月３日": "2026-09-03", "2026-09-03 星期四": "2026-09-03", "46268": "2026-09-03",
    "9月3日": "2026-09-03", "9月3号（周四）": "2026-09-03", "9/3": "2026-09-03", "12月24日": "2025-12-24",
    "2026-09-03 09:30": "2026-09-03",
}  # fmt: skip


@pytest.mark.parametrize("said", DAYS)
def test_a_day_is_read_as_people_write_it(said: str) -> None:
    assert sheets.day(said, "2026-09-21") == DAYS[said]


def test_a_day_without_a_year_is_of_the_year_in_the_title() -> None:
    assert sheets.day("12月24日", "2026-09-21", 2024) == "2024-12-24"


@pytest.mark.parametrize("said", ["", "昨天", "9月31日", "2026-13-01", "3", "9.3", "9月", "2026年", "上周三"])
def test_a_day_that_is_not_clear_is_not_guessed(said: str) -> None:
    with pytest.raises(sheets.MixedUp):
        sheets.day(said, "2026-09-21")


def test_from_when_to_when() -> None:
    for said in ("9:00-10:30", "9：00—10：30", "09:00~10:30", "9点至10点30分", "9时-10时30分"):
        assert sheets.clock_span(said) == (540, 630), said
    for said in ("10:30-9:00", "9:00", "上午", "9-10"):
        with pytest.raises(sheets.MixedUp):
            sheets.clock_span(said)
