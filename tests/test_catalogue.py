"""The list of services that is shipped: whole, in both languages, and careful where the programmes are."""

from pathlib import Path

import pytest

from timebank import catalogue

LIST = catalogue.load()


def test_every_service_course_and_language_has_both_names() -> None:
    for named in (*LIST.services, *LIST.courses.values(), *LIST.languages.values()):
        assert named.name("zh-Hans") == named.zh
        assert not named.zh.isascii()
        assert named.name("en") == named.en
        assert named.en.isascii()


def test_a_risk_is_told_in_both_languages_or_in_neither() -> None:
    assert [service.code for service in LIST.services if bool(service.risk("zh")) != bool(service.risk("en"))] == []


def test_what_is_dangerous_says_so() -> None:
    bathing, medical, errand = (LIST.by_code[code] for code in ("bathing", "medical", "errand"))
    assert (bathing.training, bathing.pair, bathing.gender_choice) == ("bathing", True, True)
    for service in (bathing, medical):
        assert "trained" in service.risk("en")
        assert "provider" in service.risk("en")
    assert "receipt" in errand.risk("en")
    for code in ("lesson", "day-care"):
        assert LIST.by_code[code].pair
        assert "children" in LIST.by_code[code].risk("en").lower()


def test_codes_fit_where_they_are_kept() -> None:
    assert max(map(len, LIST.languages)) <= 10
    assert len(" ".join(LIST.languages)) <= 200
    assert len(" ".join(LIST.by_code)) <= 500


def test_a_service_that_asks_for_a_course_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    text = catalogue.CATALOGUE.read_text(encoding="utf-8")
    (tmp_path / "list.toml").write_text(text.replace('training = "bathing"', 'training = "bath"'), encoding="utf-8")
    with pytest.raises(KeyError, match="bath"):
        catalogue.load(tmp_path / "list.toml")
