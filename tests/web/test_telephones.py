"""Logging in with a telephone, page by page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, beside, said
from tests.world import SECRET, World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def post(world: World, tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    world.bank.settings = replace(world.bank.settings, text_gateway=f"folder:{folder}")
    return folder


def _code(post: Path) -> str:
    text = json.loads(max(post.glob("*.json")).read_bytes())["text"]
    return str(text.split("code is ")[1][:6])


def test_with_the_telephone_and_the_day_of_birth_and_then_with_the_telephone_alone(
    app: Flask, world: World, post: Path
) -> None:
    wang = Visitor(app, world)
    assert "/login/telephone" in wang.get("/login").text
    asked = wang.post("/login/telephone", phone="138 0000 0003")
    asked.close()  # when the answer is out, the message is handed over
    assert asked.location == "/login/code"
    wrong = wang.post("/login/code", code="000000")
    assert wrong.status_code == 401
    assert "wrong, or no longer good" in beside(wrong, "code")
    assert wang.post("/login/code", code=_code(post)).location == "/login/who"
    shown = wang.get("/login/who")
    assert "王＊＊" in said(shown)
    assert "王桂英" not in shown.text
    person = world.people["wang"].id
    unlike = wang.post("/login/who", person=person, born="0602")
    assert unlike.status_code == 401
    assert "do not fit" in beside(unlike, "born")
    assert wang.post("/login/who", person=person, born="0601").location == "/"
    assert "王桂英" in said(wang.get("/me"))

    wang.post("/logout")
    wang.post("/login/telephone", phone="13800000003").close()
    assert wang.post("/login/code", code=_code(post)).location == "/", "the browser is known"
    assert "王桂英" in said(wang.get("/me"))


def test_whether_a_number_is_known_is_not_told(app: Flask, world: World, post: Path) -> None:
    answers = []
    for phone in ("13800000003", "13999999999"):
        nobody = Visitor(app, world)
        answers.append((nobody.post("/login/telephone", phone=phone).location, said(nobody.get("/login/code"))))
    assert answers[0] == answers[1]


def test_what_is_no_number_is_said_beside_the_field(app: Flask, world: World, post: Path) -> None:
    refused = Visitor(app, world).post("/login/telephone", phone="my phone")
    assert refused.status_code == 422
    assert "digits only" in beside(refused, "phone")


def test_nobody_skips_a_step(app: Flask, world: World, post: Path) -> None:
    nobody = Visitor(app, world)
    for page in ("/login/code", "/login/who"):
        assert nobody.get(page).location == "/login/telephone"
        assert nobody.post(page, code="1", person="1").location == "/login/telephone"


def test_without_a_gateway_nothing_is_offered(app: Flask, world: World) -> None:
    nobody = Visitor(app, world)
    assert "/login/telephone" not in nobody.get("/login").text
    refused = nobody.get("/login/telephone")
    assert refused.status_code == 503
    assert "sends no text messages" in said(refused)


def test_before_the_next_log_in_the_page_says_whom_to_call(app: Flask, world: World) -> None:
    world.policy("[station]\ntelephone = '0851-2822 0000'")
    visitor = Visitor(app, world)
    assert "0851" not in visitor.get("/login").text
    visitor.post("/login", name="wang", secret=SECRET)
    visitor.post("/logout")
    assert "Help: call the station 0851-2822 0000" in said(visitor.get("/login"))
    visitor.client.set_cookie("home", "nonsense")
    assert visitor.get("/login").status_code == 200


def test_in_wechat_the_page_says_how_to_save_a_file(app: Flask, world: World) -> None:
    li = Visitor(app, world, "li")
    page = f"{AT}/entries/{world.record().record.id}"
    assert "open in the browser" not in said(li.get(page))
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49"}
    assert "open in the browser" in said(li.client.get(page, headers=agent))
