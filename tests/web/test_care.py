"""Questions, call-backs and what was found odd, as pages."""

import csv
import html
import io
import re
import zlib
from pathlib import Path

import pytest
from flask import Flask
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from tests.web.visitor import AT, Visitor, beside, said
from tests.world import HERE, World
from timebank.access import OPERATOR
from timebank.services import callbacks, care, certificates, digests
from timebank.web import pdf

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_member_asks_from_the_entry_and_reads_the_answer_there(app: Flask, world: World) -> None:
    entry = f"{AT}/entries/{world.record().record.id}"
    wang, lead = Visitor(app, world, "wang"), Visitor(app, world, "lead")
    assert f'href="{entry}/question"' in wang.get(entry).text
    assert "Ask the station" in said(wang.get(f"{entry}/question"))
    empty = wang.post(f"{entry}/question", id=world.bank.uuid(), text=" ")
    assert (empty.status_code, beside(empty, "text")) == (422, "Error: Please fill this in.")
    assert wang.post(f"{entry}/question", id=world.bank.uuid(), text="他没有来 <b>").location == f"{entry}?doubted=1"
    page = wang.get(f"{entry}?doubted=1")
    assert "The station has your question" in said(page)
    assert "他没有来 &lt;b&gt;" in page.text
    assert f'href="{entry}/question"' not in page.text
    assert wang.get(f"{entry}/question").location == entry
    again = wang.post(f"{entry}/question", id=world.bank.uuid(), text="again")
    assert "asked about this record already" in beside(again, "text")

    day = lead.get(f"{AT}/day")
    assert "王桂英 asks: is this right?" in said(day)
    assert "Look and answer" not in said(Visitor(app, world, "clerk").get(f"{AT}/day"))
    address = day.text.split('class="button" href="')[1].split('"')[0]
    assert address.startswith(f"{AT}/questions/")
    wordless = lead.post(address, decision="stands", reason="mistake")
    assert (wordless.status_code, "Say why" in beside(wordless, "reply")) == (422, True)
    assert lead.post(address, decision="stands", reply="有您的签名", reason="mistake").location == entry
    assert "The record is right and stands : 有您的签名" in said(wang.get(entry)).replace("stands:", "stands :")
    assert "Questions from members" not in said(lead.get(f"{AT}/day"))
    assert "Answer to the member" not in said(lead.get(address))


def test_a_wrong_entry_is_undone_from_the_answer_and_both_show(app: Flask, world: World) -> None:
    visit = world.record().record.id
    entry = f"{AT}/entries/{visit}"
    Visitor(app, world, "li").post(f"{entry}/question", id=world.bank.uuid(), text="不是我")
    lead = Visitor(app, world, "lead")
    address = lead.get(f"{AT}/day").text.split('class="button" href="')[1].split('"')[0]
    assert lead.post(address, decision="reversed", reason="wrong-person").location == entry
    text = said(Visitor(app, world, "li").get(entry))
    assert "Corrected: this record was undone" in text
    assert "The record was wrong and is undone" in text
    assert world.figures("li").available == 0


def test_the_lead_sees_who_is_forgotten_and_what_looks_odd_and_closes_it(app: Flask, world: World) -> None:
    for _ in range(care.MANY_SHORT):
        world.record(minutes=5)
    lead = Visitor(app, world, "lead")
    assert f'href="{AT}/care"' in lead.get(f"{AT}/day").text
    assert "/care" not in Visitor(app, world, "clerk").get(f"{AT}/day").text
    page = lead.get(f"{AT}/care")
    assert f"李明: {care.MANY_SHORT} very short visits on Monday 21 September" in said(page)
    assert "Everybody was served." in said(page)
    assert "谁没人管、谁在刷时长" in Visitor(app, world, "lead", language="zh").get(f"{AT}/care").text
    hidden = dict(re.findall(r'type="hidden" name="(kind|subject|period)" value="([^"]+)"', page.text))
    form = {key: html.unescape(value) for key, value in hidden.items()} | {"outcome": "spoken-to"}
    assert lead.post(f"{AT}/care", form).location == f"{AT}/care?month=2026-09"
    assert "Spoken to them" in said(lead.get(f"{AT}/care"))
    assert "Nothing that nobody has looked at." in said(lead.get(f"{AT}/care"))
    refused = lead.post(f"{AT}/care", form | {"outcome": "in-order"})
    assert (refused.status_code, "decided already" in said(refused)) == (409, True)
    assert lead.get(f"{AT}/care?month=x").location == f"{AT}/care"

    world.clock.advance(days=31)
    world.bank.confirm_clock()
    lead = Visitor(app, world, "lead")
    assert "Nobody came for 30 days 2 Of 2 elders" in said(lead.get(f"{AT}/care"))
    assert f'href="/people/{world.people["chen"].id}"' in lead.get(f"{AT}/care").text


def test_the_day_lists_whom_to_call_and_takes_the_answer(app: Flask, world: World) -> None:
    entry = world.record().record.id
    world.clock.advance(days=15)
    world.bank.confirm_clock()
    callbacks.draw(world.bank, world.actors["admin"], HERE)
    own = Visitor(app, world, "clerk").get(f"{AT}/day")
    assert "You recorded this: another person calls." in said(own)
    other = Visitor(app, world, "clerk2")
    page = other.get(f"{AT}/day")
    assert "To call back 1" in said(page)
    assert 'href="tel:13800000003"' in page.text
    assert other.post(f"{AT}/callbacks", entry=entry, answer="unreachable").location == f"{AT}/day"
    assert "Nobody answered" in said(other.get(f"{AT}/day"))
    assert other.post(f"{AT}/callbacks", entry=entry, answer="not-given").location == f"{AT}/day"
    page = other.get(f"{AT}/day")
    assert "To call back" not in said(page)
    assert "In a call-back it was said: this was not given." in said(page)
    assert "You asked for this: another person must decide." in said(page)
    assert "In a call-back it was said" in said(Visitor(app, world, "wang").get(f"{AT}/entries/{entry}"))
    assert other.post(f"{AT}/callbacks", entry=entry, answer="given").status_code == 409
    assert other.post(f"{AT}/callbacks", entry=entry, answer="x").location == f"{AT}/day"


def test_a_certificate_is_asked_for_hangs_out_is_issued_printed_and_checked(app: Flask, world: World) -> None:
    world.record(minutes=90)
    li, lead, anybody = Visitor(app, world, "li"), Visitor(app, world, "lead"), Visitor(app, world)
    address = f"/people/{world.people['li'].id}/certificates"
    assert f'href="{address}"' in li.get("/me").text
    nothing = li.post(address, id=world.bank.uuid(), first_day="2027-01-01")
    assert "no service to certify" in beside(nothing, "last_day")
    sheet = li.post(address, id=world.bank.uuid()).location
    assert sheet is not None
    draft = said(li.get(sheet))
    assert "李明 served 1 hour 30 minutes as a volunteer" in draft
    assert "A draft. It certifies nothing until it is issued." in draft
    public = anybody.get(f"{AT}/certificates")
    assert "李＊ · 1 hour 30 minutes" in said(public)
    assert "李明" not in public.text
    assert sheet not in public.text
    assert "Issue it" not in said(lead.get(sheet))
    early = lead.post(sheet, decision="issue")
    assert (early.status_code, "It hangs out until Sunday 27 September 2026" in said(early)) == (409, True)

    world.clock.advance(days=7)
    world.bank.confirm_clock()
    li, lead = Visitor(app, world, "li"), Visitor(app, world, "lead")
    assert "Issue it" in said(lead.get(sheet))
    assert lead.post(sheet, decision="issue").location == sheet
    page = li.get(sheet)
    assert "Issued by lead" in said(page)
    assert "Person in charge (signature)" in said(page)
    check = re.search(r"/certificates/2026[0-9A-Z-]+", page.text)
    assert check is not None
    found = anybody.get(check.group())
    assert "It stands" in said(found)
    assert "李" not in found.text
    assert "The name you typed is on it" in said(anybody.post(check.group(), name="李明"))
    assert "is not on it" in said(anybody.post(check.group(), name="王芳"))
    assert anybody.get("/certificates/none").status_code == 404


def issued(world: World, name: str) -> str:
    """The page of a certificate of one of the cast that was issued."""
    world.policy("[certificate]\npublication_days = 0")
    world.record(name, minutes=90)
    wanted = certificates.Request(id=world.bank.uuid(), community=HERE, person=world.people[name].id)
    asked = certificates.ask(world.bank, world.actors["clerk"], wanted)
    certificates.issue(world.bank, world.actors["lead"], HERE, asked.id)
    return f"{AT}/certificates/{asked.id}"


def glyphs(data: bytes) -> int:
    """How many different characters the PDF has glyphs for: the font in it is cut down to those."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, flags=re.DOTALL)
    maps = [text for stream in streams if b"beginbfchar" in (text := inflated(stream))]
    return sum(len(re.findall(rb"^<[0-9A-Fa-f]+> <[0-9A-Fa-f]+>", text, flags=re.MULTILINE)) for text in maps)


def inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_issued_certificate_is_a_pdf(app: Flask, world: World, language: str) -> None:
    sheet = issued(world, "li")
    li = Visitor(app, world, "clerk", language=language)
    assert f'href="{sheet}/pdf"' in li.get(sheet).text
    answer = li.get(f"{sheet}/pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert len(answer.data) < 100_000
    assert glyphs(answer.data) > 40


def test_of_a_draft_there_is_no_pdf(app: Flask, world: World) -> None:
    world.record(minutes=90)
    li = Visitor(app, world, "li")
    sheet = li.post(f"/people/{world.people['li'].id}/certificates", id=world.bank.uuid()).location
    assert sheet is not None
    assert "/pdf" not in li.get(sheet).text
    assert li.get(f"{sheet}/pdf").location == sheet


def test_a_rare_character_comes_from_the_installed_font_or_is_refused_but_is_never_a_box(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.register("rare", "李㛃", HERE, is_volunteer=True, born="1990-01-01")
    sheet = issued(world, "rare")
    clerk = Visitor(app, world, "clerk", language="en")
    if any(path.exists() for path, _number in pdf.INSTALLED):
        assert clerk.get(f"{sheet}/pdf").data.startswith(b"%PDF-")
    monkeypatch.setattr(pdf, "INSTALLED", ())
    refused = clerk.get(f"{sheet}/pdf")
    assert (refused.status_code, "The character “㛃” is in no font here" in said(refused)) == (422, True)
    assert "李㛃" in clerk.get(sheet).text


def test_each_rare_character_is_taken_from_whichever_font_has_it_and_can_be_selected(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "INSTALLED", ((font_of("㛃", tmp_path), 0), (font_of("𠮷䶮", tmp_path), 0)))
    world.register("rare", "李㛃𠮷䶮", HERE, is_volunteer=True, born="1990-01-01")
    clerk = Visitor(app, world, "clerk", language="zh")
    made = clerk.get(f"{issued(world, 'rare')}/pdf")
    assert set("李㛃𠮷䶮") <= selectable(made.data)
    book = clerk.get(f"/people/{world.people['rare'].id}/statement?from=2026-09-01&to=2026-09-21&form=pdf")
    assert set("李㛃𠮷䶮") <= selectable(book.data)


def font_of(characters: str, folder: Path) -> Path:
    """A font that has a square for each of these, and nothing else."""
    names = [f"u{ord(one):05X}" for one in characters]
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 800), (800, 800), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", *names])
    made.setupCharacterMap(dict(zip(map(ord, characters), names, strict=True)))
    made.setupGlyf(dict.fromkeys([".notdef", *names], square))
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (1000, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": f"Rare {names[0]}", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    path = folder / f"{names[0]}.ttf"
    made.save(path)
    return path


def selectable(made: bytes) -> set[str]:
    """The characters that a reader of the PDF can select and search for: those its fonts map glyphs to."""
    found = set()
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, flags=re.DOTALL):
        text = inflated(part)
        if b"begincmap" in text:
            found |= {
                bytes.fromhex(code.decode()).decode("utf-16-be")
                for code in re.findall(rb"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]+)>", text)
            }
    return found


def test_an_objection_stops_a_certificate(app: Flask, world: World) -> None:
    world.record(minutes=90)
    clerk, lead = Visitor(app, world, "clerk"), Visitor(app, world, "lead")
    sheet = clerk.post(f"/people/{world.people['li'].id}/certificates", id=world.bank.uuid()).location
    assert sheet is not None
    assert lead.post(sheet, decision="stop").status_code == 422
    assert lead.post(sheet, decision="stop", objection="hours").location == sheet
    assert "Stopped after an objection · The hours are not right" in said(lead.get(sheet))
    assert "No certificate hangs out." in said(lead.get(f"{AT}/certificates"))


def test_the_month_hangs_out_is_saved_as_a_table_and_filed(app: Flask, world: World) -> None:
    world.register("bad", "=1+1", HERE, is_volunteer=True, born="1990-01-01")
    entry = world.record(minutes=90).record.id
    world.record("bad", minutes=30)
    digests.make(world.bank, OPERATOR)
    clerk, lead = Visitor(app, world, "clerk"), Visitor(app, world, "lead")
    address = f"{AT}/publication?month=2026-09"
    assert f'href="{address}"' in clerk.get(f"{AT}/day").text
    assert clerk.post(f"{AT}/publication", entries=entry, state="filed", month="2026-09").location == address
    nothing = clerk.post(f"{AT}/publication", state="filed", month="2026-09")
    assert (nothing.status_code, "Please fill this in." in said(nothing)) == (422, True)
    page = said(clerk.get(address))
    assert "李明 Company and talk Filed · Monday 21 September 1 hour 30 minutes" in page
    assert "Company and talk Still to be filed 30 minutes" in page
    assert "Note it" not in said(lead.get(address))

    sheet = lead.get(f"{AT}/publication/notice?month=2026-09")
    assert "李＊ Monday 21 September" in said(sheet)
    assert "2 hours in all" in said(sheet)
    assert "李明" not in sheet.text
    assert str(digests.newest(world.bank)).split()[0] in said(sheet)
    assert "<svg" in sheet.text

    table = clerk.get(f"{AT}/publication/table?month=2026-09")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert table.headers["Content-Disposition"] == f'attachment; filename="{HERE}-2026-09.csv"'
    head, first, second = csv.reader(io.StringIO(table.data.decode("utf-8-sig")))
    assert (first[1], first[3], first[5], first[8]) == (entry, "李明", "90", "Filed")
    assert (second[3], second[8]) == ("'=1+1", "Still to be filed")
    assert len(head) == len(first)
    for path in ("publication", "publication/notice", "publication/table"):
        assert clerk.get(f"{AT}/{path}?month=x").status_code == 303
