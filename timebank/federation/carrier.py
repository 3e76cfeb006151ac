"""Ask another ledger something, whether it is kept here or elsewhere, and answer what others ask.

What can be asked is a table of words; a function that answers one enters itself with `answers`. A ledger that is kept
here is asked by calling that function, one elsewhere by HTTPS with a signed request (signatures.py): the bytes are the
same, and so is what follows from them. Nothing is ever asked within a transaction.
"""

import ssl
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from timebank import directory
from timebank.bank import Bank
from timebank.ledger import Code, Declined, KeyRole, Refused, Untrusted, Vkey

from . import desk, signatures
from .messages import Stale

# The community that is asked, the ledger that asks, what it says; what is answered. Raises Declined, and Stale.
Handler = Callable[[Bank, str, str, bytes], bytes]
LARGEST_ASKED = 524_288
LARGEST_ANSWER = 4_194_304
PATH = "/api/v1/federation"
_LONGEST_ADDRESS = 200
_CONNECT_S, _SILENCE_S, _TOTAL_S = 5, 10, 30
_handlers: dict[str, Handler] = {}
# Asked by who is not known yet, or whose key is not: what they bring or are given is proved by itself.
_unsigned: set[str] = set()
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def answers(what: str, *, signed: bool = True) -> Callable[[Handler], Handler]:
    """Enter a function into the table. Where not `signed`, anybody may ask, and the sender's name is empty."""

    def enter(handler: Handler) -> Handler:
        _handlers[what] = handler
        if not signed:
            _unsigned.add(what)
        return handler

    return enter


def words() -> frozenset[str]:
    """What can be asked."""
    return frozenset(_handlers)


def read(body: bytes, form: type[_Struct]) -> _Struct:
    """A question or an answer in its form; Untrusted when it has another."""
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Untrusted(Code.MESSAGE_FORM) from error


# --- asking ----------------------------------------------------------------------------------------------------------


def ask(bank: Bank, community: str, peer: str, what: str, body: bytes) -> bytes:
    """What the ledger `peer` answers to a community of this service.

    Refused with PEER_UNREACHABLE where nothing was answered, so that it may have been done all the same; with
    PEER_DECLINED and its own word (`said`) where it declined; Stale where it wants to be shown more.
    """
    own = bank.origin(community)
    with bank.view() as view:
        found = directory.transfers.peer(view.connection, community, peer)
    if found is None or found.url is None:
        return _ask_here(bank, own, peer, what, body)
    try:
        return _ask_elsewhere(bank, own, found.url, peer, what, body)
    except Refused as error:
        if error.code is not Code.PEER_DECLINED or error.facts["said"] != Code.KEY_UNKNOWN.value:
            raise
    # Our log key is a new one: the other is shown the entry that made it ours, and asked once more.
    introduce(bank, own, found.url, peer)
    return _ask_elsewhere(bank, own, found.url, peer, what, body)


def _ask_here(bank: Bank, own: str, peer: str, what: str, body: bytes) -> bytes:
    try:
        return answer(bank, directory.epochs.code_of(peer), peer, own, what, body)
    except Declined as error:
        raise Refused(Code.PEER_DECLINED, peer=peer, said=error.code.value) from error


def _ask_elsewhere(bank: Bank, own: str, url: str, peer: str, what: str, body: bytes) -> bytes:
    path = path_of(peer, what)
    with bank.view() as view:
        signer = bank.signer(view.connection, view.head(own), KeyRole.LOG)
    return post(bank, url, path, body, signatures.headers(signer, path, peer, body, bank.clock()), peer)


class Introduction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is known already shows its newest head, and with it its log key."""

    origin: str
    message: bytes


def introduce(bank: Bank, own: str, url: str, peer: str, since: int = 0) -> None:
    """Show another service the head and the keys of a ledger that it knows already."""
    said = Introduction(own, desk.prove(bank, own, since, "genesis"))
    try:
        post(bank, url, path_of(peer, "introduce"), msgspec.json.encode(said), {}, peer)
    except Stale as stale:
        if since:
            raise
        introduce(bank, own, url, peer, stale.size)


def path_of(origin: str, what: str) -> str:
    return f"{PATH}/{directory.epochs.code_of(origin)}/{what}"


def check_address(url: str) -> None:
    """Refused where an address is not https and a host alone; plain http is for this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(Code.PEER_ADDRESS) from error
    is_plain = parts.scheme == "http" and _is_loopback(host)
    is_whole = url == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc and len(url) <= _LONGEST_ADDRESS
    if not host or not is_whole or not (parts.scheme == "https" or is_plain):
        raise Refused(Code.PEER_ADDRESS)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def post(bank: Bank, url: str, path: str, body: bytes, headers: Mapping[str, str], peer: str) -> bytes:
    """One request over a connection of its own, bounded in time and size; see `ask` for what is raised.

    No proxy of the environment, no redirect, no cookie: whom it is sent to, the operator typed.
    """
    check_address(url)
    timeout = httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S)
    until = time.monotonic() + _TOTAL_S
    try:
        with (
            httpx2.Client(verify=_trust(bank.settings.federation_ca_file), timeout=timeout, trust_env=False) as client,
            client.stream("POST", url + path, content=body, headers={"Content-Type": _BYTES, **headers}) as response,
        ):
            given = bytearray()
            for part in response.iter_raw():
                given += part
                if len(given) > LARGEST_ANSWER or time.monotonic() > until:
                    raise Refused(Code.PEER_UNREACHABLE, peer=peer, why="too long an answer")
    except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError, OSError) as error:
        raise Refused(Code.PEER_UNREACHABLE, peer=peer, why=type(error).__name__) from error
    if response.status_code == 200:
        return bytes(given)
    raise _declined(bytes(given), response.status_code, peer)


_BYTES = "application/octet-stream"


@lru_cache(maxsize=4)
def _trust(ca_file: str) -> ssl.SSLContext:
    """Whose certificates are believed: those the system believes, and those of a file of the operator's."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class _Problem(msgspec.Struct):
    """What is read of a problem (RFC 9457); the rest of it is not looked at."""

    code: str
    size: int = 0


def _declined(body: bytes, status: int, peer: str) -> Exception:
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refused(Code.PEER_UNREACHABLE, peer=peer, why=f"status {status}")
    if problem.code == Code.PROVE_AGAIN.value and problem.size >= 0:
        return Stale(problem.size)
    if status >= 500 or problem.code not in _OURS:
        return Refused(Code.PEER_UNREACHABLE, peer=peer, why=f"status {status}")
    return Refused(Code.PEER_DECLINED, peer=peer, said=problem.code)


_OURS = frozenset(code.value for code in Code)


# --- answering -------------------------------------------------------------------------------------------------------


def answer(bank: Bank, community: str, to: str, sender: str, what: str, body: bytes) -> bytes:
    """What is answered to a sender that is known for certain; Refused where the ledger `to` is not the one kept now."""
    with bank.view() as view:
        kept = view.community(community).origin
    if kept != to:
        raise Refused(Code.WRONG_LEDGER, ledger=to)
    return _handlers[what](bank, community, sender, body)


def answer_signed(bank: Bank, community: str, what: str, given: Mapping[str, str], path: str, body: bytes) -> bytes:
    """What is answered to a request from elsewhere, once it is certain who sent it. Every failure is a refusal: Stale
    becomes PROVE_AGAIN."""
    sender = "" if what in _unsigned else _sender(bank, community, given, path, body)
    with bank.view() as view:
        to = view.community(community).origin
    try:
        return answer(bank, community, to, sender, what, body)
    except Stale as stale:
        raise Refused(Code.PROVE_AGAIN, size=stale.size) from stale


def _sender(bank: Bank, community: str, given: Mapping[str, str], path: str, body: bytes) -> str:
    """The ledger whose key signed this request; of a ledger that is kept here nobody elsewhere signs for it."""
    asking = signatures.claimed(given, bank.clock())
    with bank.view() as view:
        to = view.community(community).origin
        peer = directory.transfers.peer(view.connection, community, asking.sender)
    if peer is None or peer.url is None:
        raise Refused(Code.PEER_UNKNOWN, peer=asking.sender)
    key = Vkey.parse(peer.vkey or "")
    if key.key_id != asking.key_id:
        raise Untrusted(Code.KEY_UNKNOWN, key=f"{asking.sender}+{asking.key_id.hex()}")
    signatures.check(asking, given, path, to, body, key)
    return asking.sender


@answers("introduce", signed=False)
def _introduced(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    said = read(body, Introduction)
    with bank.view() as view:
        peer = directory.transfers.peer(view.connection, community, said.origin)
        if peer is None or peer.url is None:
            raise Refused(Code.PEER_UNKNOWN, peer=said.origin)
    desk.see(bank, community, said.origin, said.message)
    return b""
