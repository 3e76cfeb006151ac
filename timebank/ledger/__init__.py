"""The books: append, read, prove, verify. Others enter here."""

from . import reads
from .books import Account, Books, DaySum, Hold, Key, Line, PolicyVersion, moves_to_reverse
from .checkpoint import Checkpoint
from .entry import (
    MOST_MINUTES,
    NO_HASH,
    Intent,
    Move,
    Record,
    SignedIntent,
    admit,
    leaf_hash,
    parse_record,
    sign,
    text_hash,
    whole_minutes,
)
from .errors import Code, Corrupted, Declined, Refused, Untrusted
from .export import Export, export
from .highwater import HighWater
from .keys import KeyRole, Signer, Vkey, verify
from .kinds import KINDS, REVERSIBLE, check_form, class_of, debt_of
from .receipt import Proof, Receipt
from .rules import decision_id
from .store import Writer, create
from .verify import Replay, Report
from .verify import verify as verify_ledger

__all__ = [
    "KINDS",
    "MOST_MINUTES",
    "NO_HASH",
    "REVERSIBLE",
    "Account",
    "Books",
    "Checkpoint",
    "Code",
    "Corrupted",
    "DaySum",
    "Export",
    "Declined",
    "HighWater",
    "Hold",
    "Intent",
    "Key",
    "KeyRole",
    "Line",
    "Move",
    "PolicyVersion",
    "Proof",
    "Receipt",
    "Record",
    "Refused",
    "Replay",
    "Report",
    "SignedIntent",
    "Signer",
    "Untrusted",
    "Vkey",
    "Writer",
    "admit",
    "check_form",
    "class_of",
    "create",
    "debt_of",
    "export",
    "decision_id",
    "leaf_hash",
    "moves_to_reverse",
    "parse_record",
    "reads",
    "sign",
    "text_hash",
    "verify",
    "verify_ledger",
    "whole_minutes",
]
