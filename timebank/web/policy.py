"""The rules that a community lives by, in words; and for its admins, what a change would mean."""

from timebank.access import Right
from timebank.policy import Change, PolicyError
from timebank.schemas import rules
from timebank.schemas.refusals import N_
from timebank.services import effects, policies, station
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, can, go, page, pages


@pages.get(COMMUNITY + "/policy")
def policy(code: str) -> Answer:
    """Anybody. Each rule of the version in force as a sentence, and the versions before and to come."""
    return _shown(code, Form("layer"))


# What the promise answers, and by which rules.
_PROMISE = (
    (N_("When can I use my hours?"), ("redeeming.minimum_age", "redeeming.hardship_age", "expiry.months")),
    (
        N_("For whom?"),
        ("relations.circle", "relations.friends", "relations.check_one_in", "giving.gifts", "giving.donations"),
    ),
    (
        N_("And whoever has no hours?"),
        ("quota.monthly_minutes", "quota.payers", "quota.trial_minutes", "quota.trial_days"),
    ),
    (N_("What if nobody can come?"), ("orders.grace_minutes", "orders.answer_minutes", "orders.pair")),
    (N_("What becomes of them later?"), ("caps.held_minutes", "estate.rule", "estate.days")),
)


@pages.get(COMMUNITY + "/promise")
def promise(code: str) -> Answer:
    """Anybody. When hours can be used and for whom, by the rules in force, and who honours it."""
    now = _in_force(code, policies.versions(bank(), code))
    said = dict(rules.in_words(now.policy))
    quota = now.policy.quota
    # What only says more about a rule is left out with it.
    for key, is_on in (("quota.payers", quota.monthly_minutes), ("quota.trial_days", quota.trial_minutes)):
        if not is_on:
            del said[key]
    answers = [(title, [said[key] for key in keys if key in said]) for title, keys in _PROMISE]
    return page("promise.html", now=now, answers=answers)


def _in_force(code: str, versions: list[policies.Version]) -> policies.Version:
    """The version of today; where the first is still to come, that one."""
    today = station.today(bank(), code)
    return ([one for one in versions if one.from_day <= today][-1:] or versions[:1])[0]


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
    now = _in_force(code, found)
    shown: dict[str, object] = {
        "versions": found,
        "now": now,
        "words": rules.in_words(now.policy),
        "may_change": can(Right.PUBLISH_POLICY, code),
        "form": form,
        "changes": None,
        "outlook": None,
    }
    return page("policy.html", form.status, **shown | more)
