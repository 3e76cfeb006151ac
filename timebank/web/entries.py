"""One entry: a sentence that anyone understands, what belongs to it, its proof and receipt, and "this is wrong"."""

import re

from flask import Response, request, url_for

from timebank.access import Right
from timebank.schemas.inputs.hours import AlongInput, ReversalInput
from timebank.services import approvals, members, one_entry, orders, pairs, statements, vouchers
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, check_code, go, need, page, pages
from .picker import pick

_ENTRY = COMMUNITY + "/entries/<entry_id>"


@pages.get(_ENTRY)
def entry(code: str, entry_id: str) -> Answer:
    """Staff of the community, and each person whose entry it is. The proof is checked anew each time it is shown."""
    found = one_entry.show(bank(), actor(), code, entry_id)
    return page(
        "entry.html",
        item=found.item,
        linked=found.linked,
        proof=found.proof,
        qr=check_code(url_for("web.check", _external=True)),
        questions=found.questions,
        may_ask=found.may_ask,
        asked="asked" in request.args,
        doubted="doubted" in request.args,
    )


@pages.get(_ENTRY + "/receipt")
def receipt(code: str, entry_id: str) -> Answer:
    """Who may see the entry, and auditors. The file that proves it to anybody; it names accounts, never people."""
    data = statements.receipt(bank(), actor(), code, entry_id)
    name = re.sub(r"[^0-9A-Za-z.-]", "-", f"{code}-{entry_id}")
    return Response(
        data,
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="{name}.tlog-proof"'},
    )


@pages.get(_ENTRY + "/done")
def entry_done(code: str, entry_id: str) -> Answer:
    """Who may see the entry. That it was recorded, its number, the new balance, and a slip to print."""
    item = statements.entry(bank(), actor(), code, entry_id)
    person_id = request.args.get("for")
    known = members.person(bank(), actor(), person_id) if person_id else None
    found = statements.figures(bank(), actor(), person_id) if person_id else None
    linked = statements.linked(bank(), actor(), code, entry_id)
    together = orders.series(bank(), actor(), code, entry_id) if item.kind == "hold" else []
    return page("done.html", item=item, person=known, figures=found, linked=linked, together=together)


@pages.get(_ENTRY + "/slip")
def voucher(code: str, entry_id: str) -> Answer:
    """Who may see the entry. Slips to be printed: three on an A4 page, or `?paper=roll` of 80 mm."""
    return page(
        "voucher.html",
        found=vouchers.of_entry(bank(), actor(), code, entry_id),
        qr=check_code(url_for("web.check", _external=True)),
        roll=request.args.get("paper") == "roll",
    )


@pages.route(_ENTRY + "/second", methods=["GET", "POST"])
def second(code: str, entry_id: str) -> Answer:
    """Clerk of the community. Who went along on a visit: her hours are an entry beside."""
    need(Right.RECORD_VISIT, code)
    item = statements.entry(bank(), actor(), code, entry_id)
    form = Form("second")
    picker = pick(form, code, "second", role="volunteer")
    along = form.load(AlongInput, community=code, entry=entry_id) if form.sent else None
    if along is not None and not form.errors:
        posted = form.ask(lambda: pairs.note(bank(), actor(), along))
        if posted is not None:
            return go("entry_done", code=code, entry_id=posted.record.id, **{"for": along.second})
    return page("second.html", form.status, form=form, item=item, picker=picker)


@pages.route(_ENTRY + "/reverse", methods=["GET", "POST"])
def reverse(code: str, entry_id: str) -> Answer:
    """Clerk and lead of the community. Ask a second person to undo an entry; the entry itself stays for ever."""
    need(Right.ASK_REVERSAL, code)
    item = statements.entry(bank(), actor(), code, entry_id)
    form = Form("reason", "note", id=bank().uuid())
    if not form.sent:
        return page("reverse.html", form=form, item=item)
    reversal = form.load(ReversalInput, community=code, entry=entry_id)
    if reversal is not None and form.ask(lambda: approvals.ask_reversal(bank(), actor(), reversal)) is not None:
        return go("entry", code=code, entry_id=entry_id, asked=1)
    return page("reverse.html", form.status, form=form, item=item)
