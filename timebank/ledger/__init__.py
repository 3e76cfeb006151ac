"""The books: append, read, prove, verify. Others enter here."""

from . import reads
from .batches import read as read_notes
from .batches import write as write_notes
from .books import (
    BELOW_STEP,
    Account,
    Books,
    DaySum,
    Hold,
    Key,
    Line,
    PolicyVersion,
    day_at,
    minutes_for_credit,
    moves_to_reverse,
)
from .checkpoint import Checkpoint
from .derived import Segment, audit, audit_segment, check_size, cuts, join, rebuild, scrub
from .digest import Digest, DigestProof
from .digest import ordered as ordered_heads
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
from .exports import Export, export
from .fresh import Memory
from .fresh import receipt as fresh_receipt
from .heads import TwoHeads, cosign, cosigned_at
from .highwater import HighWater
from .keys import KeyRole, Signer, Vkey
from .keys import verify as verify_signature
from .kinds import KINDS, REVERSIBLE, FormedIntent, check_form, class_of, debt_of, formed, roles_for
from .merkle import check_consistency
from .note import Note
from .note import Signature as SignatureLine
from .past import accounts_at, books_at, newest_seal, repeated_id
from .prepared import Prepared
from .receipt import Proof, Receipt
from .restore import FoundRecords, RestorePlan, bring_back, plan_restore
from .rules import decision_id
from .state import digest as state_digest
from .store import Writer, create
from .tables import APPEND_ONLY, metadata
from .verify import Replay, Report
from .verify import verify as verify_ledger

__all__ = [
    "APPEND_ONLY",
    "BELOW_STEP",
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
    "Declined",
    "Digest",
    "DigestProof",
    "Export",
    "FormedIntent",
    "FoundRecords",
    "HighWater",
    "Hold",
    "Intent",
    "Key",
    "KeyRole",
    "Line",
    "Memory",
    "Move",
    "Note",
    "PolicyVersion",
    "Prepared",
    "Proof",
    "Receipt",
    "Record",
    "Refused",
    "Replay",
    "Report",
    "RestorePlan",
    "Segment",
    "SignatureLine",
    "SignedIntent",
    "Signer",
    "TwoHeads",
    "Untrusted",
    "Vkey",
    "Writer",
    "accounts_at",
    "admit",
    "audit",
    "audit_segment",
    "books_at",
    "bring_back",
    "check_consistency",
    "check_form",
    "check_size",
    "class_of",
    "cosign",
    "cosigned_at",
    "create",
    "cuts",
    "day_at",
    "debt_of",
    "decision_id",
    "export",
    "formed",
    "fresh_receipt",
    "join",
    "leaf_hash",
    "metadata",
    "minutes_for_credit",
    "moves_to_reverse",
    "newest_seal",
    "ordered_heads",
    "parse_record",
    "plan_restore",
    "read_notes",
    "reads",
    "rebuild",
    "repeated_id",
    "roles_for",
    "scrub",
    "sign",
    "state_digest",
    "text_hash",
    "verify_ledger",
    "verify_signature",
    "whole_minutes",
    "write_notes",
]
