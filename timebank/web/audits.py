"""What an auditor looks at: the head, keys, policies and records of a ledger. Never a name."""

from flask import Response, request

from timebank.services import audits
from timebank.visitor import actor, bank

from .frame import COMMUNITY, Answer, page, pages


@pages.get(COMMUNITY + "/audit")
def audit(code: str) -> Answer:
    """Auditor, lead and admin of the community. The state of the books, and their records a page at a time."""
    return _overview(code, None)


@pages.post(COMMUNITY + "/audit/verify")
def verify(code: str) -> Answer:
    """Auditor, lead and admin of the community. Replays small books here; large ones belong to the command."""
    return _overview(code, audits.verify_small(bank(), actor(), code))


def _overview(code: str, report: object) -> Answer:
    found = audits.overview(bank(), actor(), code, request.args.get("before", type=int))
    return page("audit.html", found=found, report=report, can_verify=found.head.size <= audits.MOST_WAITED_FOR)


@pages.get(COMMUNITY + "/audit/records/<int:seq>")
def audit_record(code: str, seq: int) -> Answer:
    """Auditor, lead and admin of the community. One record, byte for byte."""
    found = audits.record(bank(), actor(), code, seq)
    return page("audit_record.html", record=found, raw=found.raw.decode())


@pages.get(COMMUNITY + "/checkpoint")
def checkpoint(code: str) -> Answer:
    """Anybody. The signed head: one that nobody sees witnesses nothing."""
    return Response(audits.checkpoint(bank(), code), mimetype="text/plain")
