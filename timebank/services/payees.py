"""Who holds a card in another community: looked up here, or asked of the service that keeps it; only by number."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from timebank import directory
from timebank.access import Actor, Right, require_either
from timebank.bank import Bank, Reading
from timebank.directory.transfers import Link
from timebank.federation import carrier
from timebank.ledger import Code, Refused, Untrusted

from . import pace
from .certificates import masked

# Numbers that nobody holds, which one other ledger may ask for within the window of log-ins: its members share them.
_TRIES_OF_A_PEER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who holds a card elsewhere: enough to see that it is the right one."""

    community: str
    place: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A payee with the ledger and the account that the hours go to; `person` where she is registered here."""

    peer: str
    account: str
    name: str
    person: str | None = None


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asked of another service: the holder of a card in one of its communities."""

    card: str


class Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answered: her account, and her name masked. No signature is over it but that of the connection."""

    account: Annotated[str, msgspec.Meta(pattern="^member:[0-9a-f]{32}$")]
    name: str


def look(bank: Bank, actor: Actor | None, giver: str, card: str, to: str = "") -> Payee:
    """Who holds a card, and where, for somebody who may give the hours of `giver`; a masked name. `to`: a community
    that another service keeps; empty, the card says where.

    Refused after too many numbers that nobody holds: cards are not found by trying.
    """
    with bank.view() as view:
        person = directory.people.known(view.connection, [giver]).get(giver)
        home = person.community if person else ""
        actor = require_either(actor, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, home, giver)
    pace.count(bank, "cards", actor.login)
    elsewhere = peer_elsewhere(bank, home, to)
    made = _look_elsewhere(bank, home, elsewhere, card) if elsewhere else _look_here(bank, card)
    pace.take_back(bank, "cards", actor.login)
    return made


def _look_here(bank: Bank, card: str) -> Payee:
    with bank.view() as view:
        holder = holder_of(view, card)
        there = view.community(holder.community)
        name = directory.people.name_of(view.vault, holder) or ""
    return Payee(community=there.code, place=f"{there.county} · {there.town} · {there.name}", name=masked(name))


def _look_elsewhere(bank: Bank, home: str, peer: Link, card: str) -> Payee:
    found = ask(bank, home, peer.origin, card)
    return Payee(community=directory.epochs.code_of(peer.origin), place=peer.place or "", name=found.name)


def peer_elsewhere(bank: Bank, community: str, to: str) -> Link | None:
    """The ledger of the community `to`, where another service keeps it and there is a link to it."""
    with bank.glance() as view:
        return directory.transfers.peer_elsewhere(view.connection, community, to) if to else None


def elsewhere(bank: Bank, community: str) -> list[tuple[str, str]]:
    """The communities that other services keep and this one has a link to: code and place."""
    with bank.view() as view:
        found = directory.transfers.peers_of(view.people, community)
    return [
        (directory.epochs.code_of(one.origin), one.place or one.origin)
        for one in found
        if one.url is not None and one.frozen_at is None
    ]


def holder_of(reading: Reading, card: str, to: str | None = None) -> directory.people.Known:
    """Who holds a card of this service; Refused where nobody does, or somebody of another community than `to`."""
    holder = directory.people.with_card(reading.connection, card)
    if holder is None and directory.cards.is_void(reading.people, card, to):
        raise Refused(Code.CARD_RENEWED)
    if holder is None or to not in (None, holder.community) or holder.deceased_on is not None:
        raise Refused(Code.PERSON_UNKNOWN)
    return holder


def ask(bank: Bank, community: str, peer: str, card: str) -> Found:
    """Who holds a card of a community that another service keeps; Refused as `carrier.ask`, and where nobody does."""
    try:
        answer = carrier.ask(bank, community, peer, "payee", msgspec.json.encode(Card(card)))
        holder = carrier.read(answer, Holder)
    except Refused as error:
        for code in (Code.PERSON_UNKNOWN, Code.CARD_RENEWED):
            if error.facts.get("said") == code.value:
                raise Refused(code) from error
        raise
    except Untrusted as error:
        raise Refused(Code.PEER_UNREACHABLE, peer=peer, why="no answer in this form") from error
    return Found(peer=peer, account=holder.account, name=masked(holder.name[:40]))


@carrier.answers("payee")
def _told(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    asked = carrier.read(body, Card)
    pace.count(bank, "cards of a peer", f"{community} {sender}", most=_TRIES_OF_A_PEER)
    with bank.view() as view:
        holder = holder_of(view, asked.card, community)
        name = masked(directory.people.name_of(view.vault, holder) or "")
    pace.take_back(bank, "cards of a peer", f"{community} {sender}")
    return msgspec.json.encode(Holder(holder.account, name))
