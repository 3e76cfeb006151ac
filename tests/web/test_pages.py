"""What every page keeps to: who may see it, what stands in its headers and addresses, both languages."""

import csv
import io
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from flask import Flask
from pypdfium2 import PdfDocument

from tests.web.visitor import AT, Visitor, said
from tests.world import ELSEWHERE, HERE, World
from timebank import jobs
from timebank.ledger import Corrupted
from timebank.services import audits, statements
from timebank.services.job_plan import PLANS
from timebank.web import frame, labels, say
from timebank.web.people import safe_cell
from timebank.web.say import surname

HOUSE = Path(__file__).resolve().parents[2]
CATALOGUE = HOUSE / "timebank/web/translations/zh/LC_MESSAGES"
sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


# --- who sees what ---------------------------------------------------------------------------------------------------


@sqlite
@pytest.mark.parametrize(
    ("name", "first"),
    [
        (None, "/login"),
        ("li", "/me"),
        ("daughter", "/me"),
        ("clerk", f"{AT}/record"),
        ("lead", f"{AT}/day"),
        ("auditor", f"{AT}/audit"),
        ("admin", f"{AT}/audit"),
    ],
)
def test_the_first_page_is_that_of_the_role(app: Flask, world: World, name: str | None, first: str) -> None:
    visitor = Visitor(app, world, name)
    assert visitor.get("/").location == first
    assert visitor.get(first).status_code == 200


@sqlite
def test_a_member_sees_herself_and_her_elders_and_nobody_else(app: Flask, world: World) -> None:
    posted = world.record("li", "wang", 60)
    people, entry = world.people, f"{AT}/entries/{posted.record.id}"
    for name, sees in (("wang", True), ("daughter", True), ("li", False), ("zhao", False), ("stranger", False)):
        visitor = Visitor(app, world, name)
        for page in ("", "/statement"):
            answer = visitor.get(f"/people/{people['wang'].id}{page}")
            assert (answer.status_code, "王桂英" in answer.text) == ((200, True) if sees else (403, False))
    for name, status in (("li", 200), ("wang", 200), ("daughter", 200), ("zhao", 404), ("stranger", 403)):
        visitor = Visitor(app, world, name)
        assert visitor.get(entry).status_code == status
        assert visitor.get(f"{entry}/receipt").status_code == status


@sqlite
def test_a_member_cannot_look_people_up_or_stand_at_the_counter(app: Flask, world: World) -> None:
    li = Visitor(app, world, "li")
    for path in ("record", "redeem", "people", "people/new", "day", "audit"):
        answer = li.get(f"{AT}/{path}")
        assert (answer.status_code, "not open to you" in said(answer)) == (403, True)
    assert li.post(f"{AT}/search", q="王").status_code == 403
    assert li.post(f"{AT}/people", q="王").status_code == 403
    zhao = world.people["zhao"].id
    assert li.post(f"/people/{zhao}/donate", id=world.bank.uuid(), minutes="1", step="post").status_code == 403


@sqlite
def test_a_clerk_of_another_community_sees_nothing_of_this_one(app: Flask, world: World) -> None:
    posted = world.record()
    far = Visitor(app, world, "far clerk")
    for path in (f"/entries/{posted.record.id}", "/day", "/record", "/people"):
        assert far.get(AT + path).status_code == 403
    assert far.get(f"/communities/{ELSEWHERE}/entries/{posted.record.id}").status_code == 404
    assert far.get(f"/people/{world.people['li'].id}").status_code == 403
    form = {"volunteer": world.people["li"].id, "served": world.people["wang"].id, "id": world.bank.uuid()}
    page = far.post(f"/communities/{ELSEWHERE}/record", form | {"step": "post"})
    assert "李明" not in page.text


@sqlite
def test_an_auditor_sees_what_ran_by_itself_and_what_failed(app: Flask, world: World) -> None:
    auditor = Visitor(app, world, "auditor")
    assert auditor.get(f"{AT}/audit").text.count(">not yet<") >= len(PLANS)
    world.bank.read_only[world.bank.origin(HERE)] = "for this test"
    jobs.run_due(world.bank, jobs.of(world.bank))
    page = auditor.get(f"{AT}/audit").text
    assert page.count(">Done<") == len(PLANS) - 3  # the audit and the digest wait for the seal
    assert page.count(">Failed, is tried again<") == 1


def test_an_auditor_sees_records_and_receipts_and_no_name(app: Flask, world: World) -> None:
    posted = world.record()
    auditor = Visitor(app, world, "auditor")
    pages = [auditor.get(f"{AT}/audit"), auditor.get(f"{AT}/audit/records/{posted.record.seq}")]
    pages.append(auditor.post(f"{AT}/audit/verify"))
    assert all(page.status_code == 200 and "李明" not in page.text for page in pages)
    assert "All records hold together" in said(pages[-1])
    assert posted.record.hash.hex() in pages[1].text
    assert auditor.get(f"{AT}/entries/{posted.record.id}").status_code == 403
    assert auditor.get(f"{AT}/entries/{posted.record.id}/receipt").status_code == 200


@sqlite
def test_of_large_books_the_page_names_the_command(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audits, "MOST_WAITED_FOR", 1)
    text = said(Visitor(app, world, "auditor").post(f"{AT}/audit/verify"))
    assert f"timebank verify {HERE}" in text
    assert "All records hold together" not in text


@sqlite
def test_a_forged_form_is_refused_with_the_way_back(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    answer = clerk.client.post(f"{AT}/record", data={"step": "post"})
    assert answer.status_code == 400
    assert "Open it again and send it" in said(answer)
    assert f'href="{AT}/record"' in answer.text


@sqlite
@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"]
)
def test_no_link_of_ours_leads_elsewhere(app: Flask, world: World, evil: str) -> None:
    visitor = Visitor(app, world)
    assert visitor.client.get("/language/en", query_string={"next": evil}).location == "/"
    assert visitor.client.get("/size/large", query_string={"next": evil}).location == "/"
    assert visitor.post("/login", name="li", secret="correct horse", next=evil).location == "/"


# --- headers and addresses -------------------------------------------------------------------------------------------


@sqlite
@pytest.mark.parametrize("path", ["/login", "/check", "/nowhere", f"{AT}/record", "/me", f"{AT}/checkpoint"])
def test_every_page_is_guarded_by_its_headers(app: Flask, world: World, path: str) -> None:
    headers = Visitor(app, world, "clerk").get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@sqlite
def test_no_page_holds_a_script_or_style_of_its_own_or_asks_another_host(app: Flask, world: World) -> None:
    posted = world.record()
    clerk = Visitor(app, world, "clerk")
    for path in (f"{AT}/record", f"{AT}/day", f"{AT}/entries/{posted.record.id}", "/check"):
        text = clerk.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!localhost)', text)


@sqlite
def test_a_file_of_ours_may_be_kept_for_ever_because_its_address_changes_with_it(app: Flask, world: World) -> None:
    visitor = Visitor(app, world)
    found = re.search(r'href="(/static/app\.css\?v=[0-9a-f]+)"', visitor.get("/login").text)
    assert found is not None
    assert "immutable" in visitor.get(found.group(1)).headers["Cache-Control"]
    assert visitor.get("/static/app.css?v=old").headers["Cache-Control"] == "no-cache"


@sqlite
def test_a_kept_address_is_that_of_the_place_where_the_service_is_mounted(app: Flask, world: World) -> None:
    for root in ("", "/bank", ""):
        text = Visitor(app, world).client.get("/check", environ_overrides={"SCRIPT_NAME": root}).text
        assert f'href="{root}/about/why"' in text
        assert f'href="{root}/static/app.css?v=' in text


@sqlite
def test_no_address_names_a_person(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    page = clerk.post(f"{AT}/people", q="lm")
    assert "李明 phone …0001 Volunteer" in said(page)
    for link in re.findall(r'href="([^"]+)"', page.text):
        assert not re.search(r"%E|李|138000|" + world.people["li"].card, link)
    asked = clerk.post(f"{AT}/search", q="lm", role="volunteer")
    assert [person["name"] for person in asked.get_json()["people"]] == ["李明"]
    assert clerk.get(f"{AT}/search?q=lm").status_code == 405


# --- pages -----------------------------------------------------------------------------------------------------------


@sqlite
def test_home_says_three_figures_and_each_entry_in_a_sentence(app: Flask, world: World) -> None:
    world.record(minutes=750 - 300)
    world.record("li", "chen", minutes=30)
    world.clock.advance(days=1)
    world.record(minutes=270)
    text = said(Visitor(app, world, "li", language="zh").get("/me"))
    assert "可用 12小时30分 已预留 0分钟 累计服务时长 12小时30分" in text
    assert "李明为陈秀兰提供陪伴聊天服务，30分钟。社区存入30分钟。 +30分钟 余额 8小时" in text
    assert "9月22日 星期二" in text


@sqlite
def test_home_tells_a_newcomer_what_to_do_and_pages_on(app: Flask, world: World) -> None:
    zhao = Visitor(app, world, "zhao")
    assert "zhao" not in said(zhao.get("/me")).split("Logged in")[0]
    for _ in range(25):
        world.record("zhao", "wang", 15)
    page = zhao.get("/me")
    older = re.search(r'href="(/me\?before=\d+)"', page.text)
    assert older is not None
    assert "joined the time bank" in said(zhao.get(older.group(1)))


@sqlite
def test_what_was_spent_before_a_correction_stands_as_still_to_be_given_back(app: Flask, world: World) -> None:
    posted = world.record("daughter", "chen", 60)
    world.give("daughter", "zhao", 60)
    clerk, lead = Visitor(app, world, "clerk"), Visitor(app, world, "lead")
    clerk.post(f"{AT}/entries/{posted.record.id}/reverse", id=world.bank.uuid(), reason="twice")
    found = re.search(r"/approvals/([0-9a-f]{32})", lead.get(f"{AT}/day").text)
    assert found is not None
    lead.post(f"{AT}/approvals/{found.group(1)}", decision="approve")
    assert "待追回 1小时" in said(Visitor(app, world, "daughter", language="zh").get("/me"))


@sqlite
def test_a_statement_is_a_page_and_a_table_that_excel_reads(app: Flask, world: World) -> None:
    world.record(minutes=60)
    li, path = Visitor(app, world, "li"), f"/people/{world.people['li'].id}/statement?from=2026-09-01&to=2026-09-30"
    assert "Opening balance 0 minutes Closing balance 1 hour" in said(li.get(path))
    answer = li.get(f"{path}&form=csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[-1][5] == "60"
    assert rows[-2][4:6] == ["60", "60"]
    assert "The end must be after" in said(li.get(path.replace("to=2026-09-30", "to=2026-08-01")))


@sqlite
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_passbook_is_pages_with_numbers_and_text_that_can_be_read(app: Flask, world: World, language: str) -> None:
    for _ in range(30):
        world.record(minutes=30)
    path = f"/people/{world.people['li'].id}/statement?from=2026-09-01&to=2026-09-30&form=pdf"
    answer = Visitor(app, world, "li", language=language).get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = [page.get_textpage().get_text_range() for page in PdfDocument(answer.data)]
    assert len(pages) > 1
    assert all(f"{n} / {len(pages)}" in text for n, text in enumerate(pages, 1))
    heads = ("入账时间", "余额") if language == "zh" else ("Posted", "Balance")
    assert all(head in text for head in heads for text in pages)
    assert "李明" in pages[0]
    assert ("8小时" if language == "zh" else "8 hours") in pages[-1]
    assert Visitor(app, world, "stranger").get(path).status_code == 403


@sqlite
def test_a_name_that_no_font_has_is_named_and_never_printed_as_a_box(app: Flask, world: World) -> None:
    world.register("rare", "王\U000323af", HERE, is_volunteer=True)
    clerk = Visitor(app, world, "clerk")
    answer = clerk.get(f"/people/{world.people['rare'].id}/statement?form=pdf")
    assert answer.status_code == 422
    assert "\U000323af" in said(answer)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_a_statement_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert safe_cell("李明") == "李明"


@pytest.mark.parametrize(("name", "called"), [("欧阳修", "欧阳"), ("李明", "李"), ("Li Ming", "Ming"), ("", "")])
def test_a_surname_is_one_character_or_two(name: str, called: str) -> None:
    assert surname(name) == called


@sqlite
def test_a_receipt_is_a_file_and_the_page_says_how_to_check_it(app: Flask, world: World) -> None:
    posted = world.record()
    li = Visitor(app, world, "li")
    answer = li.get(f"{AT}/entries/{posted.record.id}/receipt")
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"].endswith('.tlog-proof"')
    assert answer.data == statements.receipt(world.bank, world.actors["li"], HERE, posted.record.id)
    page = li.get(f"{AT}/entries/{posted.record.id}")
    assert "Checked, unaltered" in said(page)
    assert "python verifier/timebank_verify.py receipt FILE" in said(page)
    assert posted.record.hash.hex() in page.text


@sqlite
@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/logout", 405), (f"/communities/{'9' * 12}/day", 403)]
)
def test_an_error_is_a_page_in_both_languages(app: Flask, world: World, path: str, status: int) -> None:
    english, chinese = (Visitor(app, world, "clerk", language=language).get(path) for language in ("en", "zh"))
    assert (english.status_code, chinese.status_code) == (status, status)
    assert "To the first page" in said(english)
    assert "回到首页" in said(chinese)


@sqlite
def test_too_large_a_file_is_told(app: Flask, world: World) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = Visitor(app, world).post("/check", pasted="x" * 1001)
    assert answer.status_code == 413
    assert "too large" in said(answer)


@sqlite
def test_books_that_contradict_themselves_are_a_page_too(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise Corrupted("does not add up", origin="x")

    monkeypatch.setattr("timebank.services.statements.figures_of", broken)
    answer = Visitor(app, world, "li").get("/me")
    assert answer.status_code == 503
    assert "Call the operator" in said(answer)


@sqlite
def test_a_fault_of_ours_is_a_page_and_tells_nothing_of_our_inside(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("timebank.services.statements.figures_of", broken)
    answer = Visitor(app, world, "li").get("/me")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Something went wrong" in said(answer)


@sqlite
def test_language_and_size_are_kept(app: Flask, world: World) -> None:
    visitor = Visitor(app, world, language="en")
    assert 'lang="en"' in visitor.get("/login").text
    assert visitor.get("/language/zh?next=/check").location == "/check"
    assert 'lang="zh-Hans"' in visitor.get("/login").text
    visitor.get("/size/large?next=/login")
    assert 'data-size="large"' in visitor.get("/login").text
    elder = Visitor(app, world)
    assert 'data-size="elder"' in elder.get("/login?elder=1").text
    assert 'data-size="elder"' in elder.get("/check").text


def test_the_style_sheet_is_small() -> None:
    assert (HOUSE / "timebank/web/static/app.css").stat().st_size < 25_000


def test_every_view_says_first_who_may_call_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask(__name__)
    app.register_blueprint(frame.pages)
    who = (
        "Anybody",
        "The member",
        "The person",
        "Clerk",
        "Staff",
        "Lead",
        "Admin",
        "Auditor",
        "Volunteers",
        "The station",
        "Who may see",
    )
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("web.") and rule.endpoint != "web.static":
            assert (app.view_functions[rule.endpoint].__doc__ or "").startswith(who), rule.endpoint


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_every_sentence_of_the_sources_has_its_chinese() -> None:
    with (HOUSE / "timebank/web/babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    keywords = DEFAULT_KEYWORDS | {"_l": None, "N_": None}
    found = extract_from_dir(HOUSE / "timebank", methods, options, keywords)
    wanted = {message[2] for message in found}
    with (CATALOGUE / "messages.po").open("rb") as file:
        catalogue = pofile.read_po(file, locale="zh")
    translated = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert wanted - translated == set()
    assert {message.id for message in catalogue if message.id} - wanted == set()


def test_the_chinese_keeps_every_placeholder_of_the_english() -> None:
    with (CATALOGUE / "messages.po").open("rb") as file:
        for message in pofile.read_po(file, locale="zh"):
            places = (set(re.findall(r"%\(\w+\)s|\{\w+\}", str(text))) for text in (message.id, message.string))
            assert len({frozenset(names) for names in places}) == 1 or not message.id, message.id


def test_the_compiled_catalogue_is_that_of_the_sources() -> None:
    with (CATALOGUE / "messages.po").open("rb") as file:
        source = pofile.read_po(file, locale="zh")
    compiled = io.BytesIO()
    mofile.write_mo(compiled, source)
    assert (CATALOGUE / "messages.mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("word", ["区块链", "发行", "冻结", "收款", "付款", "转账"])
def test_words_that_people_misunderstand_are_not_used(word: str) -> None:
    assert word not in (CATALOGUE / "messages.po").read_text(encoding="utf-8")


def test_every_word_that_a_template_asks_for_is_there() -> None:
    """Whatever a page says only in a rare state is asked for in its template all the same."""
    asked = set()
    for template in sorted((HOUSE / "timebank/web/templates").glob("*.html")):
        asked |= set(re.findall(r"\b(say|labels)\.(\w+)", template.read_text(encoding="utf-8")))
    assert ("labels", "NOT_TAKEN") in asked
    known = {"say": say, "labels": labels}
    assert {f"{module}.{name}" for module, name in asked if not hasattr(known[module], name)} == set()
