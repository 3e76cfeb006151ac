"""The rules that a community lives by, in words; and for its admins, what a change would mean."""

from timebank.access import Right
from timebank.policy import Change, PolicyError
from timebank.schemas import rules
from timebank.services import effects, policies, station
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, can, go, page, pages


@pages.get(COMMUNITY + "/policy")
def policy(code: str) -> Answer:
    """Anybody. Each rule of the version in force as a sentence, and the versions before and to come."""
    return _shown(code, Form("layer"))


@pages.post(COMMUNITY + "/policy")
def change_policy(code: str) -> Answer:
    """Admin. Look what a layer would change and would have done last month; then publish it."""
    form = Form("layer")
    changes: list[Change] = []
    outlook = None
    try:
        new, changes = policies.check(bank(), actor(), code, form["layer"])
        outlook = effects.outlook(bank(), actor(), code, new)
        if form.step == "post":
            policies.set_layer(bank(), actor(), code, form["layer"])
            policies.publish(bank(), actor(), code)
            return go("policy", code=code)
    except PolicyError as error:
        form.wrong("layer", str(error))
    told = [(key, _said(key, old), _said(key, value)) for key, old, value in changes]
    return _shown(code, form, changes=told, outlook=outlook)


def _said(key: str, value: object) -> str:
    return "—" if value is None else rules.sentence(key, value)


def _shown(code: str, form: Form, **more: object) -> Answer:
    found = policies.versions(bank(), code)
    today = station.today(bank(), code)
    now = [one for one in found if one.from_day <= today][-1:] or found[:1]
    shown: dict[str, object] = {
        "versions": found,
        "now": now[0],
        "words": rules.in_words(now[0].policy),
        "may_change": can(Right.PUBLISH_POLICY, code),
        "form": form,
        "changes": None,
        "outlook": None,
    }
    return page("policy.html", form.status, **shown | more)
