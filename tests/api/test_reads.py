"""What programs read: figures, histories, statements, days, and the books from outside."""

import hashlib

import pytest

from tests.api.calls import PLACE, V1, Calls, problem
from tests.services.test_ratings import given
from tests.world import ELSEWHERE, HERE
from timebank.ledger import Checkpoint, Receipt, leaf_hash, parse_record
from timebank.services import audits


def test_the_communities_and_their_heads_are_public(calls: Calls) -> None:
    listed = calls.get(f"{V1}/communities", None)
    assert [place["code"] for place in listed.get_json()["communities"]] == [HERE, ELSEWHERE]
    assert listed.headers["Cache-Control"] == "no-cache"
    head = calls.get(f"{PLACE}/checkpoint", None)
    assert head.content_type == "text/plain; charset=utf-8"
    checkpoint = Checkpoint.parse(head.data)
    assert checkpoint.is_signed_by(calls.log_key().vkey)
    assert checkpoint.size == calls.size()


def test_a_balance_has_a_tag_and_is_not_sent_again_until_the_ledger_grows(calls: Calls) -> None:
    address = f"{V1}/people/{calls.person('li')}/balance"
    calls.world.record(minutes=90)
    first = calls.get(address, "li")
    assert first.get_json() == {
        "person": calls.person("li"),
        "community": HERE,
        "available": 90,
        "held": 0,
        "served": 90,
        "owed": 0,
        "size": calls.size(),
    }
    tag = first.headers["ETag"]
    again = calls.get(address, "li", If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    calls.world.record(minutes=30)
    later = calls.get(address, "li", If_None_Match=tag)
    assert (later.status_code, later.get_json()["available"]) == (200, 120)


def test_a_history_is_read_page_by_page_without_gap_or_double(calls: Calls) -> None:
    made = [calls.world.record(minutes=30).record.id for _ in range(5)]
    found, before = [], None
    for _ in range(4):
        query = "?limit=2" + (f"&before={before}" if before is not None else "")
        page = calls.get(f"{V1}/people/{calls.person('li')}/history{query}", "li").get_json()
        found += page["items"]
        before = page["before"]
        if before is None:
            break
    assert [item["id"] for item in found if item["kind"] == "service"] == made[::-1]
    assert [item["balance"] for item in found if item["kind"] == "service"] == [150, 120, 90, 60, 30]
    assert before is None


def test_a_statement_adds_up(calls: Calls) -> None:
    calls.world.record(minutes=60)
    calls.world.clock.advance(days=2)
    today = calls.world.clock.day
    calls.world.record(minutes=30)
    found = calls.get(f"{V1}/people/{calls.person('li')}/statement?from={today}&to={today}").get_json()
    assert (found["opening"], found["closing"], len(found["items"])) == (60, 90, 1)


def test_an_entry_and_its_receipt(calls: Calls) -> None:
    made = calls.world.record(minutes=60, note="她今天很高兴")
    address = f"{PLACE}/entries/{made.record.id}"
    entry = calls.get(address).get_json()
    assert (entry["kind"], entry["note"], entry["seq"]) == ("service", "她今天很高兴", made.record.seq)
    assert entry["names"][calls.world.people["li"].account] == "李明"
    for name in ("clerk", "li", "wang", "auditor", "daughter"):
        response = calls.get(f"{address}/receipt", name)
        assert response.content_type == "text/plain; charset=utf-8"
        receipt = Receipt.parse(response.data)
        assert receipt.entry.record == made.record.raw
        assert receipt.entry.leads_to(receipt.checkpoint)
    assert problem(calls.get(address, "zhao"))["code"] == "entry-unknown"
    assert problem(calls.get(address, "auditor"))["code"] == "denied"


def test_a_day_shows_entries_questions_and_open_orders(calls: Calls) -> None:
    entry = calls.world.record(minutes=120).record.id
    calls.world.give("li", "wang", 60)
    calls.world.order()
    calls.post(f"{PLACE}/reversals", {"entry": entry, "reason": "twice"})
    day = calls.get(f"{PLACE}/day").get_json()
    assert (day["day"], day["visits"], day["credited"]) == (calls.world.clock.day, 1, 120)
    assert [question["own"] for question in day["questions"]] == [True]
    assert [order["elder_name"] for order in day["orders"]] == ["王桂英"]
    assert calls.get(f"{PLACE}/day?day=2026-09-01", "lead").get_json()["items"] == []


def test_people_are_found_by_name_pinyin_and_telephone(calls: Calls) -> None:
    for text in ("李明", "liming", "lm", "0001"):
        found = calls.post(f"{PLACE}/people/search", {"q": text}, key=None).get_json()["people"]
        assert calls.person("li") in [person["id"] for person in found], text
    one = calls.get(f"{V1}/people/{calls.person('li')}", "li").get_json()
    assert (one["name"], one["phone_tail"], one["is_volunteer"]) == ("李明", "0001", True)


def test_an_auditor_reads_every_record_and_can_recompute_the_head(calls: Calls) -> None:
    calls.world.record(minutes=60)
    overview = calls.get(f"{PLACE}/audit", "auditor").get_json()
    assert overview["size"] == calls.size()
    assert sum(total["minutes"] for total in overview["totals"].values()) == 0
    assert str(calls.log_key().vkey) in [key["vkey"] for key in overview["keys"]]
    raws: list[bytes] = []
    before = overview["size"]
    while before is not None:
        page = calls.get(f"{PLACE}/audit/records?limit=7&before={before}", "auditor").get_json()
        raws += [line["record"].encode() for line in page["records"]]
        before = page["before"]
    raws.reverse()
    assert [parse_record(raw).seq for raw in raws] == list(range(overview["size"]))
    assert _root(raws).hex() == overview["root"]
    one = calls.get(f"{PLACE}/audit/records/{overview['size'] - 1}", "auditor")
    assert one.data == raws[-1]


def _root(raws: list[bytes]) -> bytes:
    """RFC 6962 §2.1, straight from its text."""
    if len(raws) == 1:
        return leaf_hash(raws[0])
    half = 1 << (len(raws) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _root(raws[:half]) + _root(raws[half:])).digest()


def test_an_audit_names_no_person(calls: Calls) -> None:
    calls.world.record(minutes=60, note="她今天很高兴")
    for what in ("audit", "audit/records", "audit/verification"):
        text = calls.get(f"{PLACE}/{what}", "auditor").text
        assert not [name for name in ("李明", "王桂英", "高兴", "13800000001") if name in text]


def test_a_verification_says_what_it_proved(calls: Calls) -> None:
    calls.world.record(minutes=60)
    found = calls.get(f"{PLACE}/audit/verification", "auditor").get_json()
    assert (found["size"], found["minutes_credited"]) == (calls.size(), 60)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_large_books_are_not_replayed_in_a_request(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    calls.world.record(minutes=60)
    monkeypatch.setattr(audits, "MOST_WAITED_FOR", calls.size())
    assert calls.get(f"{PLACE}/audit/verification", "auditor").status_code == 200
    calls.world.record(minutes=60)
    for language in ("zh", "en"):
        found = problem(calls.get(f"{PLACE}/audit/verification", "auditor", Accept_Language=language))
        assert (found["status"], found["code"]) == (422, "ledger-too-large")
        assert "timebank verify" in found["detail"]
    assert audits.verify(calls.world.bank, calls.world.actors["auditor"], HERE).size == calls.size()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_damage_is_503_and_says_no_more_than_that_the_books_are_read_only(calls: Calls) -> None:
    bank = calls.world.bank
    calls.world.record(minutes=60)
    with bank.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET minutes = minutes + 1 WHERE name LIKE 'member:%'")
    found = problem(calls.get(f"{PLACE}/audit/verification", "auditor"))
    assert (found["status"], found["code"]) == (503, "ledger-read-only")
    assert "accounts" not in str(found)


def test_each_side_reads_its_own_rating_and_the_station_both(calls: Calls) -> None:
    hold = given(calls.world)
    at = f"{PLACE}/orders/{hold}/rating"
    assert calls.post(at, {"stars": 4, "text": "门口台阶多"}, "li").status_code == 204
    assert calls.post(at, {"stars": 5}, "daughter").status_code == 204
    volunteer, elder = (
        {"side": "volunteer", "stars": 4, "text": "门口台阶多"},
        {"side": "elder", "stars": 5, "text": ""},
    )
    read = {name: calls.get(at, name).get_json()["ratings"] for name in ("li", "daughter", "clerk")}
    assert read["li"] == [volunteer]
    assert read["daughter"] == [elder]
    assert sorted(read["clerk"], key=lambda one: one["stars"]) == [volunteer, elder]
    assert problem(calls.get(at, "zhao"))["status"] == 403


def test_a_slip_has_a_copy_for_each_who_may_read_it(calls: Calls) -> None:
    entry = calls.world.record(minutes=60).record.id
    at = f"{PLACE}/entries/{entry}/slip"
    for_clerk, for_li = calls.get(at).get_json(), calls.get(at, "li").get_json()
    assert [(one["name"], one["change"]) for one in for_clerk["copies"]] == [("李明", 60), ("王桂英", 0)]
    assert (for_clerk["for_station"], for_li["for_station"]) == (True, False)
    assert for_li["copies"] == [{"name": "李明", "change": 60, "balance": 60}]
    assert for_li["item"]["id"] == entry
    assert problem(calls.get(at, "zhao"))["status"] == 404


def test_a_second_one_who_went_along_is_entered_beside(calls: Calls) -> None:
    entry = calls.world.record(minutes=60).record.id
    made = calls.made(f"{PLACE}/entries/{entry}/second", {"second": calls.person("zhao")})
    assert (made["entry"]["body"]["uncredited"], made["entry"]["body"]["minutes"]) == ("pair", 60)
    own = f"{PLACE}/entries/{made['entry']['id']}/second"
    refused = problem(calls.post(own, {"second": calls.person("daughter")}))
    assert (refused["status"], refused["code"]) == (422, "no-pair")
