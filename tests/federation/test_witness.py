"""Heads that communities keep for one another: countersigned, compared, and what comes of two histories."""

import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from tests.federation.houses import House, Town, copied, found
from tests.federation.liar import Liar
from tests.federation.test_lies import Three, declined, offered, sent
from tests.federation.test_transfers import send
from tests.federation.test_transfers import wanted as wish
from tests.services.test_standing import refusal
from tests.verifier.tools import run as verifier
from tests.web.visitor import AT, Visitor, said
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.federation import carrier, desk, witness
from timebank.ledger import (
    Checkpoint,
    Code,
    KeyRole,
    Note,
    Refused,
    Signer,
    TwoHeads,
    cosign,
    cosigned_at,
    reads,
)
from timebank.services import peers, reconciliation, witnessing

__all__ = ["three", "town"]
ALL = msgspec.json.encode(witness.Which(witness.MOST_HEADS))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return found(tmp_path_factory.mktemp("witness") / "town")


@pytest.fixture
def three(town: Town, tmp_path: Path) -> Iterator[Three]:
    made = Three(*(copied(town, tmp_path / str(number), number, Random(f"witness {number}")) for number in range(3)))
    yield made
    for house in (made.liar, made.told, made.third):
        house.bank.close()


def asking(asker: House, *others: House) -> witness.Ask:
    """What the asker gets for an answer from each of the others, each a service of its own."""
    houses = {house.origin: house for house in others}

    def ask(origin: str, what: str, body: bytes) -> bytes:
        house = houses[origin]
        return carrier.answer(house.bank, house.code, house.origin, asker.origin, what, body)

    return ask


def compare(asker: House, teller: House, *others: House) -> dict[str, int]:
    """The heads that the teller holds beside those that the asker holds; what is not 0."""
    ask = asking(asker, teller, *others)
    told = witness.compare(asker.bank, asker.code, ask(teller.origin, "heads", ALL), ask)
    return {word: count for word, count in told.items() if count}


def meet(one: House, other: House) -> None:
    """Each has seen the other's newest head."""
    for here, there in ((one, other), (other, one)):
        newest = there.records_from(there.size() - 1)[-1].id
        desk.see(
            here.bank, here.code, there.origin, desk.prove(there.bank, there.origin, here.seen(there.origin), newest)
        )


# --- countersignatures -----------------------------------------------------------------------------------------------


def test_a_head_that_was_verified_is_countersigned_and_kept_by_whose_it_is(three: Three) -> None:
    meet(three.liar, three.told)
    note = witness.countersigned(three.told.bank, three.told.code, three.liar.origin)
    assert note is not None
    asking(three.told, three.liar)(three.liar.origin, "countersigned", note)
    (kept,) = witnessing.witnessed(three.liar.bank, OPERATOR, three.liar.code)
    assert (kept.cosigner, kept.size) == (three.told.origin, three.liar.size())
    assert kept.at == three.told.clock.ms // 1000 * 1000
    assert witnessing.head(three.liar.bank, OPERATOR, three.liar.code, three.told.origin) == note


def test_an_older_line_that_comes_late_does_not_take_the_place_of_a_newer_one(three: Three) -> None:
    tell, lines = asking(three.told, three.liar), []
    for _ in range(2):
        meet(three.liar, three.told)
        lines.append(witness.countersigned(three.told.bank, three.told.code, three.liar.origin))
        sent(three)
    for line in reversed(lines):
        assert line is not None
        tell(three.liar.origin, "countersigned", line)
    assert witnessing.head(three.liar.bank, OPERATOR, three.liar.code, three.told.origin) == lines[1]


def test_the_line_is_as_c2sp_says(three: Three) -> None:
    """Made out here from the text of the specification and by another library."""
    system = Liar(three.told).key(KeyRole.SYSTEM)
    head = Checkpoint.issue("a.example/c/1", 7, bytes(32), Signer("a.example/c/1", bytes(32)))
    note = Note.parse(cosign(head, system, 1_700_000_000_999))
    line, name, public = note.signatures[-1], system.name, system.vkey.public
    assert line.key_id == hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    (seconds,) = struct.unpack(">Q", line.value[:8])
    assert seconds == 1_700_000_000
    message = b"cosignature/v1\ntime 1700000000\n" + note.text
    Ed25519PublicKey.from_public_bytes(public).verify(line.value[8:], message)
    assert Checkpoint.parse(note.to_bytes()).is_signed_by(Signer("a.example/c/1", bytes(32)).vkey)


def test_every_byte_of_a_countersignature_counts(three: Three) -> None:
    system = Liar(three.told).key(KeyRole.SYSTEM)
    head = Checkpoint.issue("a.example/c/1", 7, bytes(32), Signer("a.example/c/1", bytes(32)))
    note = Note.parse(cosign(head, system, 5_000))
    line = note.signatures[-1]
    assert cosigned_at(note.to_bytes(), system.vkey) == 5_000
    for at in range(len(line.value)):
        value = line.value[:at] + bytes([line.value[at] ^ 1]) + line.value[at + 1 :]
        other = Note(note.text, (msgspec.structs.replace(line, value=value),))
        assert cosigned_at(other.to_bytes(), system.vkey) is None
    assert cosigned_at(note.to_bytes(), Signer("other", bytes(32)).vkey) is None


def test_a_line_that_is_not_by_the_others_system_key_is_not_kept(three: Three) -> None:
    meet(three.liar, three.told)
    head, tell = three.told.peer(three.liar.origin).note, asking(three.told, three.liar)
    assert head is not None
    for signer in (Liar(three.told).key(KeyRole.STATION), Liar(three.third).key(KeyRole.SYSTEM)):
        note = cosign(Checkpoint.parse(head), signer, three.told.clock.ms)
        assert declined(lambda note=note: tell(three.liar.origin, "countersigned", note)) is Code.SIGNATURE_BAD  # type: ignore[misc]
    assert declined(lambda: tell(three.liar.origin, "countersigned", head)) is Code.SIGNATURE_BAD
    assert declined(lambda: tell(three.liar.origin, "countersigned", b"x")) is Code.NOTE_FORM
    assert witnessing.witnessed(three.liar.bank, OPERATOR, three.liar.code) == ()


def test_a_head_under_ones_own_key_that_ones_books_never_had_is_evidence(three: Three) -> None:
    """Somebody else has the log's key, or the books are not what they were."""
    meet(three.liar, three.told)
    liar = Liar(three.liar)
    stolen = Checkpoint.issue(three.liar.origin, 5, bytes(32), liar.key(KeyRole.LOG))
    note = cosign(stolen, Liar(three.told).key(KeyRole.SYSTEM), three.told.clock.ms)
    tell = asking(three.told, three.liar)
    assert declined(lambda: tell(three.liar.origin, "countersigned", note)) is Code.SEEN_UNKNOWN
    (file,) = three.liar.evidence()
    TwoHeads.parse(file).check()
    assert witnessing.witnessed(three.liar.bank, OPERATOR, three.liar.code) == ()
    (kept,) = witnessing.evidence(three.liar.bank, OPERATOR, three.liar.code)
    assert (kept.origin, kept.what) == (three.liar.origin, "fork")


# --- what two others hold of a third ---------------------------------------------------------------------------------


def test_honest_books_agree_whatever_sizes_two_others_have_seen(three: Three) -> None:
    for house in (three.told, three.third):
        meet(three.liar, house)
    meet(three.told, three.third)
    assert compare(three.told, three.third, three.liar) == {"agreed": 1}
    sent(three)
    assert three.told.seen(three.liar.origin) > three.third.seen(three.liar.origin)
    assert compare(three.told, three.third, three.liar) == {"agreed": 1}
    assert compare(three.third, three.told, three.liar) == {"agreed": 1}
    assert three.told.evidence() == three.third.evidence() == []


def split(three: Three, more: int = 0) -> None:
    """The liar shows the one its real books, the other a history that parts from them: `more` records longer."""
    for house in (three.told, three.third):
        meet(three.liar, house)
    meet(three.told, three.third)
    other = Liar(three.liar)
    sent(three)
    while len(other.records) < three.told.seen(three.liar.origin) + more:
        last = other.offer(three.third, 1)
    three.third.admit(three.liar.origin, other.say(last, three.third.seen(three.liar.origin)))


@pytest.mark.parametrize("more", [0, 1, 3], ids=["same size", "longer", "much longer"])
def test_two_histories_are_found_when_two_who_saw_them_compare(three: Three, tmp_path: Path, more: int) -> None:
    split(three, more)
    # An honest answer of the liar's service is all it takes: it is signed, and contradicts.

    while three.liar.size() < three.third.seen(three.liar.origin):
        offered(three.liar, three.told)
    assert compare(three.told, three.third, three.liar) == {"forked": 1}
    assert three.told.peer(three.liar.origin).frozen_why == "fork"
    (file,) = three.told.evidence()
    proof = TwoHeads.parse(file)
    proof.check()
    assert proof.keys == (Liar(three.liar).key(KeyRole.LOG).vkey,)
    (tmp_path / "evidence").write_bytes(file)
    status, report = verifier("evidence", tmp_path / "evidence", "--log-key", str(proof.keys[0]))
    assert (status, report["origin"]) == (0, three.liar.origin)
    assert compare(three.told, three.third, three.liar) == {"unknown": 1}, "known, and said once"


def test_whoever_was_shown_the_other_history_finds_it_too(three: Three) -> None:
    """What it hears fits what the ledger says now; what it holds itself does not."""
    split(three, 3)
    while three.liar.size() < three.third.seen(three.liar.origin):
        offered(three.liar, three.told)
    assert compare(three.third, three.told, three.liar) == {"forked": 1}
    (file,) = three.third.evidence()
    TwoHeads.parse(file).check()
    assert three.third.peer(three.liar.origin).frozen_why == "fork"


def test_who_does_not_answer_is_not_accused(three: Three) -> None:
    """Whoever carries a message could have lost it."""
    split(three, 3)
    assert compare(three.told, three.third, three.liar) == {"unproved": 1}, "its books are shorter: it says so"
    assert three.told.peer(three.liar.origin).frozen_at is None
    assert three.told.evidence() == []


def test_a_head_that_its_ledger_has_not_signed_accuses_nobody(three: Three) -> None:
    for house in (three.told, three.third):
        meet(three.liar, house)
    size = three.told.seen(three.liar.origin)
    forged = Checkpoint.issue(three.liar.origin, size, bytes(32), Signer(three.liar.origin, bytes(32)))
    ask = asking(three.told, three.liar)
    heard = msgspec.json.encode([forged.note])
    assert witness.compare(three.told.bank, three.told.code, heard, ask)["unproved"] == 1
    assert three.told.evidence() == []
    for garbage in (b"", b"{}", b'["!"]', b"[1]", msgspec.json.encode([b"x"])):
        assert declined(lambda g=garbage: witness.compare(three.told.bank, three.told.code, g, ask)) is Code.NOTE_FORM  # type: ignore[misc]


def test_an_answer_that_is_bent_on_its_way_accuses_nobody(three: Three) -> None:
    for house in (three.told, three.third):
        meet(three.liar, house)
    meet(three.told, three.third)
    sent(three)
    honest = asking(three.told, three.third, three.liar)
    heard = honest(three.third.origin, "heads", ALL)
    answers: list[bytes] = []

    def ask(origin: str, what: str, body: bytes) -> bytes:
        answers.append(honest(origin, what, body))
        return answers[-1]

    assert witness.compare(three.told.bank, three.told.code, heard, ask)["agreed"] == 1
    (answer,) = answers
    for at in range(0, len(answer), 7):
        bent = answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
        found = witness.compare(three.told.bank, three.told.code, heard, lambda *_, bent=bent: bent)
        assert (found["forked"], found["agreed"] + found["unproved"]) == (0, 1), at
    assert three.told.evidence() == []


def test_questions_for_a_head_that_never_was_are_refused(three: Three) -> None:
    ask, origin = asking(three.told, three.liar), three.liar.origin
    for size, since in ((0, 1), (1, 0), (10**6, 1), (1, 10**6), (-1, 1)):
        body = msgspec.json.encode(witness.HeadAt(size, since))
        assert declined(lambda body=body: ask(origin, "head-at", body)) is Code.SEEN_UNKNOWN  # type: ignore[misc]
    assert declined(lambda: ask(origin, "head-at", b"[]")) is Code.MESSAGE_FORM
    assert declined(lambda: ask(origin, "heads", ALL)) is Code.PEER_UNKNOWN, "only who has a link is told"


# --- the night's round, on one service -------------------------------------------------------------------------------


def test_after_a_night_each_holds_the_others_line_under_its_head(rich: World) -> None:
    send(rich, wish(rich, 60))
    for code in (HERE, ELSEWHERE):
        reconciliation.run_all(rich.bank, OPERATOR, code)
    rounds = [witnessing.run(rich.bank, OPERATOR, code) for code in (HERE, ELSEWHERE)]
    assert [(one.given, one.failed, one.forked) for one in rounds] == [(1, 0, 0)] * 2
    for code, other in ((HERE, ELSEWHERE), (ELSEWHERE, HERE)):
        (held,) = witnessing.witnessed(rich.bank, OPERATOR, code)
        assert held.cosigner == rich.bank.origin(other)
        with rich.bank.view() as view:
            known = directory.transfers.peer(view.connection, other, rich.bank.origin(code))
            assert known is not None
            assert held.size == known.size
    assert witnessing.run(rich.bank, OPERATOR, HERE) == rounds[0]


def test_a_stopped_link_is_passed_over(rich: World) -> None:
    send(rich, wish(rich, 60))
    peers.freeze(rich.bank, OPERATOR, HERE, rich.bank.origin(ELSEWHERE), "by hand")
    assert witnessing.run(rich.bank, OPERATOR, HERE).given == 0
    assert witnessing.witnessed(rich.bank, OPERATOR, ELSEWHERE) == ()


def accused(world: World) -> bytes:
    """Evidence against the other community's ledger, made with its real log key."""
    send(world, wish(world, 60))
    origin = world.bank.origin(ELSEWHERE)
    with world.bank.view() as view:
        (key,) = reads.keys_of(view.connection, view.head(origin), KeyRole.LOG)
    log = world.bank.log_signer(key)
    one, other = (Checkpoint.issue(origin, 9, bytes([byte] * 32), log) for byte in (1, 2))
    made = TwoHeads((log.vkey,), (one, other)).to_bytes()
    desk.accuse(world.bank, HERE, origin, desk.FORK, made)
    return made


def test_auditors_are_shown_the_evidence_and_save_it(app: Flask, rich: World) -> None:
    made = accused(rich)
    (proof,) = witnessing.evidence(rich.bank, rich.actors["auditor"], HERE)
    visitor = Visitor(app, rich, "auditor")
    page = said(visitor.get(f"{AT}/peers"))
    assert "Two histories of one ledger" in page
    assert "stopped: it showed two histories" in page
    assert visitor.get(f"{AT}/evidence/{proof.id}").data == made
    for name in ("clerk", "li", "far lead"):
        with pytest.raises(Denied):
            witnessing.evidence(rich.bank, rich.actors[name], HERE)
        assert Visitor(app, rich, name).get(f"{AT}/evidence/{proof.id}").status_code == 403
    assert visitor.get(f"{AT}/evidence/nothing").status_code == 404


def test_evidence_against_a_ledger_that_is_no_concern_of_a_community_is_not_shown_there(rich: World) -> None:
    with rich.bank.office() as office:
        row = directory.Evidence(id=rich.bank.uuid(), origin="far.example/c/1", at=office.now, what="fork", note=b"x")
        office.people.add(row)
        number = row.id
    assert witnessing.evidence(rich.bank, OPERATOR, HERE) == ()
    assert refusal(lambda: witnessing.evidence_file(rich.bank, OPERATOR, HERE, number)) is Code.ENTRY_UNKNOWN
    with pytest.raises(Refused):
        witnessing.head(rich.bank, OPERATOR, HERE, "far.example/c/1")


def test_a_countersigned_head_can_be_saved(app: Flask, rich: World) -> None:
    send(rich, wish(rich, 60))
    for code in (ELSEWHERE, HERE):
        witnessing.run(rich.bank, OPERATOR, code)
    auditor = Visitor(app, rich, "auditor")
    assert "countersigned this community's head" in said(auditor.get(f"{AT}/peers"))
    head = auditor.get(f"{AT}/witnessed/{rich.bank.origin(ELSEWHERE)}")
    with rich.bank.view() as view:
        (system,) = reads.keys_of(view.connection, view.head(rich.bank.origin(ELSEWHERE)), KeyRole.SYSTEM)
    assert cosigned_at(head.data, system.vkey) == rich.clock.ms // 1000 * 1000
