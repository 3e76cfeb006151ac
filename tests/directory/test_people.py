"""People: what is stored of them, how they are found, who acts for whom, what erasing leaves."""

import os
import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, event, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Db
from sqlalchemy.pool import ConnectionPoolEntry

from timebank.directory import (
    Approval,
    Base,
    Community,
    Detail,
    DetailPerson,
    Guardian,
    Kinship,
    Login,
    Order,
    Person,
    PersonClass,
    Presence,
    Training,
    details,
    logins,
    people,
    tokens,
)
from timebank.keyring import Master, Vault, VaultError

HERE, THERE = "520302001001", "520302001002"
NOW = 1_790_000_000_000
VAULT = Vault(Master(bytes(range(32))))
NUMBERS = count(1)


@pytest.fixture
def db(database_url: str) -> Iterator[Db]:
    engine = create_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _enforce_foreign_keys)
    Base.metadata.create_all(engine)
    with Db(engine) as db:
        for code, name in ((HERE, "杨柳"), (THERE, "大兴")):
            db.add(Community(code=code, origin=f"t.example/c/{code}", name=name, town="老城街道", county="红花岗区"))
        db.flush()
        yield db
    engine.dispose()


def _enforce_foreign_keys(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def hex_id() -> str:
    return f"{next(NUMBERS):032x}"


def register(
    db: Db,
    name: str,
    *,
    phone: str | None = None,
    community: str = HERE,
    address: str | None = None,
    note: str | None = None,
    born: str | None = None,
) -> Person:
    person_id = hex_id()
    new = people.NewPerson(
        id=person_id,
        community=community,
        account=f"member:{person_id}",
        name=name,
        phone=phone,
        address=address,
        note=note,
        born=born,
        registered_at=NOW,
    )
    people.register(db.connection(), VAULT, new, random=os.urandom)
    return db.get_one(Person, person_id)


def found(db: Db, text: str, *, limit: int = 20) -> list[str | None]:
    return [people.name_of(VAULT, person) for person in people.search(db, VAULT, HERE, text, limit)]


# Sealed at rest


def test_what_was_registered_is_read_back(db: Db) -> None:
    wang = register(db, "王小明", phone="138 0000 0001", address="民主路 3 号", note="膝盖不好", born="1948-02-29")
    db.commit()
    again = db.get_one(Person, wang.id)
    assert people.name_of(VAULT, again) == "王小明"
    assert people.phone_of(VAULT, again) == "138 0000 0001"
    assert people.address_of(VAULT, again) == "民主路 3 号"
    assert people.note_of(VAULT, again) == "膝盖不好"
    assert people.born_of(VAULT, again) == "1948-02-29"


def test_nothing_personal_can_be_read_in_any_cell(db: Db) -> None:
    wang = register(db, "王小明", phone="13800000001", address="民主路三号", note="膝盖不好", born="1948-02-29")
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    new = logins.NewLogin(id=hex_id(), name="13800000001", shown="王小明", secret="735102", created_at=NOW)
    logins.create(db.connection(), VAULT, hasher, new)
    details.keep(
        db.connection(),
        VAULT,
        origin="t",
        entry="e",
        salt=bytes(32),
        text="王小明 served 13800000001",
        people=[wang.id],
    )
    db.commit()
    tables = Base.metadata.sorted_tables
    cells = [cell for table in tables for row in db.execute(select(table)) for cell in row]
    stored = b"\0".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
    assert wang.card.encode() in stored, "what is read here is what was written"
    for text in ("王", "小明", "13800000001", "0000001", "民主路", "膝盖", "1948", "735102"):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            if len(text.encode(encoding)) > 2:
                assert text.encode(encoding) not in stored


def test_nothing_personal_can_be_read_in_the_database_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'directory.db'}")
    Base.metadata.create_all(engine)
    with Db(engine) as db:
        db.add(Community(code=HERE, origin="o", name="杨柳", town="老城街道", county="红花岗区"))
        wang = register(db, "王小明", phone="13800000001")
        card = wang.card
        wang.sealed_note = VAULT.seal("people.note", wang.id, "膝盖不好")
        db.commit()
    engine.dispose()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert card.encode() in raw, "what is read here is what was written"
    for text in ("王", "小明", "13800000001", "膝盖"):
        assert text.encode() not in raw


def test_a_name_copied_into_another_row_does_not_open(db: Db) -> None:
    wang, li = register(db, "王小明"), register(db, "李芳")
    li.sealed_name = wang.sealed_name
    db.commit()
    with pytest.raises(VaultError):
        people.name_of(VAULT, li)


def test_a_phone_copied_into_the_note_does_not_open(db: Db) -> None:
    wang = register(db, "王小明", phone="13800000001", note="x")
    wang.sealed_note = wang.sealed_phone
    with pytest.raises(VaultError):
        people.note_of(VAULT, wang)


def test_details_open_only_for_their_own_entry(db: Db) -> None:
    wang = register(db, "王小明")
    details.keep(db.connection(), VAULT, origin="o", entry="e1", salt=bytes(32), text="one", people=[wang.id])
    details.keep(db.connection(), VAULT, origin="o", entry="e2", salt=bytes(32), text="two", people=[wang.id, wang.id])
    assert details.text_of(db, VAULT, "o", "e1") == "one"
    assert details.text_of(db, VAULT, "o", "e3") is None
    db.get_one(Detail, ("o", "e1")).sealed_text = db.get_one(Detail, ("o", "e2")).sealed_text
    with pytest.raises(VaultError):
        details.text_of(db, VAULT, "o", "e1")


# Cards


def test_a_card_has_ten_digits_and_luhn_s_check(db: Db) -> None:
    card = register(db, "王小明").card
    assert len(card) == 10
    assert card[0] != "0"
    odd = [int(digit) for digit in card[1::2]]
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in card[0::2]]
    assert sum(odd + doubled) % 10 == 0


def test_every_mistyped_digit_of_a_card_is_noticed() -> None:
    card = "1234567897"
    assert people.is_card(card)
    for place, right in enumerate(card):
        for wrong in "0123456789".replace(right, ""):
            assert not people.is_card(card[:place] + wrong + card[place + 1 :])


def test_a_card_that_is_taken_is_not_drawn_again(db: Db) -> None:
    draws = iter([bytes(8), bytes(8), b"\0" * 7 + b"\1"])

    def random(_length: int) -> bytes:
        return next(draws)

    for person in ("a" * 32, "b" * 32):
        new = people.NewPerson(id=person, community=HERE, account=f"member:{person}", name="王", registered_at=NOW)
        people.register(db.connection(), VAULT, new, random=random)
    cards = db.scalars(select(Person.card).order_by(Person.id)).all()
    assert [card[:9] for card in cards] == ["100000000", "100000001"]


def test_a_card_is_found_as_it_is_printed_in_groups(db: Db) -> None:
    wang = register(db, "王小明")
    grouped = f"{wang.card[:4]} {wang.card[4:8]} {wang.card[8:]}"
    holder = people.with_card(db.connection(), grouped)
    assert holder is not None
    assert holder.id == wang.id
    assert people.with_card(db.connection(), str(int(wang.card) ^ 1)) is None
    assert people.with_card(db.connection(), "王小明") is None


# Search


def test_a_person_is_found_by_part_of_the_name(db: Db) -> None:
    register(db, "王小明")
    register(db, "李芳")
    assert found(db, "王") == ["王小明"]
    assert found(db, "小明") == ["王小明"]
    assert found(db, "明小") == []


PINYIN = {
    "wangxiaoming": "王小明",
    "WangXiaoMing": "王小明",
    "wang xiao ming": "王小明",
    "wxm": "王小明",
    "xm": "王小明",
    "wangxm": "王小明",
    "wangxi": "王小明",
    "王xm": "王小明",
    "zengguofan": "曾国藩",
    "cengguofan": "曾国藩",
    "shanxiong": "单雄",
    "danxiong": "单雄",
    "dx": "单雄",
    "lvbu": "吕布",
    "lubu": "吕布",
    "lyubu": "吕布",
    "zhangfei": "张飞",
    "zhf": "张飞",
    "zf": "张飞",
    "reheman": "阿不都·热合曼",
    "阿不都热": "阿不都·热合曼",
    "smith": "John Smith",
    "johnsm": "John Smith",
}


def test_a_person_is_found_by_pinyin_in_every_reading(db: Db) -> None:
    for name in ("王小明", "曾国藩", "单雄", "吕布", "张飞", "阿不都·热合曼", "John Smith"):
        register(db, name)
    assert {typed: found(db, typed) for typed in PINYIN} == {typed: [name] for typed, name in PINYIN.items()}


def test_what_nobody_is_called_finds_nobody(db: Db) -> None:
    register(db, "王小明")
    for typed in ("", "  ", "wangming", "mingxiao", "xyz", "wangxiaomingg", "%", "_", "'"):
        assert found(db, typed) == [], typed


def test_a_phone_is_found_by_its_tail_of_four_digits_and_not_of_three(db: Db) -> None:
    register(db, "王小明", phone="+86 138 0000 5678")
    register(db, "李芳", phone="13800001234")
    register(db, "无电话")
    assert found(db, "5678") == ["王小明"]
    assert found(db, "678") == []
    assert found(db, "13800005678") == ["王小明"]
    assert found(db, "138 0000 5678") == ["王小明"]
    assert found(db, "0000") == []


def test_a_card_is_found_whole_and_not_in_part(db: Db) -> None:
    wang = register(db, "王小明")
    assert found(db, wang.card) == ["王小明"]
    assert found(db, wang.card[-5:]) == []


def test_who_begins_with_what_was_typed_comes_first_and_the_limit_holds(db: Db) -> None:
    for name in ("陈明", "明月", "李明", "明华"):
        register(db, name)
    assert found(db, "明") == ["明华", "明月", "李明", "陈明"]
    assert found(db, "明", limit=1) == ["明华"]


def test_only_one_s_own_community_is_searched(db: Db) -> None:
    register(db, "王小明", community=THERE, phone="13800005678")
    assert found(db, "王") == []
    assert found(db, "5678") == []


def test_a_household_s_phone_finds_all_of_it(db: Db) -> None:
    both = [
        register(db, "王小明", phone="13800005678"),
        register(db, "李芳", phone="+86 138 0000 5678", community=THERE),
    ]
    register(db, "张飞", phone="13800005679")
    household = people.with_phone(db.connection(), VAULT, "138-0000-5678")
    assert {person.id for person in household} == {person.id for person in both}


# Acting for a relative


def consent(db: Db, member: Person, elder: Person, **times: int) -> Kinship:
    kinship = Kinship(
        id=hex_id(),
        member=member.id,
        elder=elder.id,
        relation="parent",
        proof="household_book",
        scope="see_own",
        **{"consented_at": NOW, **times},
    )
    db.add(kinship)
    db.flush()
    return kinship


def test_a_relative_acts_for_an_elder_who_consented_and_not_the_other_way_round(db: Db) -> None:
    daughter, mother = register(db, "李芳"), register(db, "张桂英")
    assert not people.acts_for(db.connection(), daughter.id, mother.id, NOW)
    consent(db, daughter, mother)
    assert people.acts_for(db.connection(), daughter.id, mother.id, NOW)
    assert people.elders_of(db.connection(), daughter.id, NOW) == {mother.id}
    assert not people.acts_for(db.connection(), mother.id, daughter.id, NOW)


@pytest.mark.parametrize(
    ("times", "now", "acts"),
    [
        ({}, NOW - 1, False),
        ({"expires_at": NOW + 10}, NOW + 9, True),
        ({"expires_at": NOW + 10}, NOW + 10, False),
        ({"revoked_at": NOW + 10}, NOW + 9, True),
        ({"revoked_at": NOW + 10}, NOW + 10, False),
        ({"revoked_at": NOW + 10, "expires_at": NOW + 99}, NOW + 11, False),
        ({"revoked_at": NOW + 99, "expires_at": NOW + 10}, NOW + 11, False),
    ],
)
def test_consent_has_a_beginning_and_an_end(db: Db, times: dict[str, int], now: int, acts: bool) -> None:
    daughter, mother = register(db, "李芳"), register(db, "张桂英")
    consent(db, daughter, mother, **times)
    assert people.acts_for(db.connection(), daughter.id, mother.id, now) is acts


def test_a_relation_alone_is_no_consent(db: Db) -> None:
    daughter, mother = register(db, "李芳"), register(db, "张桂英")
    consent(db, daughter, mother).scope = ""
    db.flush()
    assert not people.acts_for(db.connection(), daughter.id, mother.id, NOW)


def test_a_new_consent_holds_after_an_old_one_was_revoked(db: Db) -> None:
    daughter, mother = register(db, "李芳"), register(db, "张桂英")
    consent(db, daughter, mother, revoked_at=NOW + 1)
    consent(db, daughter, mother, consented_at=NOW + 5)
    assert people.acts_for(db.connection(), daughter.id, mother.id, NOW + 5)


def test_nobody_is_her_own_relative(db: Db) -> None:
    mother = register(db, "张桂英")
    with pytest.raises(IntegrityError, match="ck_kinships_two_people"):
        consent(db, mother, mother)


# Erasing


def test_erasing_empties_everything_personal_and_nobody_else_s(db: Db) -> None:
    wang = register(db, "王小明", phone="13800005678", address="民主路", note="膝盖", born="1948-02-29")
    li, mother = register(db, "李芳", phone="13800001234"), register(db, "张桂英")
    for member, elder in ((wang, mother), (li, wang), (li, mother)):
        consent(db, member, elder)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    for person, name in ((wang, "13800005678"), (li, "13800001234")):
        new = logins.NewLogin(id=person.id, person=person.id, name=name, shown="x", secret="735102", created_at=NOW)
        logins.create(db.connection(), VAULT, hasher, new)
        logins.grant(db.connection(), new.id, "member", HERE, NOW)
        tokens.issue(db, new.id, label="x", scopes=[], now=NOW, expires_at=NOW + 99, random=os.urandom)
    browser = logins.open_session(db, wang.id, now=NOW, lasts_ms=99, random=os.urandom)
    for entry, about in (("shared", [wang, li]), ("li", [li])):
        names = [person.id for person in about]
        details.keep(db.connection(), VAULT, origin="o", entry=entry, salt=bytes(32), text="?", people=names)
    for subject in (wang.account, "shared", "li", li.account):
        kind = "grant" if subject.startswith("member") else "reverse"
        approval = Approval(id=hex_id(), community=HERE, kind=kind, subject=subject, asked_by=li.id, asked_at=NOW)
        approval.sealed_payload = b"reasons"
        db.add(approval)
    for person, other in ((wang, mother), (mother, li)):
        recorded = {"id": hex_id(), "recorded_by": li.id}
        db.add(Guardian(ward=person.id, guardian=other.id, proof="court", from_day="2026-09-01", **recorded))
        db.add(Training(person=person.id, course="first-aid", day="2026-09-01", **recorded))
        proved = {"id": hex_id(), "granted_by": li.id, "from_day": "2026-09-01"}
        db.add(PersonClass(person=person.id, name="disabled", proof="card", **proved))
        db.add(Presence(entry=hex_id(), person=person.id, day="2026-09-01", start=540, end=600))
    wang.suspended_at, wang.deceased_on = NOW, "2026-09-02"
    for elder in (wang, mother):
        order = Order(id=hex_id(), community=HERE, elder=elder.id, asked_by=elder.id, service="meal", minutes=30)
        order.wanted_day, order.sealed_note, order.hold, order.created_at = "2026-09-01", b"third floor", hex_id(), NOW
        db.add(order)
    db.commit()

    people.erase(db, wang, NOW + 1)
    db.commit()

    gone = db.get_one(Person, wang.id)
    assert gone.erased_at == NOW + 1
    left = {column.key: getattr(gone, column.key) for column in inspect(Person).columns}
    assert {key for key, value in left.items() if isinstance(value, bytes)} == set()
    assert [people.name_of(VAULT, gone), people.phone_of(VAULT, gone)] == [None, None]
    assert (gone.suspended_at, gone.deceased_on) == (None, None)
    assert (gone.account, gone.card) == (wang.account, wang.card)
    for left_over in (Guardian.ward, Training.person, PersonClass.person, Presence.person):
        assert list(db.scalars(select(left_over))) == [mother.id]
    assert found(db, "王小明") == []
    assert found(db, "5678") == []
    assert people.with_phone(db.connection(), VAULT, "13800005678") == []
    assert people.with_card(db.connection(), gone.card) is None
    assert details.text_of(db, VAULT, "o", "shared") is None
    assert db.scalar(select(func.count()).where(DetailPerson.entry == "shared")) == 0
    assert db.scalars(select(Kinship.member)).all() == [li.id]
    assert logins.find(db, VAULT, "13800005678") is None
    assert logins.find_session(db, browser, now=NOW + 1, idle_ms=99) is None
    assert logins.grants_of(db, wang.id) == ()
    closed = db.get_one(Login, wang.id)
    assert (closed.active, closed.sealed_name, closed.name_blind, closed.secret_hash) == (False, None, None, None)
    payloads = {row.subject: row.sealed_payload for row in db.scalars(select(Approval))}
    assert payloads == {wang.account: None, "shared": None, "li": b"reasons", li.account: b"reasons"}
    notes = {row.elder: row.sealed_note for row in db.scalars(select(Order))}
    assert notes == {wang.id: None, mother.id: b"third floor"}

    assert found(db, "李芳") == ["李芳"]
    assert details.text_of(db, VAULT, "o", "li") == "?"
    assert logins.find(db, VAULT, "13800001234") is not None
    assert logins.grants_of(db, li.id) == (("member", HERE),)


def test_the_database_refuses_an_erased_person_with_a_name(db: Db) -> None:
    wang = register(db, "王小明")
    wang.erased_at = NOW
    with pytest.raises(IntegrityError, match="ck_people_erased_is_empty"):
        db.flush()


def test_the_database_refuses_a_decision_by_who_asked(db: Db) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    new = logins.NewLogin(id=hex_id(), name="clerk", shown="x", secret="735102", created_at=NOW)
    logins.create(db.connection(), VAULT, hasher, new)
    approval = Approval(id=hex_id(), community=HERE, kind="reverse", subject="e", asked_by=new.id, asked_at=NOW)
    approval.decided_by, approval.decided_at, approval.decision = new.id, NOW, "approved"
    db.add(approval)
    with pytest.raises(IntegrityError, match="ck_approvals_second_person"):
        db.flush()
