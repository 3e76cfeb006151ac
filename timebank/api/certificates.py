"""Certificates of service: asked for, made public, issued, checked by anybody."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import certificates
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("certificates", "Certificates of service (志愿服务记录证明).")
_ONE = "/communities/<community:community>/certificates/<uuid7:certificate>"


@room.view(
    "POST",
    "/communities/<community:community>/certificates",
    takes=inputs.care.CertificateInput,
    gives=outputs.care.Certificate,
    status=202,
    keyed=True,
)
def ask(community: str) -> Response:
    """Put a certificate up. It can be issued when it has hung out as long as the policy says.

    May call: clerks of the community (scope ask_certificate); the volunteer, and relatives with consent (scope
    certify_own).
    """
    wanted = gate.load_keyed(inputs.care.CertificateInput, community=community)
    return dumped(outputs.care.Certificate, certificates.ask(bank(), actor(), wanted), 202)


@room.view("GET", "/communities/<community:community>/certificates", gives=outputs.care.Certificates, public=True)
def waiting(community: str) -> Response:
    """Show what hangs out, with initials.

    May call: anybody; staff of the community (scope see_person) read the names.
    """
    return dumped(outputs.care.Certificates, {"certificates": certificates.waiting(bank(), actor(), community)})


@room.view("GET", _ONE, gives=outputs.care.Certificate)
def one(community: str, certificate: str) -> Response:
    """Show a certificate whole.

    May call: clerks and leads of the community (scope see_person); the person, and relatives with consent (scope
    see_own).
    """
    return dumped(outputs.care.Certificate, certificates.one(bank(), actor(), community, certificate))


@room.view("POST", f"{_ONE}/issue", takes=inputs.room.NothingInput, gives=outputs.care.Certificate, keyed=True)
def issue(community: str, certificate: str) -> Response:
    """Issue what has hung out long enough; issued again it changes nothing.

    May call: leads of the community who did not ask for it (scope issue_certificate).
    """
    gate.idempotency_key()
    gate.load(inputs.room.NothingInput)
    return dumped(outputs.care.Certificate, certificates.issue(bank(), actor(), community, certificate))


@room.view("POST", f"{_ONE}/objection", takes=inputs.care.ObjectionInput, gives=outputs.care.Certificate, keyed=True)
def stop(community: str, certificate: str) -> Response:
    """Stop one that is not issued yet, because somebody objected and was right.

    May call: leads of the community (scope issue_certificate).
    """
    gate.idempotency_key()
    objection = gate.load(inputs.care.ObjectionInput)["objection"]
    return dumped(outputs.care.Certificate, certificates.stop(bank(), actor(), community, certificate, objection))


@room.view("GET", "/certificates/<entry:number>", gives=outputs.care.CheckedCertificate, public=True)
def check(number: str) -> Response:
    """Say what a certificate of this number says, and whether it stands; never a name.

    May call: anybody who has the number.
    """
    return dumped(outputs.care.CheckedCertificate, certificates.check(bank(), number))
