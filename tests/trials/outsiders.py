"""What those try who have a key of their own, or none: over the API, and at the ledger's own door."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from tests.ledger.cast import PEER
from tests.trials.adversaries import DATES, KEYS, SIGNATURE, TRANSFERS, TWICE, Case
from tests.trials.deeds import Act, entered, pair_left_out
from tests.trials.detectors import ADMISSION, FULL, NEW, VERIFIER
from tests.trials.scene import DAY_MS, Scene
from tests.vectors.make import _small_vkey
from tests.world import ELSEWHERE, HERE
from timebank.ledger import Declined, SignedIntent, Signer, Vkey, decision_id, sign
from timebank.ledger.note import Signature
from timebank.services import entries

Make = Callable[[Scene], SignedIntent]


def handed_in(*makes: Make, community: str = HERE) -> Act:
    """Over the API, one after the other; the answer for the last."""

    def act(scene: Scene) -> str | None:
        for make in makes:
            (outcome,) = entries.submit(scene.world.bank, community, [make(scene).note])
        return None if outcome.declined is None else outcome.declined.code.value

    return act


def appended(*makes: Make) -> Act:
    """At the ledger's own door, where also the service's automatic acts go in; the answer for the last."""

    def act(scene: Scene) -> str | None:
        for make in makes:
            try:
                with scene.world.bank.work(scene.origin) as work:
                    work.append(make(scene))
            except Declined as error:
                return error.code.value
        return None

    return act


# --- time ------------------------------------------------------------------------------------------------------------


def by_program(**fields: Any) -> Make:
    return lambda scene: scene.service(scene.key("program-1"), **fields)


def at(shift_ms: int) -> Make:
    """The author's clock as far from ours."""
    return lambda scene: scene.service(scene.key("program-1"), at=scene.world.clock.ms + shift_ms)


def yesterday(scene: Scene) -> SignedIntent:
    """A visit of yesterday that nobody wrote down then, dated yesterday."""
    return scene.service(scene.key("program-1"), day="2026-09-21", at=scene.world.clock.ms - DAY_MS)


def backdated_with_a_head(scene: Scene) -> str | None:
    """The same by a device that says which head it saw: nothing refuses it, and anybody can prove that it is not so."""
    head = scene.head()
    signed = scene.device_service(seen=(head.size, head.root.hex()), at=scene.world.clock.ms - DAY_MS, day="2026-09-21")
    refused = handed_in(lambda _: signed)(scene)
    assert signed.intent.at < scene.records()[head.size - 1].ms  # it saw a record that is younger than it says it is
    return refused


def unknown_head(scene: Scene) -> SignedIntent:
    return scene.device_service(seen=(5, "77" * 32))


# --- keys ------------------------------------------------------------------------------------------------------------


def by(name: str) -> Make:
    return lambda scene: scene.service(scene.key(name))


def forged(scene: Scene) -> SignedIntent:
    """The station's name and key id over somebody else's signature."""
    station = scene.own_key("station-1").vkey
    signed = scene.service(scene.own_key("station-1"))
    wrong = scene.key("stranger-1").sign(signed.intent.to_line())
    return sign(signed.intent, Pretended(station, wrong.value))


class Pretended(Signer):
    """Signs as a key that it does not have."""

    def __init__(self, vkey: Vkey, value: bytes) -> None:
        self.vkey, self._value = vkey, value

    def sign(self, text: bytes) -> Signature:
        return Signature(self.vkey.name, self.vkey.key_id, self._value)


def device_opens(scene: Scene) -> SignedIntent:
    """A device may write down services, and nothing else."""
    device, name = scene.key("device-1"), "member:" + "5a" * 16
    body = {"account": name, "class": "person"}
    link = scene.device_service().intent.device
    return sign(scene.intent("open", by=device, id=f"{name}.open", body=body, device=link), device)


def grants_alone(scene: Scene) -> SignedIntent:
    program = scene.key("program-1")
    move = ("issue", scene.account("li"), 600)
    return sign(scene.intent("grant", move, by=program, body={"reason": "hardship"}), program)


def admin_serves(scene: Scene) -> SignedIntent:
    return scene.service(scene.admins()[0])


def small_order(scene: Scene) -> SignedIntent:
    """Registers the key under which every signature is good, where it is not refused."""
    return _key_entry(scene, _small_vkey())


def _key_entry(scene: Scene, vkey: str, **more: str) -> SignedIntent:
    admins = scene.admins()
    body = {"action": "add", "vkey": vkey, "role": "station"} | more
    return sign(scene.intent("key", by=admins[0], body=body), *admins)


def member_key(scene: Scene) -> SignedIntent:
    """Registers Wang's own key."""
    return _key_entry(scene, str(scene.key("member-1").vkey), role="member", account=scene.account("wang"))


def member_takes(scene: Scene) -> SignedIntent:
    """With it, Li's minutes are given to Wang."""
    member = scene.key("member-1")
    move = (scene.account("li"), scene.account("wang"), 30)
    return sign(scene.intent("gift", move, by=member, body={"reason": "family"}), member)


def registered_later(scene: Scene) -> SignedIntent:
    return _key_entry(scene, str(scene.key("stranger-1").vkey))


# --- twice -----------------------------------------------------------------------------------------------------------


def settled_again(scene: Scene) -> SignedIntent:
    first = scene.record(f"{scene.told.held}.outcome").intent
    program = scene.key("program-1")
    return sign(replace(first, by=program.name, at=scene.world.clock.ms), program)


def overdrawn(scene: Scene) -> SignedIntent:
    program = scene.key("program-1")
    move = (scene.account("li"), scene.account("zhao"), 50_000)
    return sign(scene.intent("gift", move, by=program, body={"reason": "family"}), program)


def handed_in_again(scene: Scene) -> str | None:
    """The very same bytes a second time: the same record, and nothing is written."""
    note = scene.service(scene.key("program-1")).note
    first, second = (entries.submit(scene.world.bank, HERE, [note])[0] for _ in range(2))
    assert first.record == second.record
    return "already there" if second.repeated else None


def other_words(scene: Scene) -> SignedIntent:
    return scene.service(scene.key("program-1"), id=scene.told.middle)


# --- transfers: the entries exist, the way between ledgers does not yet ----------------------------------------------


def accept(scene: Scene, **change: Any) -> SignedIntent:
    system, transfer = scene.own_key("system-1"), "01990000000170008000000000000001"
    body = {"peer": PEER, "transfer": transfer, "offer": "da" * 32} | change
    move = (f"due:{body['peer']}", scene.account("li"), 30)
    return sign(scene.intent("accept", move, by=system, id=decision_id(PEER, transfer), body=body), system)


def accepted_for_another(scene: Scene) -> SignedIntent:
    """Signed for a neighbour's ledger, handed in here."""
    system = scene.own_key("system-1")
    return sign(replace(accept(scene).intent, ledger=PEER), system)


def redirected(scene: Scene) -> SignedIntent:
    """Held for one neighbour, addressed to another."""
    return scene.send(peer=PEER + "x")


def sent(minutes: int, peer: str = PEER) -> Make:
    """The outcome of a send: it says that the neighbour has accepted."""

    def make(scene: Scene) -> SignedIntent:
        system = scene.own_key("system-1")
        hold = next(one for one in reversed(scene.records()) if one.intent.kind == "send").id
        move = (f"held:{PEER}", f"due:{PEER}", minutes)
        body = {"peer": peer, "accept": "cd" * 32}
        outcome = hold.replace(".hold", ".outcome")
        return sign(scene.intent("sent", move, by=system, id=outcome, ref=hold, body=body), system)

    return make


def _case(row: str, who: str, what: str, act: Act, code: str | None = None, remark: str = "") -> Case:
    return Case(row=row, who=who, what=what, act=act, found={} if code is None else {ADMISSION: code}, remark=remark)


def _forced(row: str, what: str, said: str, *makes: Make, index: bool = True) -> Case:
    """The operator enters the same past the rules: found by every replay, not by a scrub, which asks no rule."""
    found = {NEW: said, FULL: said, VERIFIER: ""}
    return Case(row=row, who="e", what=f"{what}, entered past the rules", act=entered(*makes, index=index), found=found)


CASES = (
    _case(DATES, "f", "a clock that is six minutes ahead", handed_in(at(360_000)), "at-in-future"),
    _case(DATES, "f", "a service of tomorrow", handed_in(by_program(day="2026-09-23")), "day-in-future"),
    _case(DATES, "f", "a service of before the policy", handed_in(by_program(day="2026-09-20")), "no-policy"),
    _case(DATES, "f", "yesterday, dated yesterday, without `seen`", handed_in(yesterday)),
    _case(DATES, "f", "the same with `seen`", backdated_with_a_head, None, "`seen` proves it"),
    _case(DATES, "f", "a head in `seen` that never was", handed_in(unknown_head), "seen-unknown"),
    _case(KEYS, "g", "a key that nobody registered", handed_in(by("stranger-1")), "key-unknown"),
    _case(KEYS, "g", "a forged signature", handed_in(forged), "signature-bad"),
    _case(KEYS, "g", "a revoked key", handed_in(by("gone-1")), "key-revoked"),
    _case(KEYS, "g", "a device opens an account", handed_in(device_opens), "key-role"),
    _case(KEYS, "g", "a station grants alone", handed_in(grants_alone), "signer-missing"),
    _case(KEYS, "g", "an admin's key records a service", handed_in(admin_serves), "key-unknown"),
    _case(KEYS, "g", "a small-order key is registered", appended(small_order), "key-unsound"),
    _case(KEYS, "f", "a member's key moves another's minutes", appended(member_key, member_takes), "key-role"),
    _forced(KEYS, "a key that nobody registered", SIGNATURE, by("stranger-1")),
    _forced(KEYS, "a forged signature", SIGNATURE, forged),
    _forced(KEYS, "a revoked key", "key-revoked", by("gone-1")),
    _forced(KEYS, "a device opens an account", "key-role", device_opens),
    _forced(KEYS, "a station grants alone", "signer-missing", grants_alone),
    _forced(KEYS, "a key that is registered only later", SIGNATURE, by("stranger-1"), registered_later),
    _case(TWICE, "f", "an order redeemed twice", handed_in(settled_again), "hold-finished"),
    _case(TWICE, "f", "more minutes given away than there are", handed_in(overdrawn), "overdraft"),
    _case(TWICE, "f", "the same entry again", handed_in_again, "already there"),
    _case(TWICE, "f", "another entry under a known id", handed_in(other_words), "id-taken"),
    _case(TWICE, "f", "an entry in another ledger", handed_in(by("program-1"), community=ELSEWHERE), "wrong-ledger"),
    _forced(TWICE, "an order redeemed twice", "", settled_again, index=False),
    _forced(TWICE, "more minutes given away than there are", "overdraft", overdrawn),
    _case(TWICE, "f", "a transfer accepted twice", appended(accept, lambda s: replace_at(accept(s), s)), "id-taken"),
    _case(TWICE, "f", "a decision for another ledger", appended(accepted_for_another), "wrong-ledger"),
    _case(TWICE, "f", "a decision about another peer's", appended(lambda s: accept(s, peer=PEER + "x")), "id-form"),
    _case(TWICE, "f", "a transfer redirected to another peer", appended(redirected), "moves-form"),
    _case(TRANSFERS, "e", "another amount than was held", appended(Scene.send, sent(9)), "hold-amount"),
    _case(TRANSFERS, "e", "the outcome of another peer", appended(Scene.send, sent(10, PEER + "x")), "moves-form"),
    _case(TRANSFERS, "e", "settled without an acceptance", appended(Scene.send, sent(10)), None, "not built"),
    _case(TRANSFERS, "e", "accepted without an offer", appended(accept), None, "not built"),
    Case(
        row=TRANSFERS,
        who="e",
        what="an entry of the pair left out, its chain as it was",
        act=pair_left_out(accept, keep_pairs=True),
        found={NEW: "chain of its pair", FULL: "chain of its pair", VERIFIER: ""},
    ),
    Case(
        row=TRANSFERS,
        who="e",
        what="an entry of the pair left out, its chain made to fit",
        act=pair_left_out(accept, keep_pairs=False),
        remark="not built",
    ),
)


def replace_at(signed: SignedIntent, scene: Scene) -> SignedIntent:
    """The same transfer decided once more, in other words."""
    return sign(replace(signed.intent, at=signed.intent.at - 1), scene.own_key("system-1"))
