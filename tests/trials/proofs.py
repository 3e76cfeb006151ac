"""What the independent verifier says of files."""

import io

from verifier import timebank_verify as tv


def verified(export: bytes, head: bytes | None = None) -> str | None:
    """What it finds wrong with an export, None when the ledger is proved; `head`: one that came another way."""
    given = None if head is None else tv.open_checkpoint(head)
    try:
        tv.check_ledger(io.BytesIO(export), None, given, tv.Report("en"))
    except (tv.Bad, tv.Unreadable) as error:
        return str(error)
    return None


def proved(receipt: bytes, head: bytes | None = None) -> str | None:
    """The same of a receipt."""
    given = None if head is None else tv.open_checkpoint(head)
    try:
        tv.check_receipt(receipt, None, given, tv.Report("en"))
    except (tv.Bad, tv.Unreadable) as error:
        return str(error)
    return None


def record_places(export: bytes) -> list[tuple[int, int]]:
    """Where each record of an export begins, and its length."""
    places, start = [], export.index(b"\n") + 1
    while export[start:].startswith(b"record "):
        line_end = export.index(b"\n", start)
        places.append((line_end + 1, int(export[start + len(b"record ") : line_end])))
        start = sum(places[-1])
    return places
