"""The three ways in which the ledger says no."""

from enum import Enum
from typing import Any


class Code(Enum):
    """Why something was declined. The order is the precedence: of several reasons the first is given.

    Values are the stable names that the API and the translations use; they are never renamed.
    """

    # The bytes cannot be read.
    BODY_TOO_LARGE = "body-too-large"
    NOT_UTF8 = "not-utf8"
    NOTE_FORM = "note-form"
    NOT_CANONICAL = "not-canonical"
    TOO_DEEP = "too-deep"
    # The envelope and the kind.
    VERSION_UNKNOWN = "version-unknown"
    ENVELOPE_FIELD = "envelope-field"
    MINUTES_NOT_INTEGER = "minutes-not-integer"
    MINUTES_NOT_POSITIVE = "minutes-not-positive"
    MINUTES_TOO_MANY = "minutes-too-many"
    KIND_UNKNOWN = "kind-unknown"
    ID_FORM = "id-form"
    BODY_FIELD = "body-field"
    MOVES_FORM = "moves-form"
    # The keys and signatures.
    KEY_UNKNOWN = "key-unknown"
    KEY_UNSOUND = "key-unsound"
    SIGNATURE_BAD = "signature-bad"
    # The ledger as a whole.
    LEDGER_UNKNOWN = "ledger-unknown"
    LEDGER_READ_ONLY = "ledger-read-only"
    DATABASE_BUSY = "database-busy"
    DATABASE_UNAVAILABLE = "database-unavailable"
    OUTCOME_UNKNOWN = "outcome-unknown"
    CLOCK_WRONG = "clock-wrong"
    WRONG_LEDGER = "wrong-ledger"
    LEDGER_ENDED = "ledger-ended"
    ID_TAKEN = "id-taken"
    # The right to sign.
    KEY_REVOKED = "key-revoked"
    KEY_ROLE = "key-role"
    SIGNER_MISSING = "signer-missing"
    KEY_TAKEN = "key-taken"
    AT_IN_FUTURE = "at-in-future"
    SEEN_UNKNOWN = "seen-unknown"
    DEVICE_CHAIN = "device-chain"
    # Policy by day.
    DAY_IN_FUTURE = "day-in-future"
    NO_POLICY = "no-policy"
    POLICY_ORDER = "policy-order"
    # Accounts, holds, references.
    ACCOUNT_UNKNOWN = "account-unknown"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_CLASS = "account-class"
    ACCOUNT_TAKEN = "account-taken"
    ACCOUNT_NOT_EMPTY = "account-not-empty"
    SAME_PERSON = "same-person"
    ENTRY_UNKNOWN = "entry-unknown"
    HOLD_UNKNOWN = "hold-unknown"
    HOLD_FINISHED = "hold-finished"
    HOLD_AMOUNT = "hold-amount"
    NOT_REVERSIBLE = "not-reversible"
    ALREADY_REVERSED = "already-reversed"
    MOVES_NOT_OPPOSITE = "moves-not-opposite"
    OVERFLOW_AMOUNT = "overflow-amount"
    DEBT_AMOUNT = "debt-amount"
    OVERDRAFT = "overdraft"
    # Judged above the ledger, by the community's policy and its people.
    TOO_MANY_ATTEMPTS = "too-many-attempts"
    LOGIN_WRONG = "login-wrong"
    LOGIN_TAKEN = "login-taken"
    LOGIN_UNKNOWN = "login-unknown"
    LOGIN_CLOSED = "login-closed"
    PIN_WEAK = "pin-weak"
    NO_TEXTS = "no-texts"
    LOGIN_CODE_WRONG = "login-code-wrong"
    BIRTHDAY_WRONG = "birthday-wrong"
    BIRTHDAY_UNKNOWN = "birthday-unknown"
    COMMUNITY_UNKNOWN = "community-unknown"
    COMMUNITY_TAKEN = "community-taken"
    PERSON_UNKNOWN = "person-unknown"
    PERSON_ROLE = "person-role"
    PERSON_TAKEN = "person-taken"
    CARD_RENEWED = "card-renewed"
    SERVICE_UNKNOWN = "service-unknown"
    CREDIT_NOT_POLICY = "credit-not-policy"
    OVER_CAP = "over-cap"
    SERVICE_NOT_OFFERED = "service-not-offered"
    GENDER_NOT_OFFERED = "gender-not-offered"
    ORDER_UNKNOWN = "order-unknown"
    ORDER_STATE = "order-state"
    LONGER_THAN_HELD = "longer-than-held"
    QUOTA_SHORT = "quota-short"
    NOT_IN_CIRCLE = "not-in-circle"
    OWN_SERVICE = "own-service"
    REASON_MISSING = "reason-missing"
    CODE_WRONG = "code-wrong"
    SECOND_PERSON = "second-person"
    TOWN_DECIDES = "town-decides"
    ALREADY_DECIDED = "already-decided"
    STATEMENT_TOO_LONG = "statement-too-long"
    WAITING_ALREADY = "waiting-already"
    QUESTION_OPEN = "question-open"
    MONTH_NOT_OVER = "month-not-over"
    NOTHING_SERVED = "nothing-served"
    CERTIFICATE_OPEN = "certificate-open"
    STILL_PUBLIC = "still-public"
    CERTIFICATE_CHANGED = "certificate-changed"
    CHARACTER_MISSING = "character-missing"
    NOT_READMITTABLE = "not-readmittable"
    NOTHING_LOST = "nothing-lost"
    # Judged by what is known of the people.
    PERSON_DECEASED = "person-deceased"
    PERSON_SUSPENDED = "person-suspended"
    AGE_UNKNOWN = "age-unknown"
    TOO_YOUNG_TO_EARN = "too-young-to-earn"
    GUARDIAN_MISSING = "guardian-missing"
    GUARDIAN_DECIDES = "guardian-decides"
    TOO_YOUNG_TO_REDEEM = "too-young-to-redeem"
    TRAINING_MISSING = "training-missing"
    GENDER_ASKED = "gender-asked"
    BUSY_THEN = "busy-then"
    GRID_MISSING = "grid-missing"
    PHONE_OF_ELDER = "phone-of-elder"
    PHOTO_FORM = "photo-form"
    OWN_MATTER = "own-matter"
    PROXY_NOT_FREE = "proxy-not-free"
    OVERLAP = "overlap"
    GIFTS_OFF = "gifts-off"
    DONATIONS_OFF = "donations-off"
    OVER_CONSENT = "over-consent"
    PAPER_UNKNOWN = "paper-unknown"
    GROUP_UNKNOWN = "group-unknown"
    PROVIDER_UNKNOWN = "provider-unknown"
    NOT_IN_GROUP = "not-in-group"
    NO_PAIR = "no-pair"
    DOOR_CODE_WRONG = "door-code-wrong"
    SIGNED_WHEN = "signed-when"
    ACCOUNT_STILL_HAS = "account-still-has"
    ACCOUNT_STILL_OPEN = "account-still-open"
    PEER_UNKNOWN = "peer-unknown"
    PEER_FROZEN = "peer-frozen"
    PEER_UNREACHABLE = "peer-unreachable"
    PEER_DECLINED = "peer-declined"
    PEER_KNOWN = "peer-known"
    PEER_ADDRESS = "peer-address"
    FINGERPRINT_WRONG = "fingerprint-wrong"
    REQUEST_UNSIGNED = "request-unsigned"
    REQUEST_OLD = "request-old"
    MESSAGE_FORM = "message-form"
    BOOKS_DIFFER = "books-differ"
    PROVE_AGAIN = "prove-again"
    STILL_TRAVELLING = "still-travelling"
    SAME_COMMUNITY = "same-community"
    NOT_ACROSS = "not-across"
    ON_THEIR_WAY = "on-their-way"
    NOT_TAKEN_THERE = "not-taken-there"
    NOT_ELSEWHERE = "not-elsewhere"
    NOT_ONESELF = "not-oneself"
    LEFT_BEHIND = "left-behind"
    NOT_AN_HEIR = "not-an-heir"
    ESTATE_OVER = "estate-over"
    PLACE_NOT_HOME = "place-not-home"
    ADDRESS_MISSING = "address-missing"


class Declined(Exception):
    """What was asked is not done and nothing was written: a code and the facts its sentence needs."""

    def __init__(self, code: Code, **facts: Any) -> None:
        super().__init__(code.value, facts)
        self.code = code
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it can come from another process."""
        return _declined, (type(self), self.code, self.facts)

    def __str__(self) -> str:
        return f"{self.code.value} {self.facts}" if self.facts else self.code.value


class Refused(Declined):
    """Understood, and forbidden."""


class Untrusted(Declined):
    """Bytes from outside that do not read or do not verify."""


class Corrupted(Exception):
    """Our own record contradicts itself. Nobody catches this to go on: the ledger goes read-only."""

    def __init__(self, what: str, *, origin: str = "", seq: int | None = None) -> None:
        super().__init__(what, origin, seq)
        self.what = what
        self.origin = origin
        self.seq = seq

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it can come from another process."""
        return _corrupted, (self.what, self.origin, self.seq)

    def __str__(self) -> str:
        where = self.origin if self.seq is None else f"{self.origin} record {self.seq}"
        return f"{where}: {self.what}" if where else self.what


def _declined(kind: type[Declined], code: Code, facts: dict[str, Any]) -> Declined:
    return kind(code, **facts)


def _corrupted(what: str, origin: str, seq: int | None) -> Corrupted:
    return Corrupted(what, origin=origin, seq=seq)
