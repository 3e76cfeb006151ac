"""Found communities, and list them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import Bank, Posted, Work
from timebank.ledger import Code, Intent, KeyRole, Refused, SignedIntent, Signer, sign

from . import policies
from .admins import QUORUM, admin_signers

_PLACES = Path(__file__).resolve().parents[2] / "config" / "zunyi-communities.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A community of the administrative list (12-digit code). `policy` is its own layer, if it wants one."""

    code: str
    name: str
    town: str
    county: str
    policy: str | None = None


def found(bank: Bank, actor: Actor | None, founding: Founding) -> Posted:
    """Make the community's keys and its ledger: genesis, the station's and the lead's key, the first policy.

    The keys are made and stored before the ledger names them: a crash in between leaves keys that nobody uses, never a
    ledger without keys. Refused when the community exists; PolicyError where its policy is none.
    """
    actor = require(actor, Right.FOUND, founding.code)
    if founding.policy is not None:
        policies.check_layer(founding.policy)
    origin = bank.origin(founding.code)
    with bank.view() as view:
        if directory.communities.one(view.connection, founding.code) is not None:
            raise Refused(Code.COMMUNITY_TAKEN, community=founding.code)
    admins = admin_signers(bank)
    log = Signer.generate(origin, bank.random)
    names = (f"{origin}/{role}-1" for role in ("system", "station", "lead"))
    system, station, lead = (Signer.generate(name, bank.random) for name in names)
    bank.keyring.add(log, system, station, lead)
    with bank.founding(origin) as work:
        work.people.add(
            directory.Community(
                code=founding.code, origin=origin, name=founding.name, town=founding.town, county=founding.county
            )
        )
        if founding.policy is not None:
            directory.layers.put(work.people, founding.code, founding.policy, by=actor.login, at=work.now)
        work.flush()
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
        document = policies.resolved(work, work.community(founding.code))
        policies.post(bank, work, admins, document, work.books.day_of(work.now))
    return bank.posted(work, genesis, [])


def _signed(work: Work, admins: tuple[Signer, ...], kind: str, entry: str, body: dict[str, object]) -> SignedIntent:
    by = admins[0].name
    return sign(Intent(ledger=work.origin, id=entry, kind=kind, at=work.now, by=by, body=body), *admins)


def places() -> list[dict[str, str]]:
    """The administrative list of Zunyi: code, community, town, county."""
    with _PLACES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def worked_in(bank: Bank, places: Iterable[str]) -> list[directory.communities.Place]:
    """The communities that a grant for one of these places covers, by code: for who has to choose one."""
    with bank.glance() as view:
        found = {
            one.code: one
            for where in places
            for one in (
                directory.communities.everyone(view.connection)
                if where == EVERYWHERE
                else directory.communities.under(view.connection, where)
            )
        }
    return [found[code] for code in sorted(found)]


def everyone(bank: Bank) -> list[directory.communities.Place]:
    """All communities of this service, by code. Public: names on a map."""
    with bank.glance() as view:
        return directory.communities.everyone(view.connection)


def one(bank: Bank, code: str) -> directory.communities.Place:
    """The community with this code; Refused when there is none here. Public, as `everyone`."""
    with bank.glance() as view:
        return view.community(code)
