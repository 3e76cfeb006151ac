"""Seals: the verifier comes to the state of FORMAT.md §11 by itself, and finds every other one."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verifier.tools import (
    ADMINS,
    LEAD,
    MEMBER,
    ORIGIN,
    PEER,
    RECORDS,
    SERVED,
    SIZE,
    STATION,
    SYSTEM,
    Json,
    appended,
    check,
    checkpoint,
    export,
    leaf,
    one,
    public,
    record,
    seal_of,
    seed,
    service,
    state_lines,
    state_of,
    uuid,
    vkey,
)
from verifier import timebank_verify as tv

NEW = "member:" + "5" * 32


def intent(number: int) -> Json:
    return dict(json.loads(RECORDS[number].split(b"\n")[1]))


# Written down by hand from the story of the golden ledger, as it is before its seal.
GOLDEN = f"""timebank-state v1
account debt:00a9e4255a5b63067b76cbfb9fd67f26 debt -10 - -
account due:{PEER} due -30 - -
account fund fund 100 - -
account held:orders orders 75 - -
account held:{PEER} held 0 - -
account issue issue -805 - -
account member:00a9e4255a5b63067b76cbfb9fd67f26 person 0 4 -
account member:1775f06ac13a1198fd72f816a81548c1 provider 0 8 -
account member:283bb9deef02e6843abfb538efa1eca7 person 0 7 -
account member:2ac81299578013795576682809a4a16d person 350 5 -
account member:4ba739741e69e5d4df6d596c94901c58 person 320 6 -
account member:dac4970ce624959fa71d118f9e23bedc group 0 9 -
hold 01990000001870008000000000000018 {SERVED} held:orders 45 01990000001770008000000000000017 31
hold 01990000001a7000800000000000001a fund held:orders 30 01990000001970008000000000000019 32
key {vkey(ADMINS[0], public(seed(ADMINS[0])))} admin 0 - - -
key {vkey(ADMINS[1], public(seed(ADMINS[1])))} admin 0 - - -
key {vkey(ORIGIN, public(seed(ORIGIN)))} log 0 - - -
key {vkey(f"{ORIGIN}/device-1", public(seed(f"{ORIGIN}/device-1")))} device 10 - - -
key {vkey(LEAD, public(seed(LEAD)))} lead 2 - - -
key {vkey(MEMBER, public(seed(MEMBER)))} member 11 - {SERVED} -
key {vkey(STATION, public(seed(STATION)))} station 1 - - -
key {vkey(SYSTEM, public(seed(SYSTEM)))} system 0 - - -
policy 1 2026-09-21 9c9294a5d4b5a5fb0f72c1c80083707547f16ddca0a317cde0f96260462a73cd 3
pair {PEER} 6 {leaf(RECORDS[43]).hex()}
device {ORIGIN}/device-1 2 {intent(47)["device"][1]}
"""


def seal(**changes: object) -> Callable[[list[bytes]], bytes]:
    """The seal of whatever is before it."""
    return lambda before: record(before, seal_of(before, **changes), SYSTEM)


def test_the_state_of_the_golden_seal(shelf: Path) -> None:
    assert state_lines(RECORDS[:45]) == GOLDEN.splitlines()
    assert intent(45)["body"]["state"] == state_of(GOLDEN.splitlines())
    status, report = check(shelf, "ledger", export(RECORDS))
    assert status == 0
    assert any("`state` of 1 seals is what the records before" in line for line in report["proved"])
    assert "state" not in str(report["not_proved"])
    _, report = check(shelf, "ledger", export(RECORDS), "--lang", "zh")
    assert any("1 条封存记录的 `state`" in line for line in report["proved"])


@pytest.mark.parametrize("size", range(1, SIZE))
def test_a_seal_after_each_record_of_the_golden_ledger(shelf: Path, size: int) -> None:
    before = RECORDS[:size]
    made = [*before, record(before, seal_of(before), SYSTEM, policy=1 if size > 3 else None)]
    assert check(shelf, "ledger", export(made, checkpoint(made, ORIGIN)))[0] == 0
    if size > 3:
        made[-1] = record(before, seal_of(before, state=state_of(GOLDEN.splitlines())), SYSTEM)
        same = state_lines(before) == GOLDEN.splitlines()  # a reconciliation and a seal change nothing
        assert check(shelf, "ledger", export(made, checkpoint(made, ORIGIN)))[0] == (0 if same else 1)


SEND = one(
    {
        "body": {"deadline": 1, "payee": "fund", "peer": PEER, "reason": "x"},
        "id": f"{uuid(40)}.hold",
        "kind": "send",
        "moves": [[SERVED, f"held:{PEER}", 5]],
    },
    pair=[PEER, 7, leaf(RECORDS[43]).hex()],
)
OPEN = one({"body": {"account": NEW, "class": "person"}, "id": f"{NEW}.open", "kind": "open"})
CLOSE = one({"body": {"account": NEW, "reason": "x"}, "id": f"{NEW}.close", "kind": "close"})


def policy(version: int) -> Callable[[list[bytes]], bytes]:
    body = {"from": "2026-10-01", "sha256": f"{version:064x}", "version": version}
    return one({"body": body, "id": uuid(100 + version), "kind": "policy"}, *ADMINS)


FULL = [SEND, OPEN, CLOSE, one(service()), *map(policy, range(3, 12))]
FULL_RECORDS = list(RECORDS)
for make in FULL:
    FULL_RECORDS.append(make(FULL_RECORDS))


def sealed(state: str | None = None) -> bytes:
    changes = {} if state is None else {"state": state}
    return export([*FULL_RECORDS, record(FULL_RECORDS, seal_of(FULL_RECORDS, **changes), SYSTEM)])


def bent(word: str) -> str:
    """The word with one byte changed: the last one, to another of its sort."""
    return word[:-1] + {"-": "0", "9": "8", "z": "y"}.get(word[-1], chr(ord(word[-1]) + 1))


def sort_of(line: str) -> tuple[str, ...]:
    """Lines that are alike: of the same first word, class, role, and with the same words absent."""
    words = line.split(" ")
    kept = {"account": (2, 4, 5), "hold": (5,), "key": (2, 4, 5, 6)}.get(words[0], ())
    return (words[0], *(words[at] if words[at] == "-" or not words[at].isdigit() else "0" for at in kept))


def one_of_each() -> list[int]:
    found: dict[tuple[str, ...], int] = {}
    for at, line in enumerate(state_lines(FULL_RECORDS)):
        found.setdefault(sort_of(line), at)
    return list(found.values())


def test_what_is_below_is_proved_with_its_true_state(shelf: Path) -> None:
    status, report = check(shelf, "ledger", sealed())
    assert status == 0
    assert any("`state` of 2 seals" in line for line in report["proved"])
    lines = state_lines(FULL_RECORDS)
    assert f"hold {uuid(40)} {SERVED} held:{PEER} 5 - {SIZE}" in lines
    assert f"account {NEW} person 0 {SIZE + 1} {SIZE + 2}" in lines
    policies = [line for line in lines if line.startswith("policy ")]
    assert [line.split(" ")[1] for line in policies] == [str(version) for version in range(1, 12)]  # 10 after 9
    assert {sort_of(lines[at])[0] for at in one_of_each()} == {
        "timebank-state", "account", "hold", "key", "policy", "pair", "device"
    }  # fmt: skip


@pytest.mark.parametrize("at", one_of_each())
def test_one_byte_of_a_state_line(shelf: Path, at: int) -> None:
    lines = state_lines(FULL_RECORDS)
    words = lines[at].split(" ")
    for which, word in enumerate(words):
        changed = " ".join([*words[:which], bent(word), *words[which + 1 :]])
        assert len(changed) == len(lines[at])
        state = state_of([*lines[:at], changed, *lines[at + 1 :]])
        status, report = check(shelf, "ledger", sealed(state))
        assert (status, report["bad_record"]) == (1, len(FULL_RECORDS)), changed
        assert "`state` is not what the records before the seal come to" in report["why"]


def test_lines_left_out_moved_or_ended_otherwise(shelf: Path) -> None:
    lines = state_lines(FULL_RECORDS)
    for changed in (
        lines[1:],
        lines[:-1],
        [*lines, ""],
        [lines[0], lines[2], lines[1], *lines[3:]],
        [lines[0], *lines[-1:], *lines[1:-1]],
        sorted(lines),
        [f"{line}\r" for line in lines],
    ):
        status, report = check(shelf, "ledger", sealed(state_of(changed)))
        assert (status, report["bad_record"]) == (1, len(FULL_RECORDS))


def test_a_seal_of_another_moment(shelf: Path) -> None:
    for changed in (state_of(state_lines(RECORDS[:-1])), "7" * 64):
        status, report = check(shelf, "ledger", appended(seal(state=changed)))
        assert (status, report["bad_record"]) == (1, SIZE)
    status, report = check(shelf, "ledger", appended(seal(), one(service()), seal(day="2026-09-23", state="7" * 64)))
    assert (status, report["bad_record"]) == (1, SIZE + 2)
    assert check(shelf, "ledger", appended(seal(), one(service()), seal(day="2026-09-23")))[0] == 0


def test_after_an_entry_that_is_not_understood_the_state_is_not_known(shelf: Path) -> None:
    newer = one(service(kind="dance", body={}))
    status, report = check(shelf, "ledger", appended(seal(), newer, seal(day="2026-09-23", state="7" * 64)))
    assert (status, report["not_understood"]) == (3, [SIZE + 1])
    assert any("`state` of 2 seals is what" in line for line in report["proved"])
    assert any("`state` of 1 seals: an entry before them is newer" in line for line in report["not_proved"])
    status, report = check(shelf, "ledger", appended(newer, seal(state="7" * 64)), "--lang", "zh")
    assert status == 3
    assert any("1 条封存记录的 `state`：此前" in line for line in report["not_proved"])
    # What a seal says besides its state is still checked.
    status, report = check(shelf, "ledger", appended(newer, seal(size=SIZE)))
    assert (status, report["bad_record"]) == (1, SIZE + 1)


def test_a_seal_costs_little_however_many_accounts_there_are() -> None:
    """A join and a hash: 30 years of nightly seals over 4,000 accounts are seconds. Far from any clock's doubt."""
    state = tv.State()
    for at in range(4_000):
        state.put("account", f"member:{at * 7919 % 4_000:032x}", "person", at, at, None)
    lines = ["timebank-state v1"]
    lines += [f"account member:{at:032x} person {1679 * at % 4_000} {1679 * at % 4_000} -" for at in range(4_000)]
    assert 7919 * 1679 % 4_000 == 1  # so these are the same
    assert state.hash() == state_of(lines)
    start = time.perf_counter()
    for at in range(100):
        state.put("account", f"member:{at:032x}", "person", -at, 7, None)
        state.hash()
    assert time.perf_counter() - start < 5
    state.drop("account", f"member:{0:032x}")
    fresh = ["timebank-state v1", *(f"account member:{at:032x} person {-at} 7 -" for at in range(1, 100)), *lines[101:]]
    assert state.hash() == state_of(fresh)
