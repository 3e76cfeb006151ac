"""Found communities, publish their policy, and list them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from timebank import directory
from timebank import policy as policies
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted, View, Work
from timebank.ledger import Code, Intent, Key, KeyRole, Refused, SignedIntent, Signer, reads, sign

QUORUM = 2
_PLACES = Path(__file__).resolve().parents[2] / "config" / "zunyi-communities.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A community of the administrative list (12-digit code), and the policy document it starts with."""

    code: str
    name: str
    town: str
    county: str
    policy: str


def found(bank: Bank, actor: Actor | None, founding: Founding) -> Posted:
    """Make the community's keys and its ledger: genesis, the station's and the lead's key, the first policy.

    The keys are made and stored before the ledger names them: a crash in between leaves keys that nobody uses, never a
    ledger without keys. Refused when the community exists.
    """
    require(actor, Right.FOUND, founding.code)
    policies.parse(founding.policy)
    origin = bank.origin(founding.code)
    with bank.view() as view:
        if directory.communities.one(view.connection, founding.code) is not None:
            raise Refused(Code.COMMUNITY_TAKEN, community=founding.code)
    admins = admin_signers(bank)
    log = Signer.generate(origin)
    system, station, lead = (Signer.generate(f"{origin}/{role}-1") for role in ("system", "station", "lead"))
    bank.keyring.add(log, system, station, lead)
    with bank.founding(origin) as work:
        work.people.add(
            directory.Community(
                code=founding.code, origin=origin, name=founding.name, town=founding.town, county=founding.county
            )
        )
        body: dict[str, object] = {
            "zone": bank.settings.zone,
            "offset": bank.settings.utc_offset_minutes,
            "algorithms": "ed25519 sha256 rfc6962",
            "log": str(log.vkey),
            "system": str(system.vkey),
            "admins": [str(admin.vkey) for admin in admins],
            "quorum": QUORUM,
        }
        genesis = work.append(_signed(work, admins, "genesis", "genesis", body))
        for signer, role in ((station, KeyRole.STATION), (lead, KeyRole.LEAD)):
            added: dict[str, object] = {"action": "add", "vkey": str(signer.vkey), "role": role.value}
            work.append(_signed(work, admins, "key", bank.uuid(), added))
        _publish(bank, work, admins, founding.policy, work.books.day_of(work.now))
    return bank.posted(work, genesis, [])


def admin_signers(bank: Bank) -> tuple[Signer, ...]:
    """The admins' keys with which this service founds ledgers, made when there are none yet. Who holds it can sign
    for them. One that was revoked in any ledger here founds no other."""
    with bank.view() as view:
        unfit = {key.vkey.name for head in reads.heads(view.connection) for key in _revoked_admins(view, head)}
    numbered = (f"{bank.settings.host}/admin-{number}" for number in count(1))
    names = list(islice((name for name in numbered if name not in unfit), QUORUM))
    missing = [name for name in names if name not in bank.keyring.names()]
    if missing:
        bank.keyring.add(*(Signer.generate(name) for name in missing))
    return tuple(bank.keyring.signer(name) for name in names)


def _revoked_admins(view: View, head: reads.Head) -> list[Key]:
    return [key for key in reads.keys_of(view.connection, head, KeyRole.ADMIN) if key.until is not None]


def admins_of(bank: Bank, work: Work, without: Key | None = None) -> tuple[Signer, ...]:
    """The admins' keys that are valid in this ledger now and held here: as many as its quorum, the newest first.

    Every ledger has its own: an admin whose key was replaced in one signs there with the new one. Refused when too
    few are held. `without` is a key that is about to be revoked and need not sign that itself.
    """
    stored = reads.keys_of(work.connection, work.writer.head, KeyRole.ADMIN)
    # What this transaction added or revoked is newer than what the table says.
    keys = {(key.vkey.name, key.vkey.key_id): key for key in stored} | work.books.keys
    return signers_among(bank, (key for key in keys.values() if key != without), work.books.quorum)


def signers_among(bank: Bank, keys: Iterable[Key], quorum: int) -> tuple[Signer, ...]:
    """As many admins as the quorum, of those of these keys that are valid and held here, the newest first."""
    held = [key for key in keys if key.role is KeyRole.ADMIN and key.until is None and bank.keyring.holds(key.vkey)]
    held.sort(key=lambda key: (-key.since, key.vkey.name))
    if len(held) < quorum:
        raise Refused(Code.SIGNER_MISSING, needed=quorum)
    return tuple(bank.log_signer(key) for key in held[:quorum])


def _publish(bank: Bank, work: Work, admins: tuple[Signer, ...], document: str, from_day: str) -> None:
    sha256 = policies.digest(document)
    if work.people.get(directory.Document, sha256) is None:
        work.people.add(directory.Document(sha256=sha256, text=document))
    version = work.books.policies[-1].version + 1 if work.books.policies else 1
    body: dict[str, object] = {"version": version, "from": from_day, "sha256": sha256}
    work.append(_signed(work, admins, "policy", bank.uuid(), body))


def _signed(work: Work, admins: tuple[Signer, ...], kind: str, entry: str, body: dict[str, object]) -> SignedIntent:
    by = admins[0].name
    return sign(Intent(ledger=work.origin, id=entry, kind=kind, at=work.now, by=by, body=body), *admins)


def publish_policy(bank: Bank, actor: Actor | None, community: str, document: str, from_day: str) -> None:
    """Post the next version of the policy, in force from a day that is not over. Signed by two admins."""
    require(actor, Right.MANAGE_KEYS, community)
    policies.parse(document)
    with bank.work(bank.origin(community)) as work:
        _publish(bank, work, admins_of(bank, work), document, from_day)


def places() -> list[dict[str, str]]:
    """The administrative list of Zunyi: code, community, town, county."""
    with _PLACES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everyone(bank: Bank) -> list[directory.communities.Place]:
    """All communities of this service, by code. Public: names on a map."""
    with bank.glance() as view:
        return directory.communities.everyone(view.connection)


def one(bank: Bank, code: str) -> directory.communities.Place:
    """The community with this code; Refused when there is none here. Public, as `everyone`."""
    with bank.glance() as view:
        return view.community(code)
