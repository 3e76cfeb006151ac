"""Find the people of a form: by whatever was typed, one or several; complete without a script."""

import re
from dataclasses import dataclass, field

from timebank.access import Denied
from timebank.ledger import Refused
from timebank.schemas import refusals
from timebank.schemas.words import gettext as _
from timebank.services import members
from timebank.visitor import actor, bank

from .forms import Form

_SEPARATORS = re.compile(r"[、，,;；\n]+")
_MOST_OFFERED = 8


@dataclass(slots=True)
class Picker:
    """Who was chosen, who else fits what was typed, and what is still to be found."""

    name: str
    many: bool
    role: str
    typed: str = ""
    chosen: list[members.Known] = field(default_factory=list)
    just_found: bool = False  # by what was typed with this form, and not chosen before
    offered: list[members.Known] = field(default_factory=list)


def pick(form: Form, code: str, name: str, *, many: bool = False, role: str = "") -> Picker:
    """The people of the field `name`: ids that were ticked, and what `name_q` finds.

    One who fits is chosen; of several the page offers all. The form then holds the ids of the chosen.
    """
    picker = Picker(name=name, many=many, role=role)
    typed = form[f"{name}_q"].strip()
    # Whoever was ticked before something new was typed stays only where several may stay.
    ticked = form.all(name) if many or not typed or typed == form[f"{name}_seen"] else []
    for person_id in filter(None, dict.fromkeys(ticked)):
        _add(picker, form, code, person_id)
    if typed and not (picker.chosen and typed == form[f"{name}_seen"]):
        for text in filter(None, map(str.strip, _SEPARATORS.split(typed) if many else [typed])):
            _find(picker, form, code, text)
    form.typed.setlist(name, [person.id for person in picker.chosen])
    form.typed[f"{name}_q"] = picker.typed
    return picker


def _add(picker: Picker, form: Form, code: str, person_id: str) -> None:
    try:
        known = members.person(bank(), actor(), person_id)
    except (Refused, Denied):
        known = None
    if known is None or known.community != code:
        form.wrong(picker.name, str(_("Please choose a person from the list.")))
    elif known.id not in [person.id for person in picker.chosen]:
        picker.chosen.append(known)


def _find(picker: Picker, form: Form, code: str, text: str) -> None:
    try:
        found = members.search(bank(), actor(), code, text, limit=_MOST_OFFERED)
    except Refused as error:
        picker.typed = text
        form.wrong(picker.name, refusals.sentence(error.code, error.facts))
        return
    if picker.role == "volunteer":
        found = [person for person in found if person.is_volunteer]
    elif picker.role == "elder":
        found = [person for person in found if person.is_elder] or found
    if len(found) == 1:
        _add(picker, form, code, found[0].id)
        picker.just_found = True
        return
    picker.typed = f"{picker.typed}、{text}" if picker.typed else text
    picker.offered += [person for person in found if person not in picker.offered + picker.chosen]
    if found:
        form.wrong(picker.name, str(_("Several people fit “%(text)s”. Choose one of them.", text=text)))
    else:
        form.wrong(
            picker.name, str(_("Nobody here fits “%(text)s”. Type part of the name, or the card number.", text=text))
        )
