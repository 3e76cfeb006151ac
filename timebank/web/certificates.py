"""志愿服务记录证明: asked for on a person's page, public for some days, printed, and checked by anybody."""

from flask import Response, request, url_for

from timebank.access import Denied, Right
from timebank.schemas.inputs.care import CertificateInput, ObjectionInput
from timebank.schemas.inputs.room import NameInput
from timebank.services import certificates as certified
from timebank.services import members
from timebank.visitor import actor, bank

from . import pdf
from .forms import Form
from .frame import COMMUNITY, Answer, can, go, page, pages, qr_code


@pages.route("/people/<person_id>/certificates", methods=["GET", "POST"])
def certificates(person_id: str) -> Answer:
    """The person, who acts for her, and staff. What was certified, and asking for a new one."""
    person = members.person(bank(), actor(), person_id)
    may_ask = can(Right.ASK_CERTIFICATE, person.community) or can(Right.CERTIFY_OWN, person.community, person_id)
    form = Form("first_day", "last_day", id=bank().uuid())
    if form.sent:
        if not may_ask:
            raise Denied(Right.ASK_CERTIFICATE, person.community)
        wanted = form.load(CertificateInput, community=person.community, person=person_id)
        made = None if wanted is None else form.ask(lambda: certified.ask(bank(), actor(), wanted))
        if made is not None:
            return go("certificate", code=made.community, certificate=made.id)
    found = certified.of_person(bank(), actor(), person_id)
    return page("certificates.html", form.status, form=form, person=person, found=found, may_ask=may_ask)


@pages.get(COMMUNITY + "/certificates")
def public_certificates(code: str) -> Answer:
    """Anybody. What hangs out before it is issued, with initials; the lead finds here what to do with it."""
    return page("certificates_public.html", found=certified.waiting(bank(), actor(), code), code=code)


@pages.get(COMMUNITY + "/certificates/<certificate>")
def certificate(code: str, certificate: str) -> Answer:
    """The person, who acts for her, and staff. A sheet to print."""
    return _sheet(certified.one(bank(), actor(), code, certificate), Form("objection"))


@pages.post(COMMUNITY + "/certificates/<certificate>")
def decide_certificate(code: str, certificate: str) -> Answer:
    """Lead of the community. Issue what has hung out, or stop it after an objection."""
    form = Form("objection")
    if request.form.get("decision") == "issue":
        done = form.ask(lambda: certified.issue(bank(), actor(), code, certificate))
    else:
        wanted = form.load(ObjectionInput)
        done = wanted and form.ask(lambda: certified.stop(bank(), actor(), code, certificate, wanted["objection"]))
    if done:
        return go("certificate", code=code, certificate=certificate)
    return _sheet(certified.one(bank(), actor(), code, certificate), form)


@pages.get(COMMUNITY + "/certificates/<certificate>/pdf")
def certificate_pdf(code: str, certificate: str) -> Answer:
    """The person, who acts for her, and staff. What is issued, as a file; of a draft there is only the page."""
    found = certified.one(bank(), actor(), code, certificate)
    if not found.stands:
        return go("certificate", code=code, certificate=certificate)
    data = pdf.certificate(found, _address(found))
    name = f"{found.number}.pdf"
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _address(found: certified.Certificate) -> str:
    return url_for("web.check_certificate", number=found.number, _external=True)


def _sheet(found: certified.Certificate, form: Form) -> Answer:
    address = _address(found)
    return page("certificate.html", form.status, found=found, form=form, check=address, qr=qr_code(address))


@pages.route("/certificates/<number>", methods=["GET", "POST"])
def check_certificate(number: str) -> Answer:
    """Anybody. What a certificate of this number says and whether it stands; a name that is typed, as yes or no."""
    form = Form("name")
    wanted = form.load(NameInput) if form.sent else None
    found = certified.check(bank(), number, wanted["name"] if wanted else None)
    return page("certificate_check.html", form.status, found=found, form=form)
