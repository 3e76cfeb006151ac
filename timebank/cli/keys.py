"""Commands about signing keys."""

import click

from timebank.access import OPERATOR
from timebank.ledger import KeyRole
from timebank.services import keys as signing_keys

from .answer import Answer, opened_bank


@click.group()
def keys() -> None:
    """The signing keys that this service holds."""


@keys.command("list")
@click.pass_obj
def keys_list(answer: Answer) -> None:
    """Name every key and its public part (a vkey line); never a private one."""
    with opened_bank(answer) as bank:
        vkeys = [str(bank.keyring.signer(name).vkey) for name in bank.keyring.names()]
        answer.say("\n".join(vkeys), keys=vkeys)


@keys.command("fingerprint")
@click.argument("code")
@click.pass_obj
def keys_fingerprint(answer: Answer, code: str) -> None:
    """The key that signs community CODE's heads, and its fingerprint for the notice board."""
    with opened_bank(answer) as bank:
        vkey = bank.keyring.signer(bank.origin(code)).vkey
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


COMMANDS = (keys,)
