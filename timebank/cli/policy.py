"""Commands about the rules of a community: read them, check a change, publish it."""

from pathlib import Path
from typing import Any

import click

from timebank import policy as policies
from timebank.access import OPERATOR
from timebank.policy import PolicyError
from timebank.schemas import rules
from timebank.schemas.words import reading
from timebank.services import effects
from timebank.services import policies as published

from .answer import FAULT, USAGE, Answer, opened_bank, progress_bar

_LAYER = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def policy() -> None:
    """The rules of communities. A FILE is a layer: it holds only what differs from the layer above (see docs)."""


@policy.command()
@click.argument("code")
@click.option("--version", "number", type=click.IntRange(1), help="An earlier version; the newest without it.")
@click.option("--words", type=click.Choice(["zh", "en"]), help="Each rule as a sentence instead of the document.")
@click.pass_obj
def show(answer: Answer, code: str, number: int | None, words: str | None) -> None:
    """Print the policy of community CODE: the document whose SHA-256 its ledger names."""
    with opened_bank(answer) as bank:
        found = published.versions(bank, code)
    if number is not None and number > len(found):
        answer.fail(USAGE, f"{code} has {len(found)} versions.")
    one = found[-1 if number is None else number - 1]
    head = f"# Version {one.version} of {code}, in force from {one.from_day}; SHA-256 {one.sha256}\n"
    told = one.text
    if words is not None:
        with reading(words):
            told = "\n".join(sentence for _, sentence in rules.in_words(one.policy)) + "\n"
    shown = {"version": one.version, "from": one.from_day, "sha256": one.sha256, "document": one.text}
    answer.say(head + told, code=code, **shown)


@policy.command()
@click.argument("file", type=_LAYER)
@click.pass_obj
def check(answer: Answer, file: Path) -> None:
    """Say whether FILE is a layer of a policy, and what it sets. Exit code 1 when it is not."""
    try:
        whole = policies.parse(policies.resolve(published.default(), file.read_text(encoding="utf-8")))
    except PolicyError as error:
        answer.fail(FAULT, str(error))
    changed = policies.changes(policies.parse(published.default()), whole)
    missing = [] if whole.adopted else ["It cites no meeting ([adopted]): a real community's policy does."]
    words = [_change(*one) for one in changed] or ["It sets nothing otherwise than the default."]
    answer.say("\n".join([*words, *missing]), changes=_as_facts(changed), warnings=missing)


@policy.command()
@click.argument("code")
@click.argument("file", type=_LAYER)
@click.pass_obj
def diff(answer: Answer, code: str, file: Path) -> None:
    """Say what FILE as the layer of community CODE would change, and what that would have done last month."""
    with opened_bank(answer) as bank:
        try:
            new, changed = published.check(bank, OPERATOR, code, file.read_text(encoding="utf-8"))
        except PolicyError as error:
            answer.fail(FAULT, str(error))
        outlook = effects.outlook(bank, OPERATOR, code, new)
    words = [_change(*one) for one in changed] or ["Nothing would change."]
    words.append(f"Of the {outlook.judged} entries from {outlook.first_day} to {outlook.last_day}:")
    for effect in outlook.effects:
        minutes = f", {effect.minutes:+} minutes of credit" if effect.minutes else ""
        words.append(f"  {effect.rule}: {effect.count}{minutes} (the first: {', '.join(effect.entries[:3])})")
    if not outlook.effects:
        words.append("  none would have been judged otherwise.")
    told = {effect.rule: {"count": effect.count, "minutes": effect.minutes} for effect in outlook.effects}
    answer.say("\n".join(words), changes=_as_facts(changed), effects=told)


@policy.command()
@click.argument("scope")
@click.argument("file", type=_LAYER, required=False)
@click.option("--profile", help="The layer of a known programme instead of FILE (config/policies).")
@click.option("--from", "from_day", help="The first day, YYYY-MM-DD; from today on without it.")
@click.pass_obj
def publish(answer: Answer, scope: str, file: Path | None, profile: str | None, from_day: str | None) -> None:
    """Make FILE the layer of SCOPE (a community's code, a county's name, or `all`) and post what comes of it in every
    community that it reaches. Without FILE the layers stay. Safe to repeat: who has these rules already is left alone.
    """
    scope = published.CITY if scope == "all" else scope
    if profile is not None and (file is not None or profile not in published.profiles()):
        answer.fail(USAGE, f"Give FILE, or --profile with one of: {', '.join(published.profiles())}.")
    layer = file.read_text(encoding="utf-8") if file else published.profiles()[profile] if profile else None
    with opened_bank(answer) as bank:
        reached = published.under(bank, scope)
        if not reached:
            answer.fail(USAGE, f"There is no community here in “{scope}”.")
        posted = {}
        try:
            if layer is not None:
                published.set_layer(bank, OPERATOR, scope, layer)
            with progress_bar("publishing", len(reached)) as advance:
                for code in reached:
                    record = published.publish(bank, OPERATOR, code, from_day)
                    if record is not None:
                        posted[code] = record.intent.body["version"]
                    advance(1)
        except PolicyError as error:
            answer.fail(FAULT, str(error), published=posted)
    answer.say(f"Published in {len(posted)} of {len(reached)} communities.", published=posted, reached=len(reached))


def _change(key: str, old: Any, new: Any) -> str:
    return f"{key}: {_shown(old)} -> {_shown(new)}"


def _shown(value: Any) -> str:
    return "(none)" if value is None else str(value)


def _as_facts(changed: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    return {key: {"old": old, "new": new} for key, old, new in changed}


COMMANDS = (policy,)
