"""Each rule of a policy as a sentence that a station lead can read out."""

from collections.abc import Callable, Mapping
from typing import Any

from timebank.policy import Policy, rules_of

from .refusals import N_
from .words import day_in_words, duration, gettext, is_chinese, service_name

Words = Mapping[Any, str]

_UNITS: Words = {"hours": N_("hours and minutes"), "coins": N_("coins, one for an hour"), "minutes": N_("minutes")}
_ROUNDINGS: Words = {"floor": N_("rounded down"), "nearest": N_("rounded to the nearest"), "none": N_("not rounded")}
_MINORS: Words = {
    "never": N_("Nobody younger earns."),
    "guardian-or-group": N_("Younger people earn with a guardian's consent, or in a group."),
}
_ELSEWHERE: Words = {
    "none": N_("Hours count in this community only."),
    "both": N_("Hours can be earned and used in other communities too."),
    "deposit": N_("Hours earned elsewhere are taken in; those from here are not used elsewhere."),
    "redeem": N_("Hours from here can be used elsewhere; those earned elsewhere are not taken in."),
}
_LONGER: Words = {
    "refuse": N_("A service counts for no longer than was held; the clerk records the rest as a visit."),
    "pay-held": N_("A service longer than was held pays what was held; all its minutes count as served."),
}
_PAIRS: Words = {
    "recorded": N_("When two go together, the second one's hours count as served and are not credited."),
    "credited": N_("When two go together, the community credits the second one too; the elder pays once."),
}
_ESTATES: Words = {
    "spouse": N_("What somebody leaves behind can go to her or his spouse, or to the public fund."),
    "heirs": N_("What somebody leaves behind can go to the nearest relatives, or to the public fund."),
    "fund": N_("What somebody leaves behind goes to the public fund."),
}
_QUEUES: Words = {
    "community": N_("What waits for a second person, another one of the station decides."),
    "town": N_("What waits for a second person, the town decides."),
}
RELATIONS: Words = {
    "spouse": N_("spouse"),
    "parent": N_("parents"),
    "parent_in_law": N_("parents-in-law"),
    "grandparent": N_("grandparents"),
    "child": N_("children"),
    "grandchild": N_("grandchildren"),
}
PRIORITIES: Words = {
    "key-elder": N_("key elders"),
    "disabled": N_("people with a disability"),
    "minor-in-hardship": N_("minors in hardship"),
    "low-income": N_("people on the minimum allowance"),
    "veteran-family": N_("families of soldiers and veterans"),
    "hardship": N_("people in hardship"),
}
_POOLS: Words = {"fund": N_("the public fund"), "issue": N_("the community")}
_YES_NO: dict[str, tuple[str, str]] = {
    "earning.training_required": (
        N_("A volunteer is trained before the first visit."),
        N_("A volunteer may begin without a training, where the service asks for none."),
    ),
    "relations.friends": (N_("Also for friends."), N_("Not for friends.")),
    "giving.gifts": (N_("Hours can be given to another member."), N_("Hours cannot be given to another member.")),
    "giving.donations": (N_("Hours can be donated to the public fund."), N_("Hours cannot be donated.")),
    "orders.review": (
        N_("The station looks at each request before it hangs on the board."),
        N_("A request hangs on the board at once."),
    ),
}
# A sentence with one value, and how to say the value. Where nothing is said of 0 there is a sentence of its own.
_SENTENCES: dict[str, str] = {
    "name_zh": N_("Name in Chinese: %(value)s"),
    "name_en": N_("Name in English: %(value)s"),
    "adopted.meeting": N_("Decided by the residents' meeting of %(value)s."),
    "adopted.present": N_("%(value)s people were present."),
    "adopted.minutes_sha256": N_("SHA-256 of the minutes: %(value)s"),
    "adopted.published_from": N_("Made public on %(value)s,"),
    "adopted.published_until": N_("until %(value)s."),
    "station.telephone": N_("Whoever needs help calls the station: %(value)s."),
    "shown.unit": N_("Members read their time in %(value)s."),
    "credit.rounding": N_("The minutes of one day are added up and %(value)s."),
    "credit.step_minutes": N_("The step is %(value)s."),
    "credit.minimum_minutes": N_("A day with less than %(value)s is recorded and earns nothing yet."),
    "caps.day_minutes": N_("At most %(value)s are credited for one day; the rest goes to the public fund."),
    "caps.held_minutes": N_("One person has at most %(value)s; what is earned beyond goes to the public fund."),
    "earning.minimum_age": N_("One earns from the age of %(value)s."),
    "earning.minors": "%(value)s",
    "redeeming.minimum_age": N_("One uses hours from the age of %(value)s,"),
    "redeeming.hardship_age": N_("in proved hardship from the age of %(value)s."),
    "redeeming.elsewhere": "%(value)s",
    "relations.circle": N_("Hours can be used for, and given to, the owner's %(value)s."),
    "relations.check_one_in": N_("Of %(value)s relations that were only declared, one is checked."),
    "quota.monthly_minutes": N_("Services for these people are paid for them each month: %(value)s."),
    "quota.payers": N_("This is paid by %(value)s, in this order."),
    "quota.trial_minutes": N_("A new member has %(value)s to try the bank,"),
    "quota.trial_days": N_("in the first %(value)s days."),
    "expiry.months": N_("Hours that were not used for %(value)s months go to the public fund."),
    "estate.rule": "%(value)s",
    "estate.days": N_("Relatives have %(value)s days after the death was noted; then it goes to the public fund."),
    "orders.longer": "%(value)s",
    "orders.grace_minutes": N_("An order that nobody took is closed %(value)s after its beginning; the hours go back."),
    "orders.answer_minutes": N_("When nobody opens the door, station and family are called for %(value)s."),
    "orders.pair": "%(value)s",
    "confirmation.auto_after_days": N_("After %(value)s days a service counts as confirmed, for people with a phone."),
    "confirmation.callbacks_percent": N_("At least %(value)s%% of a month's services are asked about by telephone."),
    "second_person.visit_minutes": N_("A second person looks at visits of more than %(value)s."),
    "second_person.late_days": N_("A second person looks at what is entered more than %(value)s days late."),
    "second_person.queue": "%(value)s",
    "certificate.publication_days": N_("A certificate of service hangs out for %(value)s days before it is issued."),
    "honours.hours": N_("Who wishes so is named on the honour board from %(value)s hours served in all."),
    "catalogue.version": N_("Version %(value)s of the list of services holds."),
    "catalogue.offers": N_("Of the list of services this community offers: %(value)s."),
}  # fmt: skip
_NOTHING: dict[str, str] = {
    "station.telephone": N_("No telephone of the station is noted."),
    "earning.minimum_age": N_("There is no age from which one earns."),
    "redeeming.minimum_age": N_("There is no age from which one uses hours."),
    "redeeming.hardship_age": N_("In hardship there is no age for it."),
    "relations.circle": N_("Hours are for their owner only."),
    "relations.check_one_in": N_("No declared relation is checked."),
    "quota.monthly_minutes": N_("Nobody has a monthly quota."),
    "quota.trial_minutes": N_("New members have no trial hours."),
    "expiry.months": N_("Hours do not expire."),
    "estate.days": N_("There is no last day for it."),
    "confirmation.auto_after_days": N_("No service is confirmed by itself."),
    "confirmation.callbacks_percent": N_("Nobody is called back."),
    "second_person.visit_minutes": N_("No visit is too long for one clerk."),
    "second_person.late_days": N_("No entry is too late for one clerk."),
    "certificate.publication_days": N_("A certificate of service is issued at once."),
    "honours.hours": N_("There is no honour board."),
    "catalogue.offers": N_("Every service of the list can be ordered here."),
}


def _one_of(words: Words) -> Callable[[Any], str]:
    return lambda value: gettext(words[value])


def _all_of(words: Words) -> Callable[[Any], str]:
    return lambda values: ("、" if is_chinese() else ", ").join(gettext(words[value]) for value in values)


def _quotas(values: Mapping[str, int]) -> str:
    said = (f"{gettext(PRIORITIES[name])} {duration(minutes)}" for name, minutes in values.items())
    return ("、" if is_chinese() else ", ").join(said)


_SAID: dict[str, Callable[[Any], str]] = {
    "adopted.meeting": day_in_words,
    "adopted.published_from": day_in_words,
    "adopted.published_until": day_in_words,
    "shown.unit": _one_of(_UNITS),
    "credit.rounding": _one_of(_ROUNDINGS),
    "credit.step_minutes": duration,
    "credit.minimum_minutes": duration,
    "caps.day_minutes": duration,
    "caps.held_minutes": duration,
    "earning.minors": _one_of(_MINORS),
    "redeeming.elsewhere": _one_of(_ELSEWHERE),
    "relations.circle": _all_of(RELATIONS),
    "quota.monthly_minutes": _quotas,
    "quota.payers": _all_of(_POOLS),
    "quota.trial_minutes": duration,
    "estate.rule": _one_of(_ESTATES),
    "orders.longer": _one_of(_LONGER),
    "orders.pair": _one_of(_PAIRS),
    "orders.grace_minutes": duration,
    "orders.answer_minutes": duration,
    "second_person.visit_minutes": duration,
    "second_person.queue": _one_of(_QUEUES),
    "catalogue.offers": lambda codes: ("、" if is_chinese() else ", ").join(map(service_name, codes)),
    "honours.hours": lambda hours: ("、" if is_chinese() else ", ").join(map(str, hours)),
}


def in_words(policy: Policy) -> list[tuple[str, str]]:
    """Every rule of a policy: its key, and the sentence in the reader's language."""
    return [(key, sentence(key, value)) for key, value in rules_of(policy).items()]


def sentence(key: str, value: Any) -> str:
    """What a rule with this value means, in the reader's language."""
    if key in _YES_NO:
        return gettext(_YES_NO[key][not value])
    if not value and key in _NOTHING:
        return gettext(_NOTHING[key])
    return gettext(_SENTENCES[key], value=_SAID.get(key, str)(value))
