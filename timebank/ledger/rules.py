"""Facts in, first refusal out: what the ledger itself forbids, whatever a community's policy says."""

import hashlib
from collections.abc import Callable, Mapping

from .books import Account, Books, Hold, Key, PolicyVersion, moves_to_reverse, net
from .entry import NO_HASH, Intent, SignedIntent
from .errors import Code, Refused
from .keys import KeyRole, Vkey
from .kinds import REVERSIBLE, Kind, class_of, debt_of, roles_for

AT_AHEAD_MS = 5 * 60 * 1000
_FLOOR_AT_ZERO = frozenset({"fund", "member", "orders", "held"})

# The root of the first n records, or None when there are fewer.
RootAt = Callable[[int], bytes | None]


def check(books: Books, signed: SignedIntent, kind: Kind, ms: int, root_at: RootAt) -> PolicyVersion | None:
    """Raise Refused with the first reason why `signed` may not be the next entry at `ms`; else return the policy in
    force on its day, by which it is judged above the ledger.

    Its form was checked before (`check_form` gives `kind`), and who signed it; here only whether these keys may.
    Nothing is changed.
    """
    intent = signed.intent
    if intent.ledger != books.origin:
        raise Refused(Code.WRONG_LEDGER, ledger=intent.ledger, expected=books.origin)
    if books.ended:
        raise Refused(Code.LEDGER_ENDED)
    if (intent.kind == "genesis") != (books.size == 0):
        raise Refused(Code.ID_TAKEN, id="genesis")
    author = _check_genesis(books, signed) if intent.kind == "genesis" else _check_signers(books, signed, kind)
    if intent.at > ms + AT_AHEAD_MS:
        raise Refused(Code.AT_IN_FUTURE, at=intent.at)
    _check_witness(books, intent, root_at)
    _check_device(books, intent, author)
    policy = _check_day(books, intent, kind, ms)
    changes = net(intent.moves)
    _check_accounts(books, intent, changes)
    _CHECKS.get(intent.kind, _nothing_more)(books, intent, ms)
    _check_floors(books, changes)
    return policy


def check_envelope(books: Books, signed: SignedIntent) -> None:
    """What holds for every entry, also of a version or kind that this program does not know. Raises Refused."""
    if signed.intent.ledger != books.origin:
        raise Refused(Code.WRONG_LEDGER, ledger=signed.intent.ledger, expected=books.origin)
    if books.size == 0 or books.ended:
        raise Refused(Code.LEDGER_ENDED)
    keys = [_registered(books, vkey) for vkey in signed.vkeys]
    if not _is_readmitted(keys, books.size):
        _all_valid(keys, books.size)
    changes = net(signed.intent.moves)
    _check_accounts(books, signed.intent, changes)
    _check_floors(books, changes)


def _check_genesis(books: Books, signed: SignedIntent) -> KeyRole:
    body = signed.intent.body
    log, system = Vkey.parse(body["log"]), Vkey.parse(body["system"])
    admins = [Vkey.parse(text) for text in body["admins"]]
    if log.name != books.origin:
        raise Refused(Code.KEY_ROLE, key=log.name, why="the log's key is named as the ledger")
    keys = [log, system, *admins]
    if len({key.name for key in keys}) != len(keys) or len({key.public for key in keys}) != len(keys):
        raise Refused(Code.KEY_TAKEN, key=books.origin)
    if signed.intent.by != signed.vkeys[0].name or any(vkey not in admins for vkey in signed.vkeys):
        raise Refused(Code.KEY_ROLE, key=signed.intent.by, why="admins found a ledger")
    if len(set(signed.vkeys)) != len(signed.vkeys) or not body["quorum"] <= len(signed.vkeys):
        raise Refused(Code.SIGNER_MISSING, needed=body["quorum"])
    return KeyRole.ADMIN


def _check_signers(books: Books, signed: SignedIntent, kind: Kind) -> KeyRole:
    """Whether these keys may sign this entry; returns the role of the first, the author's."""
    intent = signed.intent
    known = books.cleared.get((intent.kind, intent.by, signed.vkeys))
    if known is not None:
        return known
    rule = roles_for(intent, kind)
    keys = [_registered(books, vkey) for vkey in signed.vkeys]
    if intent.by != signed.vkeys[0].name or len({key.vkey for key in keys}) != len(keys):
        raise Refused(Code.SIGNER_MISSING, needed="different keys, the author first")
    if rule.quorum:
        _all_valid(keys, books.size)
        if any(key.role is not KeyRole.ADMIN for key in keys):
            raise Refused(Code.KEY_ROLE, key=intent.by, why="only admins")
        if len(keys) < books.quorum:
            raise Refused(Code.SIGNER_MISSING, needed=books.quorum)
        return KeyRole.ADMIN
    readmitted = _is_readmitted(keys, books.size)
    if not readmitted:
        _all_valid(keys, books.size)
    if len(keys) < len(rule.lines):
        raise Refused(Code.SIGNER_MISSING, needed=len(rule.lines))
    if len(keys) > len(rule.lines) + readmitted:
        raise Refused(Code.KEY_ROLE, key=keys[-1].vkey.name, why="one signature too many")
    for key, roles in zip(keys, rule.lines, strict=False):
        if key.role not in roles:
            raise Refused(Code.KEY_ROLE, key=key.vkey.name, why=f"{intent.kind} is not for a {key.role} key")
    _check_own_account(books, keys[0], intent)
    if not readmitted and keys[0].role is not KeyRole.MEMBER and rule is kind.signers:
        # Nothing in this entry mattered but its kind: the same keys may sign the next one, until a key changes.
        books.cleared[intent.kind, intent.by, signed.vkeys] = keys[0].role
    return keys[0].role


def _registered(books: Books, vkey: Vkey) -> Key:
    key = books.keys.get((vkey.name, vkey.key_id))
    if key is None or key.vkey != vkey:
        raise Refused(Code.KEY_UNKNOWN, key=vkey.name)
    return key


def _all_valid(keys: list[Key], seq: int) -> None:
    for key in keys:
        if not key.is_valid_at(seq):
            raise Refused(Code.KEY_REVOKED, key=key.vkey.name)


def _is_readmitted(keys: list[Key], seq: int) -> bool:
    """A device's entry, signed before its key was revoked and handed in later, with a lead's line under it."""
    return (
        len(keys) == 2
        and keys[0].role is KeyRole.DEVICE
        and keys[0].until is not None
        and keys[1].role is KeyRole.LEAD
        and keys[1].is_valid_at(seq)
    )


def _check_own_account(books: Books, key: Key, intent: Intent) -> None:
    """A member's key moves only its own member's minutes, also those that are held."""
    if key.role is not KeyRole.MEMBER:
        return
    payers = {move.source for move in intent.moves if class_of(move.source) != "orders"}
    if intent.kind in ("settle", "release") and intent.ref in books.holds:
        payers.add(books.holds[intent.ref].source)
    if payers - {key.account} or intent.on_behalf not in (None, key.account):
        raise Refused(Code.KEY_ROLE, key=key.vkey.name, why="a member's key is for the member's own account")


def _check_witness(books: Books, intent: Intent, root_at: RootAt) -> None:
    claimed = [] if intent.seen is None else [intent.seen]
    if intent.kind == "recon":
        claimed.append((intent.body["size"], intent.body["root"]))
    for size, root in claimed:
        known = root_at(size)
        if known is None or known.hex() != root:
            raise Refused(Code.SEEN_UNKNOWN, size=size)


def _check_device(books: Books, intent: Intent, author: KeyRole) -> None:
    is_device = author is KeyRole.DEVICE
    if is_device != (intent.device is not None):
        raise Refused(Code.DEVICE_CHAIN, expected=1 if is_device else 0)
    if intent.device is not None:
        count, link = books.devices.get(intent.by, (0, NO_HASH))
        if intent.device != (count + 1, link):
            raise Refused(Code.DEVICE_CHAIN, expected=count + 1)


def _check_day(books: Books, intent: Intent, kind: Kind, ms: int) -> PolicyVersion | None:
    """The policy of the day of service, else of the day of posting."""
    today = books.day_of(ms)
    day = str(intent.body["day"]) if kind.served else today
    if day > today:
        raise Refused(Code.DAY_IN_FUTURE, day=day)
    policy = books.policy_on(day)
    if policy is None and (intent.moves or kind.served):
        first = books.policies[0].from_day if books.policies else None
        raise Refused(Code.NO_POLICY, day=day, first=first)
    return policy


def _check_accounts(books: Books, intent: Intent, changes: Mapping[str, int]) -> None:
    for name in changes:
        if books.account(name).closed is not None:
            raise Refused(Code.ACCOUNT_CLOSED, account=name)
    if intent.on_behalf is not None:
        books.account(intent.on_behalf)
    for name in intent.body.get("served", ()):
        books.account(name)


def _check_floors(books: Books, changes: Mapping[str, int]) -> None:
    for name, change in changes.items():
        left = books.account(name).minutes + change
        if change < 0 and left < 0 and class_of(name) in _FLOOR_AT_ZERO:
            raise Refused(Code.OVERDRAFT, account=name, available=left - change, needed=-change)
        if left > 0 and class_of(name) == "debt":
            raise Refused(Code.DEBT_AMOUNT, owed=change - left)


def _nothing_more(books: Books, intent: Intent, ms: int) -> None:
    """The kind table and the floors say it all."""


def _check_key(books: Books, intent: Intent, ms: int) -> None:
    body = intent.body
    vkey, role = Vkey.parse(body["vkey"]), KeyRole(body["role"])
    if body["action"] == "add":
        same_name = any(key.vkey.name == vkey.name for key in books.keys.values()) and role is not KeyRole.LOG
        if same_name or any(key.vkey.public == vkey.public for key in books.keys.values()):
            raise Refused(Code.KEY_TAKEN, key=vkey.name)
        if (vkey.name, vkey.key_id) in books.keys:
            raise Refused(Code.KEY_TAKEN, key=vkey.name)
        if (role is KeyRole.LOG) != (vkey.name == books.origin):
            raise Refused(Code.KEY_ROLE, key=vkey.name, why="the log's key is named as the ledger")
        if "account" in body:
            books.account(body["account"])
        return
    known = _registered(books, vkey)
    if known.until is not None:
        raise Refused(Code.KEY_REVOKED, key=vkey.name)
    left = [key for key in books.keys.values() if key.role is role and key.until is None and key is not known]
    fewest = {KeyRole.ADMIN: books.quorum, KeyRole.LOG: 1, KeyRole.SYSTEM: 1}.get(role, 0)
    if known.role is not role or len(left) < fewest or known == books.log_key():
        raise Refused(Code.KEY_ROLE, key=vkey.name, why="its successor comes first")
    if body.get("account") != known.account:
        raise Refused(Code.BODY_FIELD, field="account", why="the account of the key")
    if body.get("compromised-from", 0) > books.size:
        raise Refused(Code.BODY_FIELD, field="compromised-from", why="not after this record")


def _check_policy(books: Books, intent: Intent, ms: int) -> None:
    version = books.policies[-1].version + 1 if books.policies else 1
    earliest = max([books.day_of(ms)] + [policy.from_day for policy in books.policies[-1:]])
    if intent.body["version"] != version or intent.body["from"] < earliest:
        raise Refused(Code.POLICY_ORDER, version=version, earliest=earliest)


def _check_open(books: Books, intent: Intent, ms: int) -> None:
    if intent.body["account"] in books.accounts:
        raise Refused(Code.ACCOUNT_TAKEN, account=intent.body["account"])


def _check_close(books: Books, intent: Intent, ms: int) -> None:
    account = books.account(intent.body["account"])
    if account.closed is not None:
        raise Refused(Code.ACCOUNT_CLOSED, account=account.name)
    if account.minutes or account.held or books.account(debt_of(account.name)).minutes:
        raise Refused(Code.ACCOUNT_NOT_EMPTY, account=account.name, minutes=account.minutes, held=account.held)


def _pay_target(server: Account) -> str:
    """Where hours for a service go: to the person; a group's to the fund; a provider's end."""
    return {"person": server.name, "group": "fund", "provider": "issue"}[server.kind]


def _check_service(books: Books, intent: Intent, ms: int) -> None:
    server = books.account(intent.body["server"])
    if intent.moves and (server.kind == "provider" or intent.moves[0].target != _pay_target(server)):
        raise Refused(Code.ACCOUNT_CLASS, account=server.name)


def _open_hold(books: Books, intent: Intent, via: str) -> Hold:
    hold = books.holds.get((intent.ref or "").removesuffix(".hold"))
    if hold is None or hold.via != via:
        raise Refused(Code.HOLD_UNKNOWN, hold=intent.ref)
    if hold.outcome is not None:
        raise Refused(Code.HOLD_FINISHED, hold=hold.id)
    if sum(move.minutes for move in intent.moves) != hold.minutes:
        raise Refused(Code.HOLD_AMOUNT, held=hold.minutes)
    return hold


def _check_hold(books: Books, intent: Intent, ms: int) -> None:
    if intent.id.removesuffix(".hold") in books.holds:
        raise Refused(Code.ID_TAKEN, id=intent.id)
    if intent.body.get("peer") == books.origin:
        raise Refused(Code.WRONG_LEDGER, ledger=books.origin)


def _check_settle(books: Books, intent: Intent, ms: int) -> None:
    hold = _open_hold(books, intent, "held:orders")
    if "order" in intent.body and intent.body["order"] != hold.order:
        raise Refused(Code.BODY_FIELD, field="order", why="the order of the hold")
    server = books.account(intent.body["server"])
    if intent.moves[0].target != _pay_target(server):
        raise Refused(Code.ACCOUNT_CLASS, account=server.name)
    if any(move.target != hold.source for move in intent.moves[1:]):
        raise Refused(Code.HOLD_AMOUNT, held=hold.minutes)


def _check_release(books: Books, intent: Intent, ms: int) -> None:
    hold = _open_hold(books, intent, "held:orders")
    if intent.moves[0].target != hold.source:
        raise Refused(Code.HOLD_AMOUNT, held=hold.minutes)


def _check_sent(books: Books, intent: Intent, ms: int) -> None:
    _open_hold(books, intent, f"held:{intent.body['peer']}")


def _check_returned(books: Books, intent: Intent, ms: int) -> None:
    hold = _open_hold(books, intent, f"held:{intent.body['peer']}")
    if intent.moves[0].target != hold.source:
        raise Refused(Code.HOLD_AMOUNT, held=hold.minutes)


def decision_id(sender: str, transfer: str) -> str:
    """The id of the decision about a transfer: SHA-256 over sender, a newline, the transfer's uuid; `.decision`."""
    return hashlib.sha256(f"{sender}\n{transfer}".encode()).hexdigest() + ".decision"


def _check_decision(books: Books, intent: Intent, ms: int) -> None:
    if intent.id != decision_id(intent.body["peer"], intent.body["transfer"]):
        raise Refused(Code.ID_FORM, kind=intent.kind)
    if intent.body["peer"] == books.origin:
        raise Refused(Code.WRONG_LEDGER, ledger=books.origin)


def _check_overflow(books: Books, intent: Intent, ms: int) -> None:
    credit, move = books.original(intent).intent, intent.moves[0]
    if not credit.moves or credit.moves[0].target != move.source or move.minutes > credit.moves[0].minutes:
        raise Refused(Code.OVERFLOW_AMOUNT, entry=intent.ref)


def _check_repay(books: Books, intent: Intent, ms: int) -> None:
    credit, move = books.original(intent).intent, intent.moves[0]
    owed = -books.account(move.target).minutes
    if move.target != debt_of(move.source) or all(one.target != move.source for one in credit.moves):
        raise Refused(Code.DEBT_AMOUNT, owed=owed)
    if move.minutes > owed:
        raise Refused(Code.DEBT_AMOUNT, owed=owed)


def _check_reverse(books: Books, intent: Intent, ms: int) -> None:
    original = books.original(intent)
    if original.intent.kind not in REVERSIBLE:
        raise Refused(Code.NOT_REVERSIBLE, kind=original.intent.kind)
    if intent.moves != moves_to_reverse(books, original):
        raise Refused(Code.MOVES_NOT_OPPOSITE, entry=original.id)


def _check_recon(books: Books, intent: Intent, ms: int) -> None:
    if intent.body["peer"] == books.origin:
        raise Refused(Code.WRONG_LEDGER, ledger=books.origin)


def _check_seal(books: Books, intent: Intent, ms: int) -> None:
    if (intent.body["size"], intent.body["root"]) != (books.size, books.tree.root().hex()):
        raise Refused(Code.SEEN_UNKNOWN, size=intent.body["size"])


_CHECKS: dict[str, Callable[[Books, Intent, int], None]] = {
    "key": _check_key,
    "policy": _check_policy,
    "open": _check_open,
    "close": _check_close,
    "service": _check_service,
    "hold": _check_hold,
    "settle": _check_settle,
    "release": _check_release,
    "overflow": _check_overflow,
    "reverse": _check_reverse,
    "repay": _check_repay,
    "send": _check_hold,
    "sent": _check_sent,
    "returned": _check_returned,
    "accept": _check_decision,
    "refuse": _check_decision,
    "recon": _check_recon,
    "seal": _check_seal,
}
