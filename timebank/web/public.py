"""Pages for anybody: check a receipt, why what is recorded stays as it is, and who can use these pages."""

from flask import Response, request, url_for

from timebank.ledger import Declined
from timebank.schemas import refusals
from timebank.schemas.words import gettext as _
from timebank.services import communities, digests, receipts
from timebank.visitor import bank

from .forms import Form
from .frame import COMMUNITY, Answer, page, pages, qr_code

LARGEST_RECEIPT = 1_000_000


@pages.route("/check", methods=["GET", "POST"])
def check() -> Answer:
    """Anybody. What a receipt proves, in words; the file is not kept."""
    form = Form("receipt", "pasted")
    if not form.sent:
        return page("check.html", form=form, found=None)
    file = request.files.get("receipt")
    data = file.read() if file is not None and file.filename else _pasted(form["pasted"])
    if not data:
        form.wrong("receipt", str(_("Please choose a file, or paste its text.")))
        return page("check.html", form.status, form=form, found=None)
    if len(data) > LARGEST_RECEIPT:
        form.wrong("receipt", str(_("This is larger than any receipt.")))
        return page("check.html", 413, form=form, found=None)
    try:
        found = receipts.check(bank(), data)
    except Declined as error:
        form.wrong("receipt", _why(error))
        return page("check.html", refusals.status(error.code), form=form, found=None)
    form.typed.clear()
    return page("check.html", form=form, found=found)


def _pasted(text: str) -> bytes:
    """A browser sends a line's end as two characters, and people lose the last one."""
    lines = text.replace("\r\n", "\n").strip("\n")
    return f"{lines}\n".encode() if lines else b""


def _why(error: Declined) -> str:
    """What is wrong with the file, for somebody who does not know its inside."""
    if error.code.value == "ledger-unknown":
        return str(_("This receipt is of a time bank that is not kept here. Check it at the one that issued it."))
    return str(
        _("This proves nothing: it is no receipt, or not one letter for letter as it was issued. Get the file again.")
    )


@pages.get(COMMUNITY + "/poster")
def poster(code: str) -> Answer:
    """Anybody. One page to hang up: whose time bank it is, what it is, how to join, and where its promise is read."""
    found = communities.one(bank(), code)
    promise = url_for("web.promise", code=code, _external=True)
    return page("poster.html", found=found, qr=qr_code(promise))


@pages.get("/digest")
def digest() -> Answer:
    """Anybody. The newest digest, or that of a day, as a sheet to be kept; and those of other services kept here."""
    day = request.args.get("day")
    found = digests.of_day(bank(), day) if day else digests.newest(bank())
    kept = digests.kept(bank())
    return page("digest.html", found=found, qr=qr_code(str(found)) if found else "", kept=kept)


@pages.get(COMMUNITY + "/digest-proof/<day>")
def digest_proof(code: str, day: str) -> Answer:
    """Anybody. That the community's head is in the digest of a day, as a file; heads are public."""
    return Response(digests.proof(bank(), code, day).to_bytes(), mimetype="text/plain")


@pages.get("/about/why")
def why() -> Answer:
    """Anybody. Why a record cannot be changed, in plain words."""
    return page("why.html")


@pages.get("/about/accessibility")
def accessibility() -> Answer:
    """Anybody. What was done and tested so that everybody can use the pages, and what is missing."""
    return page("accessibility.html")
