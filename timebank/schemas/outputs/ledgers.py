"""A ledger as auditors see it."""

from typing import Any

from marshmallow import fields

from timebank.services.audits import Overview as Overviewed

from . import parts
from .parts import Output
from .room import Key, PolicyVersion


class Figures(Output):
    """Three figures of a person that are never mixed, and what is owed. `size` is the ledger's, at that moment."""

    person = parts.person_id()
    community = fields.String(required=True)
    available = parts.minutes("what can be used now")
    held = parts.minutes("set aside for open orders")
    served = parts.minutes("served in all; only grows")
    owed = parts.minutes("still to be given back after a correction")
    size = fields.Integer(required=True)


_TOTALS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"accounts": {"type": "integer"}, "minutes": {"type": "integer"}},
        "required": ["accounts", "minutes"],
    },
}


def _totals(overview: Overviewed) -> dict[str, dict[str, int]]:
    return {kind: {"accounts": count, "minutes": minutes} for kind, (count, minutes) in overview.totals.items()}


class Overview(Output):
    """A ledger from outside. It names no person."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    ledger = fields.String(attribute="head.origin", required=True)
    size = fields.Integer(attribute="head.size", required=True)
    root = parts.method("the tree's root in hex", lambda overview: overview.head.root.hex(), type="string")
    totals = parts.method("by class of account; the sums of minutes add up to 0", _totals, **_TOTALS)
    keys = fields.List(fields.Nested(Key), required=True)
    policies = fields.List(fields.Nested(PolicyVersion), required=True)
    read_only = parts.maybe("why nothing may be written now; null when all is well")


class RecordLine(Output):
    """A record; `record` is its text, whose UTF-8 bytes are what is hashed."""

    seq = fields.Integer(required=True)
    id = fields.String(required=True)
    kind = fields.String(attribute="intent.kind", required=True)
    ms = fields.Integer(required=True)
    hash = parts.method("the leaf hash in hex", lambda record: record.hash.hex(), type="string")
    record = parts.method("the record's text", lambda record: record.raw.decode(), type="string")


class Records(Output):
    """A page of records, newest first. Ask again with before=<before> for the next; null at the end."""

    records = fields.List(fields.Nested(RecordLine), required=True)
    before = fields.Integer(required=True, allow_none=True)


class Verified(Output):
    """What was proved, in figures; minutes are sums over all entries."""

    ledger = fields.String(attribute="origin", required=True)
    size = fields.Integer(required=True)
    root = parts.method("the tree's root in hex", lambda report: report.root.hex(), type="string")
    signatures = fields.Integer(required=True)
    kinds = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    not_understood = fields.Integer(required=True)
    by_compromised_keys = fields.Integer(required=True)
    minutes_credited = parts.minutes("credited in all")
    minutes_redeemed = parts.minutes("used in all")
