"""The keys of another ledger as it has told them: which may still sign, and which were revoked.

Pure. A receipt proves that a key was added; that it was not revoked since, no proof shows. So whoever reads keeps, with
the newest head, the keys that stood at it, and each message tells what has changed since. A key that was registered
before that head and did not stand at it counts only where its revocation is shown, and for entries before that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from timebank.ledger import Code, KeyRole, Record, Refused, Untrusted, Vkey, admit, check_form

# The keys that are told of without being asked. Of devices and members there may be thousands: theirs come with the
# entries that they signed.
STAFF = (KeyRole.LOG, KeyRole.SYSTEM, KeyRole.STATION, KeyRole.LEAD, KeyRole.ADMIN)


@dataclass(frozen=True, slots=True)
class Standing:
    """A key of another ledger. `since` and `until` are the numbers of the records that registered and revoked it."""

    vkey: Vkey
    role: KeyRole
    since: int
    until: int | None = None


def to_text(keys: Iterable[Standing]) -> str:
    """A line for each key that stands, as they are kept with a head."""
    return "".join(f"{key.role} {key.since} {key.vkey}\n" for key in keys)


def of_text(text: str) -> tuple[Standing, ...]:
    """As `to_text` wrote them."""
    parts = (line.split(" ") for line in text.splitlines())
    return tuple(Standing(Vkey.parse(vkey), KeyRole(role), int(since)) for role, since, vkey in parts)


@dataclass(slots=True)
class Keys:
    """What is known of a ledger's keys: what `stood` at the head of `size` records that was seen last, and what the
    entries of a message show beside it."""

    stood: tuple[Standing, ...]
    size: int
    _quorum: int = 2
    _shown: dict[tuple[str, bytes], Standing] = field(default_factory=dict)
    _until: dict[str, int] = field(default_factory=dict)

    def learn(self, records: Iterable[Record]) -> None:
        """Take the entries that a message shows, genesis among them. Declined where one does not read, or where a
        revocation is not signed by those who may; a key that they did not sign is not known."""
        ordered = sorted(records, key=lambda record: record.seq)
        for record in ordered:
            check_form(record.intent)
        shown = [record for record in ordered if record.intent.kind == "key"]
        ends = {record.intent.body["vkey"]: record for record in shown if record.intent.body["action"] == "revoke"}
        self._until = {vkey: record.seq for vkey, record in ends.items()}
        self._found(ordered[0])
        for record in shown:
            is_signed = self._is_signed(record)
            if record.intent.body["action"] == "add" and is_signed:
                body = record.intent.body
                self._show(Standing(Vkey.parse(body["vkey"]), KeyRole(body["role"]), record.seq))
            elif not is_signed and record.intent.body["action"] == "revoke":
                raise Untrusted(Code.SIGNER_MISSING, needed=f"{self._quorum} admins")

    def _found(self, genesis: Record) -> None:
        body = genesis.intent.body
        self._quorum = int(body["quorum"])
        self._show(Standing(Vkey.parse(body["log"]), KeyRole.LOG, 0))
        self._show(Standing(Vkey.parse(body["system"]), KeyRole.SYSTEM, 0))
        for admin in body["admins"]:
            self._show(Standing(Vkey.parse(admin), KeyRole.ADMIN, 0))

    def _show(self, key: Standing) -> None:
        self._shown[key.vkey.name, key.vkey.key_id] = replace(key, until=self._until.get(str(key.vkey)))

    def _is_signed(self, record: Record) -> bool:
        signed = self.signers(record)
        if record.intent.body["role"] == KeyRole.DEVICE:
            return [key.role for key in signed] == [KeyRole.LEAD, KeyRole.ADMIN]
        return all(key.role is KeyRole.ADMIN for key in signed) and len({key.vkey for key in signed}) >= self._quorum

    def signers(self, record: Record) -> list[Standing]:
        """Whose signatures a record has, each good and by a key that was valid there.

        Untrusted for one that is unknown or does not verify, Refused for one that was revoked.
        """
        known = {place: key.vkey for place, key in self._shown.items()}
        signed = admit(record.note, lambda name, key_id: known.get((name, key_id)))
        found = [self._shown[vkey.name, vkey.key_id] for vkey in signed.vkeys]
        for key in found:
            if record.seq and key.since >= record.seq:
                raise Untrusted(Code.KEY_UNKNOWN, key=key.vkey.name)
            # An entry of a revoked device may be handed in later, with a lead's line: the ledger judged that.
            if key.role is not KeyRole.DEVICE and not self._is_valid(key, record.seq):
                raise Refused(Code.KEY_REVOKED, key=key.vkey.name)
        return found

    def _is_valid(self, key: Standing, number: int) -> bool:
        if key.until is None:
            return self._may_stand(key)
        # What did not stand at the head was revoked before it: nobody revokes it anew, to have it valid until then.
        return number <= key.until and (key.until < self.size or self._may_stand(key))

    def _may_stand(self, key: Standing) -> bool:
        """Whether a key stood at the head that was seen, or could not have been told of with it."""
        is_older = key.since < self.size and key.role in STAFF
        return not is_older or replace(key, until=None) in self.stood

    def log(self) -> Vkey | None:
        """The key that signs heads: of those that stand, the one registered last."""
        standing = [key for key in self.standing() if key.role is KeyRole.LOG]
        return max(standing, key=lambda key: key.since).vkey if standing else None

    def standing(self) -> tuple[Standing, ...]:
        """What stands now, to be kept with the new head."""
        known = {key.vkey: replace(key, until=self._until.get(str(key.vkey))) for key in self.stood}
        known |= {key.vkey: key for key in self._shown.values() if self._may_stand(key)}
        staff = (key for key in known.values() if key.role in STAFF and key.until is None)
        return tuple(sorted(staff, key=lambda key: (key.since, str(key.vkey))))
