"""Over HTTPS: a service is believed by a certificate of the operator's own authority, and by no other."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.federation.offices import Founded, Office, copied, found_both, link, send, served, wanted
from tests.services.test_standing import refusal
from timebank.access import OPERATOR
from timebank.ledger import Code
from timebank.services import transfers


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found_both(tmp_path_factory.mktemp("offices"))


class Authority:
    """A private authority that signs one certificate for `address`."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        folder.mkdir()
        own, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "timebank test authority")])
        basic, usage = x509.BasicConstraints(ca=True, path_length=0), _usage(signs=True)
        authority = _builder(name, name, own).add_extension(basic, critical=True).add_extension(usage, critical=True)
        there = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "service")])
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(own.public_key())
        service = _builder(there, name, key).add_extension(names, critical=False)
        service = service.add_extension(identifier, critical=False)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(authority.sign(own, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        self._file = folder / "service.pem"
        self._file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + service.sign(own, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self._file)
        return made


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(identifier, critical=False)
    )


@contextmanager
def secure(
    founded: Founded, folder: Path, believed: str, address: str = "127.0.0.1"
) -> Iterator[tuple[Office, Office]]:
    """Both offices on HTTPS; each believes the certificates of the authority in `believed`."""
    authority = Authority(folder / "authority", address)
    other = Authority(folder / "other", address)
    ca_file = {"own": str(authority.ca_file), "other": str(other.ca_file), "none": ""}[believed]
    offices = [copied(founded, number, folder / str(number), federation_ca_file=ca_file) for number in range(2)]
    try:
        with served(offices[0], authority.context()), served(offices[1], authority.context()):
            yield offices[0], offices[1]
    finally:
        for office in offices:
            office.bank.close()


def test_hours_travel_over_https_by_an_authority_of_the_operators_own(founded: Founded, tmp_path: Path) -> None:
    with secure(founded, tmp_path, "own") as (first, second):
        link(first, second)
        link(second, first)
        send(first, wanted(first, second))
        assert transfers.run_due(first.bank, OPERATOR)["sent"] == 1
        assert second.minutes(f"due:{first.origin}") == -60


@pytest.mark.parametrize(("believed", "address"), [("none", "127.0.0.1"), ("other", "127.0.0.1"), ("own", "127.0.0.2")])
def test_a_certificate_of_nobody_that_is_believed_or_for_another_host_is_no_answer(
    founded: Founded, tmp_path: Path, believed: str, address: str
) -> None:
    with secure(founded, tmp_path, believed, address) as (first, second):
        assert refusal(lambda: link(first, second)) is Code.PEER_UNREACHABLE
