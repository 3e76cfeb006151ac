"""Set what a city, a county or a community wants, publish what comes of it, and say what it would have changed."""

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from timebank import directory
from timebank import policy as policies
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import Bank, Reading, Work
from timebank.directory.communities import Place
from timebank.ledger import Intent, Record, Signer, reads, sign
from timebank.policy import Policy, PolicyError

from .admins import admins_of
from .statements import day_in_zone

CITY = EVERYWHERE
_KEPT_MS = 60_000
_CONFIG = Path(__file__).resolve().parents[2] / "config"


@cache
def default() -> str:
    """The document that every community starts with."""
    return (_CONFIG / "policy.toml").read_text(encoding="utf-8")


def profiles() -> dict[str, str]:
    """The layers of known programmes by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((_CONFIG / "policies").glob("*.toml"))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a community's policy: its number, the day it is in force from, its SHA-256, and what it says."""

    version: int
    from_day: str
    sha256: str
    text: str
    policy: Policy


def scopes_of(place: Place) -> tuple[str, ...]:
    """Whose layers make a community's policy, the widest first."""
    return CITY, place.county, place.code


def resolved(reading: Reading, place: Place, layer: str | None = None, scope: str | None = None) -> str:
    """The whole document of a community by the layers that are set; `layer` in place of that of `scope` (its own).

    Raises PolicyError.
    """
    texts = []
    for one in scopes_of(place):
        texts += (
            [layer]
            if layer is not None and one == (scope or place.code)
            else directory.layers.of(reading.people, [one])
        )
    return policies.resolve(default(), *texts)


def versions(bank: Bank, community: str) -> list[Version]:
    """All versions of a community's policy, the oldest first. Public: they are the rules that everybody lives by."""
    with bank.view() as view:
        view.community(community)
        head = view.head_of(community)
        return [
            Version(
                version=one.version,
                from_day=one.from_day,
                sha256=one.sha256,
                text=view.policy_text(one.sha256),
                policy=view.policy(one.sha256),
            )
            for one in reads.policies(view.connection, head)
        ]


def check(bank: Bank, actor: Actor | None, community: str, layer: str) -> tuple[Policy, list[policies.Change]]:
    """What the community's policy would be with this layer, and how it differs from the newest. Raises PolicyError."""
    require(actor, Right.PUBLISH_POLICY, community)
    with bank.view() as view:
        place = view.community(community)
        new = policies.parse(resolved(view, place, layer))
        _check_offers(bank, new)
        newest = reads.policies(view.connection, view.head_of(community))[-1]
        return new, policies.changes(view.policy(newest.sha256), new)


def of_today(bank: Bank, community: str, reading: Reading | None = None) -> Policy | None:
    """The policy in force now; None where there is no such community. Public. Whoever reads already says by what.

    For what pages show: nearly every one asks, so it is kept for a minute. So long another process may not know of a
    policy just published; what is entered is judged by the ledger's own.
    """
    policy, until = bank.todays.get(community, (None, 0))
    if bank.clock() < until:
        return policy
    with nullcontext(reading) if reading else bank.glance() as view:
        origin = directory.epochs.origin_of(view.connection, community)
        if origin is None:
            return None
        head = view.head(origin)
        policy = view.policy_at(head, day_in_zone(view.now, head.offset_minutes))
    bank.todays[community] = (policy, view.now + _KEPT_MS)
    return policy


def check_layer(layer: str) -> None:
    """Raises PolicyError when no policy comes of it."""
    policies.resolve(default(), layer)


def set_layer(bank: Bank, actor: Actor | None, scope: str, layer: str) -> None:
    """Keep what a scope wants. For the city and for a county, one must be admin everywhere. Raises PolicyError."""
    actor = require(actor, Right.PUBLISH_POLICY, scope)
    _check_offers(bank, policies.parse(policies.resolve(default(), layer)))
    with bank.office() as office:
        directory.layers.put(office.people, scope, layer, by=actor.login, at=office.now)


def _check_offers(bank: Bank, policy: Policy) -> None:
    """A misspelt code would quietly take a service away. Raises PolicyError."""
    unknown = [code for code in policy.catalogue.offers if code not in bank.catalogue.by_code]
    if unknown:
        raise PolicyError(f"catalogue.offers: the list of services has no {', '.join(unknown)}.")


def under(bank: Bank, scope: str) -> list[str]:
    """The communities that a scope's layer reaches: all, those of a county, or one."""
    with bank.glance() as view:
        everyone = directory.communities.everyone(view.connection)
    return [place.code for place in everyone if scope in scopes_of(place)]


def publish(bank: Bank, actor: Actor | None, community: str, from_day: str | None = None) -> Record | None:
    """Post the policy that the layers make, in force from a day that is not over (None: from today, or from when the
    newest is). None when it says what the newest says: so a run over many communities can be repeated.

    Signed by two admins. Raises Refused and PolicyError.
    """
    require(actor, Right.PUBLISH_POLICY, community)
    with bank.work_for(community) as work:
        document = resolved(work, work.community(community))
        newest = work.books.policies[-1] if work.books.policies else None
        if newest is not None and newest.sha256 == policies.digest(document):
            return None
        earliest = max(work.books.day_of(work.now), newest.from_day if newest else "")
        record = post(bank, work, admins_of(bank, work), document, from_day or earliest)
    bank.todays.pop(community, None)
    return record


def post(bank: Bank, work: Work, admins: tuple[Signer, ...], document: str, from_day: str) -> Record:
    """Keep the document and post its digest as the next version."""
    sha256 = policies.digest(document)
    if work.people.get(directory.Document, sha256) is None:
        work.people.add(directory.Document(sha256=sha256, text=document))
    version = work.books.policies[-1].version + 1 if work.books.policies else 1
    body: dict[str, object] = {"version": version, "from": from_day, "sha256": sha256}
    by = admins[0].name
    intent = Intent(ledger=work.origin, id=bank.uuid(), kind="policy", at=work.now, by=by, body=body)
    return work.append(sign(intent, *admins))
