"""Who might tamper, what each of them does, and what must be found: the deeds that need the database or a key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.trials import deeds
from tests.trials.deeds import Act
from tests.trials.detectors import ADMISSION, FULL, HEAD, NEW, RECEIPT, SCRUB, VERIFIER, WRITE
from tests.trials.forge import sql
from tests.trials.scene import DAY_MS

ADVERSARIES = {
    "a": "a program error, or bit rot",
    "b": "somebody who can write the database but has no keys",
    "c": "the same with the application's role on PostgreSQL",
    "d": "somebody with the database and the log key",
    "e": "the operator: database, all keys of the service, the high-water file",
    "f": "an author outside: a station's, device's or member's own key",
    "g": "a person with a forged, revoked, small-order or wrong-role key",
}


SQLITE, POSTGRESQL, BOTH = ("sqlite",), ("postgresql",), ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A deed under a row of the threat table. `act` returns why it was refused, None when it was not.

    `found`: by column a part of what is said there; every other column finds nothing.
    """

    row: str
    who: str
    what: str
    act: Act
    found: Mapping[str, str] = field(default_factory=dict)
    engines: tuple[str, ...] = SQLITE
    remark: str = ""

    def __str__(self) -> str:
        return f"{self.who}: {self.row}: {self.what}"


EDIT, DELETE, INSERT, REORDER = "edit a record", "delete in the middle", "insert in the middle", "reorder"
SWAP, DERIVED, TRUNCATE, RESTORE = "swap a signature", "edit a derived row", "truncate the tail", "restore a backup"
RECHAIN, RESIGN = "re-chain without the log key", "re-chain and re-sign with the log key"
TWO_BOOKS, DATES, KEYS = "show different books to two", "backdate, postdate", "forged, revoked, wrong key"
TWICE, TRANSFERS = "double redeem, replay, redirect", "transfer: no acceptance, other amount, omitted"
MINT, DROP, ROT = "minting by the operator", "drop an accepted entry", "bit rot"

CREDITED_30, CREDITED_60, CREDITED_90, CREDITED_99 = (b'"credited":%d' % minutes for minutes in (30, 60, 90, 99))
HASH = "does not hash"
MARK = "were acknowledged"  # the high-water file speaks
KEPT = "were audited"  # an audit kept speaks
SEEN = "were seen"

SIGNED = "is not signed by the log key"
SIGNATURE = "does not verify"


ROWS = (
    *(EDIT, DELETE, INSERT, REORDER, SWAP, DERIVED, TRUNCATE, RESTORE, RECHAIN, RESIGN, TWO_BOOKS, DATES, KEYS, TWICE),
    *(TRANSFERS, MINT, DROP, ROT),
)


def audits(words: str) -> dict[str, str]:
    """All three say it."""
    return {SCRUB: words, NEW: words, FULL: words}


# A write that finds it only while it makes the receipt: the entry is in the books by then.
_WRITE = {WRITE: "does not lead to the signed root"}
_GAP = {WRITE: "its tree has a gap"}
_MARK = {WRITE: MARK} | audits(MARK)
_COUNT = audits("its head says")
_FORKED = {RECEIPT: "forked", HEAD: SEEN}
_AHEAD = {RECEIPT: "ahead", HEAD: SEEN}
_BAD = {VERIFIER: ""}
_BALANCE = {NEW: "accounts", FULL: "accounts"}
_DENIED = {ADMISSION: "permission denied"}
_OWNER = {ADMISSION: "must be owner"}


def _case(row: str, who: str, what: str, act: Act, found: Mapping[str, str], engines: tuple[str, ...] = SQLITE) -> Case:
    return Case(row=row, who=who, what=what, act=act, found=found, engines=engines)


_ROWS_BY_HAND = (
    _case(EDIT, "a", "a statement of the service",
          deeds.as_service("UPDATE entries SET ms = ms + 1"), {ADMISSION: ""}, BOTH),
    _case(EDIT, "b", "an old record", deeds.changed("older", CREDITED_90, CREDITED_99),
          {SCRUB: HASH, FULL: SIGNATURE, HEAD: SEEN} | _BAD, BOTH),
    _case(EDIT, "b", "a new record", deeds.changed("between", CREDITED_60, CREDITED_99),
          {SCRUB: HASH, NEW: SIGNATURE, FULL: SIGNATURE, HEAD: SEEN} | _BAD, BOTH),
    _case(EDIT, "b", "an old record and its hash", deeds.hashed("older", CREDITED_90, CREDITED_99),
          _WRITE | audits(KEPT) | _FORKED | _BAD, BOTH),
    _case(EDIT, "b", "the same, and the audits kept are deleted",
          deeds.then(deeds.hashed("older", CREDITED_90, CREDITED_99), sql("DELETE FROM audits")),
          _WRITE | {SCRUB: HASH, NEW: SIGNATURE, FULL: SIGNATURE} | _FORKED | _BAD, BOTH),
    _case(EDIT, "b", "the last record and its hash", deeds.hashed("newer", CREDITED_30, CREDITED_99),
          _WRITE | {SCRUB: "signed head", NEW: SIGNATURE, FULL: SIGNATURE} | _BAD, BOTH),
    _case(EDIT, "c", "a record", deeds.as_service("UPDATE entries SET record = record"), _DENIED, POSTGRESQL),
    _case(EDIT, "c", "the trigger that forbids it",
          deeds.as_service("ALTER TABLE entries DISABLE TRIGGER USER"), _OWNER, POSTGRESQL),
    _case(DELETE, "b", "an old record", deeds.deleted("older"), _GAP | audits(KEPT) | _FORKED | _BAD, BOTH),
    _case(DELETE, "b", "a new record", deeds.deleted("between"), _GAP | _COUNT | {HEAD: SEEN} | _BAD, BOTH),
    _case(DELETE, "c", "a record", deeds.as_service("DELETE FROM entries"), _DENIED, POSTGRESQL),
    _case(INSERT, "b", "among old records", deeds.inserted("older"), {WRITE: ""} | audits(KEPT) | _FORKED | _BAD, BOTH),
    _case(INSERT, "b", "among new records", deeds.inserted("between"), {WRITE: ""} | _COUNT | _BAD, BOTH),
    _case(INSERT, "c", "behind the last record", deeds.as_service(deeds.ONE_MORE), {WRITE: ""} | _COUNT, POSTGRESQL),
    _case(REORDER, "b", "two old records",
          deeds.swapped("older", "held"), _WRITE | audits(KEPT) | _FORKED | _BAD, BOTH),
    _case(REORDER, "b", "two new records", deeds.swapped("between", "newer"),
          _WRITE | {SCRUB: HASH, NEW: "says it is record", FULL: "says it is record", HEAD: SEEN} | _BAD, BOTH),
    _case(REORDER, "c", "two records", deeds.as_service("UPDATE entries SET seq = 99 - seq"), _DENIED, POSTGRESQL),
    _case(SWAP, "d", "of two entries, all chained and signed anew", deeds.crossed, _MARK | _FORKED | _BAD),
    _case(SWAP, "e", "the same, and the mark set", deeds.then(deeds.crossed, deeds.forget_all),
          {NEW: SIGNATURE, FULL: SIGNATURE} | _FORKED | _BAD),
    _case(DERIVED, "a", "a balance, by a fault of the program", deeds.as_service(deeds.RICHER), _BALANCE, BOTH),
    _case(DERIVED, "b", "a balance",
          sql("UPDATE accounts SET minutes = minutes + 60 WHERE name = :li"), _BALANCE, BOTH),
    _case(DERIVED, "b", "minutes served on a day", sql("UPDATE days SET minutes = minutes + 60"), {FULL: "days"}, BOTH),
    _case(DERIVED, "b", "a hold's outcome taken away", sql("UPDATE holds SET outcome = NULL"),
          {NEW: "seals another state", FULL: "holds"}, BOTH),
    _case(DERIVED, "c", "a balance", deeds.as_service(deeds.RICHER), _BALANCE, POSTGRESQL),
    _case(DERIVED, "c", "the signed head", deeds.as_service("UPDATE ledgers SET checkpoint = hash"),
          {**audits("no checkpoint"), VERIFIER: "no checkpoint", HEAD: "no checkpoint"}, POSTGRESQL),
)  # fmt: skip

_THE_PAST = (
    _case(TRUNCATE, "b", "the rows of the last record", deeds.deleted("newer"), _GAP | _COUNT | _BAD, BOTH),
    _case(TRUNCATE, "c", "all records", deeds.as_service("TRUNCATE entries"), _DENIED, POSTGRESQL),
    _case(TRUNCATE, "d", "from the receipt on", deeds.by_log_key(deeds.cut_at("middle")), _MARK | _AHEAD),
    _case(TRUNCATE, "e", "from the receipt on", deeds.by_all_keys(deeds.cut_at("middle")), _AHEAD),
    _case(TRUNCATE, "e", "what nobody outside has seen", deeds.by_all_keys(deeds.left_out("newer")), {}),
    _case(RESTORE, "a", "the database alone", deeds.restored(with_marks=False), _MARK | _AHEAD),
    _case(RESTORE, "e", "with the high-water file", deeds.restored(with_marks=True), _AHEAD),
    _case(RESTORE, "e", "the same, and then other entries",
          deeds.then(deeds.restored(with_marks=True), deeds.goes_on), _FORKED),
    _case(RECHAIN, "b", "an old entry left out",
          deeds.without_log_key(deeds.left_out("older")), _MARK | _FORKED | _BAD),
    _case(RECHAIN, "b", "the last entry left out", deeds.without_log_key(deeds.left_out("newer")), _MARK | _BAD),
    _case(RESIGN, "d", "an entry from before the seal",
          deeds.by_log_key(deeds.left_out("older")), _MARK | _FORKED | _BAD),
    _case(RESIGN, "d", "the entry of a receipt", deeds.by_log_key(deeds.left_out("middle")), _MARK | _FORKED),
    _case(RESIGN, "d", "one newer than the receipt", deeds.by_log_key(deeds.left_out("between")), _MARK | {HEAD: SEEN}),
    _case(RESIGN, "d", "one newer than the head outside", deeds.by_log_key(deeds.left_out("newer")), _MARK, BOTH),
    _case(RESIGN, "e", "an entry from before the seal", deeds.by_all_keys(deeds.left_out("older")), _FORKED),
    _case(RESIGN, "e", "the entry of a receipt", deeds.by_all_keys(deeds.left_out("middle")), _FORKED),
    _case(RESIGN, "e", "one newer than the receipt", deeds.by_all_keys(deeds.left_out("between")), {HEAD: SEEN}),
    _case(RESIGN, "e", "one newer than the head outside", deeds.by_all_keys(deeds.left_out("newer")), {}, BOTH),
    _case(RESIGN, "e", "the same, but a device saw a later head",
          deeds.then(deeds.device_sees, deeds.by_all_keys(deeds.left_out("newer"))),
          {NEW: "seen-unknown", FULL: "seen-unknown"} | _BAD),
    _case(TWO_BOOKS, "e", "two signed heads of one size", deeds.two_heads, _FORKED),
)  # fmt: skip

_BACK, _HOUR, _MOMENT = -2 * DAY_MS, 3_600_000, 120_000
_OTHERS = (
    _case(DATES, "d", "a record's time before the one before",
          deeds.by_log_key(deeds.dated("newer", _BACK)), _MARK | _BAD),
    _case(DATES, "e", "a record's time before the one before", deeds.by_all_keys(deeds.dated("newer", _BACK)),
          {NEW: "time is before", FULL: "time is before"} | _BAD),
    _case(DATES, "e", "the last record's time an hour ahead",
          deeds.by_all_keys(deeds.dated("newer", _HOUR)), {WRITE: "clock-wrong"}),
    _case(DATES, "e", "the last record's time two minutes ahead", deeds.by_all_keys(deeds.dated("newer", _MOMENT)), {}),
    _case(KEYS, "b", "a row for a key of one's own, and an entry by it", deeds.own_key_in_table,
          {NEW: "seals another state", FULL: SIGNATURE} | _BAD, BOTH),
    Case(row=MINT, who="e", what="credits and a grant by the service's keys", act=deeds.mint, engines=BOTH,
         remark="listed, with who signed"),
    _case(DROP, "d", "the entry of a receipt, and all after it",
          deeds.by_log_key(deeds.cut_at("middle")), _MARK | _AHEAD),
    _case(DROP, "e", "the entry of a receipt, and all after it", deeds.by_all_keys(deeds.cut_at("middle")), _AHEAD),
    _case(DROP, "e", "an entry whose receipt nobody kept", deeds.by_all_keys(deeds.left_out("newer")), {}),
    _case(ROT, "a", "a bit of a record on the disk", deeds.rotted, {SCRUB: HASH, NEW: "", FULL: "", HEAD: SEEN} | _BAD),
    _case(ROT, "a", "a bit of a hash", deeds.rotted_hash,
          _WRITE | {SCRUB: HASH, NEW: "stands in a row", FULL: "stands in a row", RECEIPT: "forked"}, BOTH),
)  # fmt: skip

CASES = _ROWS_BY_HAND + _THE_PAST + _OTHERS
