"""Commands about signing keys."""

from pathlib import Path
from typing import Any

import click

from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import KeyRole
from timebank.services import keys as signing_keys
from timebank.services import logins

from .answer import Answer, opened_bank


@click.group()
def keys() -> None:
    """The signing keys of ledgers, and those that this service holds."""


@keys.command("list")
@click.argument("code", required=False)
@click.pass_obj
def keys_list(answer: Answer, code: str | None) -> None:
    """Show every key that community CODE registered, and whether it is held here; without CODE name those held.

    Public parts only (vkey lines); never a private one.
    """
    with opened_bank(answer) as bank:
        if code is not None:
            _list_registered(answer, bank, code)
            return
        vkeys = [str(bank.keyring.signer(name).vkey) for name in bank.keyring.names()]
        answer.say("\n".join(vkeys), keys=vkeys)


def _list_registered(answer: Answer, bank: Bank, code: str) -> None:
    rows = [_row(one) for one in signing_keys.registered(bank, OPERATOR, code)]
    said = [
        f"{row['role']:8} since {row['since']}, until {_or_dash(row['until'])}, in doubt from"
        f" {_or_dash(row['compromised_from'])}, {'held' if row['held'] else 'not held'} here: {row['vkey']}"
        for row in rows
    ]
    answer.say("\n".join(said), code=code, keys=rows)


def _row(one: signing_keys.Registered) -> dict[str, Any]:
    key = one.key
    return {
        "vkey": str(key.vkey),
        "role": key.role.value,
        "since": key.since,
        "until": key.until,
        "compromised_from": key.compromised_from,
        "held": one.is_held,
    }


def _or_dash(value: object) -> str:
    return "–" if value is None else str(value)


@keys.command("fingerprint")
@click.argument("code")
@click.pass_obj
def keys_fingerprint(answer: Answer, code: str) -> None:
    """The key that signs community CODE's heads, and its fingerprint for the notice board."""
    with opened_bank(answer) as bank:
        found = signing_keys.registered(bank, OPERATOR, code)
        vkey = [one.key.vkey for one in found if one.key.role is KeyRole.LOG][-1]
        answer.say(f"{vkey}\n{vkey.fingerprint}", log_key=str(vkey), fingerprint=vkey.fingerprint)


@keys.command("register")
@click.argument("code")
@click.argument("vkey")
@click.argument("role", type=click.Choice(["station", "lead", "device"]))
@click.pass_obj
def keys_register(answer: Answer, code: str, vkey: str, role: str) -> None:
    """Register the public key VKEY of a station's own program, a lead or a device in community CODE."""
    with opened_bank(answer) as bank:
        posted = signing_keys.register(bank, OPERATOR, code, vkey, KeyRole(role))
        answer.say(f"Registered for {role} in record {posted.record.seq}.", code=code, seq=posted.record.seq)


@keys.command("rotate")
@click.argument("code")
@click.argument("role", type=click.Choice([role.value for role in signing_keys.ROTATED]))
@click.pass_obj
def keys_rotate(answer: Answer, code: str, role: str) -> None:
    """Make a fresh key of this ROLE for community CODE and revoke the one it replaces.

    Of the admins the oldest is replaced: run it once for each. Copy the keyring afterwards: it holds the new key.
    """
    with opened_bank(answer) as bank:
        posted = signing_keys.rotate(bank, OPERATOR, code, KeyRole(role))
        vkey = str(posted.record.intent.body["vkey"])
        revoked = [str(record.intent.body["vkey"]) for record in posted.followed]
        words = f"From record {posted.record.seq + 1} on {vkey} signs as {role}."
        words += "".join(f"\nRevoked: {old}" for old in revoked) + "\nNow copy the keyring to its safe place."
        answer.say(words, code=code, role=role, seq=posted.record.seq, vkey=vkey, revoked=revoked)


@keys.command("revoke")
@click.argument("code")
@click.argument("name_or_vkey")
@click.option("--compromised-from", type=click.IntRange(0), help="The first record whose signature is in doubt.")
@click.pass_obj
def keys_revoke(answer: Answer, code: str, name_or_vkey: str, compromised_from: int | None) -> None:
    """End a key in community CODE: from the next record on nothing that it signs is taken.

    What it signed before stays valid and in the books. --compromised-from says since when somebody else may have had
    it: these records are counted here and in every verification, and `timebank keys doubtful` lists them.
    """
    with opened_bank(answer) as bank:
        done = signing_keys.revoke(bank, OPERATOR, code, name_or_vkey, compromised_from)
        words = (
            f"{done.key.vkey.name} is revoked in record {done.posted.record.seq}: nothing it signs is taken any more."
        )
        if compromised_from is not None:
            words += (
                f" {done.in_doubt} signatures from record {compromised_from} on are in doubt; they stay valid until the"
                f" lead undoes what is wrong. See them with: timebank keys doubtful {code}"
            )
        seq = done.posted.record.seq
        answer.say(words, code=code, key=str(done.key.vkey), seq=seq, in_doubt=done.in_doubt)


@keys.command("doubtful")
@click.argument("code")
@click.pass_obj
def keys_doubtful(answer: Answer, code: str) -> None:
    """List the records of community CODE signed by a key from the record on from which it was reported as compromised.

    The lead looks at them one by one and has the wrong ones reversed.
    """
    with opened_bank(answer) as bank:
        found = signing_keys.doubtful(bank, OPERATOR, code)
        said = [f"{one.seq} {one.day} {one.kind} {one.minutes} min {one.id} ({one.key})" for one in found]
        rows = [{name: getattr(one, name) for name in ("seq", "id", "kind", "day", "minutes", "key")} for one in found]
        answer.say("\n".join(said) or "No record is in doubt.", code=code, records=rows)


@keys.command("readmit")
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lead", required=True, help="The login of the lead who vouches for it.")
@click.option("--password", prompt="The lead's password", hide_input=True)
@click.pass_obj
def keys_readmit(answer: Answer, code: str, file: Path, lead: str, password: str) -> None:
    """Enter the note in FILE, which a device of community CODE signed before its key was revoked.

    The lead has looked at it, says so with a password, and the lead's key held here signs under the device's line.
    """
    with opened_bank(answer) as bank:
        token = logins.log_in(bank, logins.LogIn(name=lead, secret=password, address="operator"))
        who = logins.by_session(bank, token)
        try:
            posted = signing_keys.readmit(bank, who.actor if who else None, code, file.read_bytes())
        finally:
            logins.log_out(bank, token)
        words = f"Readmitted as record {posted.record.seq}." if not posted.repeated else "It was there before."
        answer.say(words, code=code, seq=posted.record.seq, id=posted.record.id, repeated=posted.repeated)


COMMANDS = (keys,)
