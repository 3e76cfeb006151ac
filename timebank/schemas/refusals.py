"""For each way to be declined: the HTTP status, and a sentence that says what to do."""

from collections.abc import Mapping
from typing import Any

from timebank.ledger import Code

from .words import amount, day_in_words, duration, gettext, month_in_words, service_name


def N_(sentence: str) -> str:
    """Marks a sentence for translation; it is translated when it is said."""
    return sentence


# What the states of an order are called.
STATES: Mapping[str, str] = {
    "requested": N_("The station has to look at it"),
    "disputed": N_("Doubted: the lead decides"),
    "unanswered": N_("Nobody opened: call station and family"),
    "served": N_("Served; the elder confirms"),
    "open": N_("Nobody has taken it yet"),
    "accepted": N_("Somebody will come"),
    "underway": N_("The volunteer is there"),
    "confirmed": N_("Confirmed and recorded"),
    "released": N_("Not given; the hours went back"),
}

# Why another community did not take hours.
NOT_TAKEN: Mapping[str, str] = {
    "late": N_("It came too late"),
    "not-taken-in": N_("That community takes no hours in"),
    "payee-unknown": N_("The person is not known there any more"),
    "payee-not-active": N_("The person cannot be given hours at the moment"),
    "over-cap": N_("The person would have more than she may have"),
    "over-limit": N_("More than the two communities may owe one another"),
}

SENTENCES: Mapping[Code, tuple[int, str]] = {
    Code.BODY_TOO_LARGE: (413, N_("This is too large. Send it in smaller parts.")),
    Code.NOT_UTF8: (400, N_("The bytes are not UTF-8. Save or send the text as UTF-8.")),
    Code.NOTE_FORM: (400, N_("This is not a signed note as FORMAT.md describes it. Sign and send the entry again.")),
    Code.NOT_CANONICAL: (400, N_("The entry is not canonical JSON: %(why)s. Encode it as FORMAT.md §1 says.")),
    Code.TOO_DEEP: (400, N_("The entry is nested too deep. No field of any kind needs that.")),
    Code.VERSION_UNKNOWN: (400, N_("This service does not know version %(v)s of entries. Update the service first.")),
    Code.ENVELOPE_FIELD: (400, N_("The field “%(field)s” is missing, unknown or malformed. See FORMAT.md §3.")),
    Code.MINUTES_NOT_INTEGER: (422, N_("Minutes must be a whole number, without a decimal point. Please correct it.")),
    Code.MINUTES_NOT_POSITIVE: (422, N_("Minutes must be 1 or more. Please enter how long the service took.")),
    Code.MINUTES_TOO_MANY: (422, N_("That is too long: at most %(most)s minutes. Please check, or enter it as parts.")),
    Code.KIND_UNKNOWN: (400, N_("There is no kind of entry “%(kind)s”. See the kind table in FORMAT.md.")),
    Code.ID_FORM: (400, N_("The id is not of the form for this kind of entry. Make a new UUID version 7.")),
    Code.BODY_FIELD: (400, N_("The field “%(field)s” is wrong: %(why)s. Please correct it.")),
    Code.MOVES_FORM: (400, N_("These minutes cannot move between these accounts. See the kind table in FORMAT.md.")),
    Code.KEY_UNKNOWN: (401, N_("The key “%(key)s” is not registered here. Ask the station lead to register it.")),
    Code.KEY_UNSOUND: (400, N_("This is not a usable key: %(why)s. Make a new key.")),
    Code.SIGNATURE_BAD: (401, N_("The signature of “%(key)s” does not fit the entry. Sign it again.")),
    Code.LEDGER_UNKNOWN: (404, N_("There is no ledger “%(ledger)s” here. Check the community.")),
    Code.LEDGER_READ_ONLY: (
        503,
        N_("This community's books are read-only until the operator has looked at them. Nothing was recorded; "
           "keep the slip and try again later."),
    ),
    Code.DATABASE_BUSY: (503, N_("The service is busy. Nothing was recorded; please try again in a moment.")),
    Code.DATABASE_UNAVAILABLE: (
        503,
        N_("The database does not answer. Please try again: if it was recorded already, you will get the same receipt."),
    ),
    Code.OUTCOME_UNKNOWN: (
        503,
        N_("The service cannot be sure yet that this is kept, so there is no receipt. Please send the same form again "
           "later: it is never entered twice."),
    ),
    Code.CLOCK_WRONG: (
        503,
        N_("The clock of the service cannot be right, so nothing was recorded. The operator must check the clock and "
           "confirm it."),
    ),
    Code.WRONG_LEDGER: (409, N_("This entry is for another ledger. Send it to “%(ledger)s”.")),
    Code.LEDGER_ENDED: (409, N_("These books are closed. Use the community that took over.")),
    Code.ID_TAKEN: (409, N_("This number was used for something else before. Start again with a new form.")),
    Code.KEY_REVOKED: (403, N_("The key “%(key)s” is no longer valid. Ask the station lead for a new one.")),
    Code.KEY_ROLE: (403, N_("The key “%(key)s” may not do this.")),
    Code.SIGNER_MISSING: (403, N_("A signature is missing: this needs a second person.")),
    Code.KEY_TAKEN: (409, N_("The key “%(key)s” is registered already. Make a new one.")),
    Code.AT_IN_FUTURE: (422, N_("The time of the entry lies in the future. Check the clock of the device.")),
    Code.SEEN_UNKNOWN: (409, N_("The device has seen books that are not ours. The entry is kept as evidence; call the "
                                "operator.")),
    Code.DEVICE_CHAIN: (409, N_("An entry of this device is missing or was sent twice; number %(expected)s comes next.")),
    Code.DAY_IN_FUTURE: (422, N_("The day of service, %(day)s, has not come yet. Please check the date.")),
    Code.NO_POLICY: (422, N_("No rules were in force on %(day)s. Enter a later day; for earlier service ask the lead.")),
    Code.POLICY_ORDER: (409, N_("The next rules are version %(version)s, in force from %(earliest)s or later. Please choose that "
                                  "day or a later one.")),
    Code.ACCOUNT_UNKNOWN: (422, N_("This account does not exist in this community. Choose somebody from the list.")),
    Code.ACCOUNT_CLOSED: (422, N_("This account is closed. Choose another person, or ask the lead.")),
    Code.ACCOUNT_CLASS: (422, N_("An account of this kind cannot earn hours. Choose the volunteer; what a provider gave is entered with its order.")),
    Code.ACCOUNT_TAKEN: (409, N_("This account exists already. Look the person up.")),
    Code.ACCOUNT_NOT_EMPTY: (422, N_("The account still has hours, open orders or a debt. Settle these first.")),
    Code.SAME_PERSON: (422, N_("One person cannot be both: nobody serves, or acts for, themselves. Choose somebody else.")),
    Code.ENTRY_UNKNOWN: (404, N_("There is no such record. Check the number.")),
    Code.HOLD_UNKNOWN: (404, N_("There is no such order. Check the number.")),
    Code.HOLD_FINISHED: (409, N_("This order is finished already: it was used or given back before. Look at what came of it.")),
    Code.HOLD_AMOUNT: (409, N_("Exactly the minutes that were held must be used or given back: %(held)s.")),
    Code.NOT_REVERSIBLE: (422, N_("A record of this kind cannot be corrected this way. Cancel an order that is not finished; else correct "
                                    "the record it belongs to.")),
    Code.ALREADY_REVERSED: (409, N_("This record was corrected already. The correction stands beside it.")),
    Code.MOVES_NOT_OPPOSITE: (409, N_("A correction must undo the record once and whole.")),
    Code.OVERFLOW_AMOUNT: (409, N_("The surplus does not belong to that record.")),
    Code.DEBT_AMOUNT: (409, N_("That is not what is still owed.")),
    Code.OVERDRAFT: (422, N_("Not enough hours: %(available)s available, %(needed)s needed. Enter less, or choose another "
                             "payer.")),
    Code.TOO_MANY_ATTEMPTS: (429, N_("Too many attempts. Please wait %(minutes)s minutes, or ask at the station.")),
    Code.LOGIN_WRONG: (401, N_("Name and password do not fit. Please check both, or ask at the station.")),
    Code.LOGIN_TAKEN: (409, N_("There is a login of this name already. Choose another name.")),
    Code.LOGIN_CLOSED: (409, N_("The log-in of this card was closed with the account. Whoever comes back is registered anew.")),
    Code.PIN_WEAK: (422, N_("Choose six digits that nobody would try first: not in a row, not the same few, no day of birth, nothing of the telephone or card number.")),
    Code.NO_TEXTS: (503, N_("This service sends no text messages. Log in with the card number and the PIN; the station helps.")),
    Code.LOGIN_CODE_WRONG: (401, N_("This code is wrong, or no longer good. Check the last message, or ask for a new code.")),
    Code.BIRTHDAY_WRONG: (401, N_("Month and day of birth do not fit. After five wrong ones ask for a new code, or ask at the station.")),
    Code.BIRTHDAY_UNKNOWN: (422, N_("The station has not noted the day of birth yet. It does so by telephone too; until then log in with the card.")),
    Code.LOGIN_UNKNOWN: (404, N_("There is no open login of this name. Check how it is written; new ones are made by the operator.")),
    Code.COMMUNITY_UNKNOWN: (404, N_("There is no such community here. Check the 12-digit code.")),
    Code.COMMUNITY_TAKEN: (409, N_("This community exists already. Look it up in the list.")),
    Code.PERSON_UNKNOWN: (404, N_("There is no such person in this community. Choose somebody from the list.")),
    Code.PERSON_ROLE: (422, N_("This person is not registered as a volunteer. Choose somebody who is.")),
    Code.CARD_RENEWED: (410, N_("This card was reported lost and is void. Ask for the new card, or look the person up by name.")),
    Code.PERSON_TAKEN: (409, N_("This person is registered already. Look the person up.")),
    Code.SERVICE_UNKNOWN: (422, N_("There is no service “%(service)s” in the list. Choose one from the list.")),
    Code.SERVICE_NOT_OFFERED: (422, N_("%(service)s is not offered in this community. Choose another service; the list of "
                                       "services shows what is offered.")),
    Code.GENDER_NOT_OFFERED: (422, N_("For %(service)s one cannot ask for a woman or a man. Leave it open who comes.")),
    Code.CREDIT_NOT_POLICY: (422, N_("By the policy of that day this is worth %(right)s, not %(credited)s. Sign it again.")),
    Code.OVER_CAP: (422, N_("The receiver may not hold that much: %(over)s too many. Give less, or donate to the fund.")),
    Code.ORDER_UNKNOWN: (404, N_("There is no such order. Look it up in the list of orders.")),
    Code.LONGER_THAN_HELD: (422, N_("It took longer (%(minutes)s) than was held (%(held)s). Enter at most what was held, and "
                                    "record the rest as a visit.")),
    Code.ORDER_STATE: (409, N_("The order has come too far, or not far enough, for this: it is “%(state)s”. Look it up again.")),
    Code.QUOTA_SHORT: (422, N_("The public quota has %(available)s left and %(needed)s would be needed. Use own hours, or "
                               "order less.")),
    Code.OWN_SERVICE: (403, N_("Whoever served cannot confirm it. Ask the elder, a relative or the station.")),
    Code.REASON_MISSING: (422, N_("Say why the elder does not confirm herself.")),
    Code.CODE_WRONG: (422, N_("This is none of the elder's codes, or it was used. Type the next code of her sheet.")),
    Code.SECOND_PERSON: (403, N_("Whoever recorded or asked cannot decide. Ask another person to look at it.")),
    Code.TOWN_DECIDES: (403, N_("By the rules of this community the town decides this. Please tell the town's office.")),
    Code.ALREADY_DECIDED: (409, N_("This was decided already. Look at what was decided.")),
    Code.STATEMENT_TOO_LONG: (422, N_("There are more than %(most)s records between these days. Choose a shorter time.")),
    Code.WAITING_ALREADY: (409, N_("A correction of this record is waiting for a decision already. The lead will decide it.")),
    Code.QUESTION_OPEN: (409, N_("Somebody has asked about this record already. Please wait for the station's answer.")),
    Code.MONTH_NOT_OVER: (422, N_("The month %(month)s is not over yet. Come back when it is.")),
    Code.NOTHING_SERVED: (422, N_("There is no service to certify between these days. Choose other days.")),
    Code.CERTIFICATE_OPEN: (409, N_("A certificate for this person hangs out already. Wait until it is issued.")),
    Code.STILL_PUBLIC: (409, N_("It hangs out until %(day)s, so that anybody can object. Issue it after that.")),
    Code.CERTIFICATE_CHANGED: (409, N_("A record in it was corrected meanwhile. Stop it, and ask for a new one.")),
    Code.CHARACTER_MISSING: (
        422,
        N_("The character “%(character)s” is in no font here, and a box would be no name. Print the page instead, or ask "
           "the operator to install the font Noto Sans CJK."),
    ),
    Code.NOT_READMITTABLE: (422, N_("Only what a device signed before its key was revoked can be let in this way. Send "
                                    "anything else as usual, or record it anew.")),
    Code.NOTHING_LOST: (409, N_("Nothing is missing in these books. Go on with them, or close them for another reason.")),
    Code.PERSON_DECEASED: (422, N_("This person died on %(day)s. Please check the person and the day of service.")),
    Code.PERSON_SUSPENDED: (422, N_("This person is suspended. Choose somebody else, or ask the lead to end it.")),
    Code.AGE_UNKNOWN: (422, N_("The day of birth is not known. Please enter it at the counter, on the person's page, and "
                               "try again.")),
    Code.TOO_YOUNG_TO_EARN: (422, N_("Hours are earned here from the age of %(age)s on. Choose another volunteer.")),
    Code.GUARDIAN_DECIDES: (422, N_("Somebody else decides for this person now, so her card has no PIN. Her guardian confirms for her.")),
    Code.GUARDIAN_MISSING: (422, N_("Under the age of %(age)s a guardian must have agreed. Note the guardian on the "
                                    "person's page, or record it for the group they served in.")),
    Code.TOO_YOUNG_TO_REDEEM: (422, N_("Hours are used here from the age of %(age)s on. In hardship, note its proof on the "
                                       "person's page: the rules may allow it earlier.")),
    Code.TRAINING_MISSING: (422, N_("This needs a training that still counts. Note it on the volunteer's page, or choose "
                                    "another volunteer.")),
    Code.GENDER_ASKED: (422, N_("The person asked for a woman, or for a man, and this is not noted of you. Take another "
                                "order, or ask the station to note it.")),
    Code.BUSY_THEN: (409, N_("The volunteer has taken another order for that time. Choose another volunteer, or take another order.")),
    Code.GRID_MISSING: (422, N_("Your grid is not noted yet. Ask the station to note it, or look at the whole board.")),
    Code.PHOTO_FORM: (422, N_("This is no picture that can be read, or it is too small. Take a JPEG, PNG or WebP with the face in the middle.")),
    Code.PHONE_OF_ELDER: (422, N_("An elder is called back and confirms by her telephone, so the station changes its number. Ask there.")),
    Code.OWN_MATTER: (403, N_("This is about yourself or your family. Ask another person at the station to do it.")),
    Code.PROXY_NOT_FREE: (422, N_("No relative who may confirm is independent of the volunteer. Let the elder confirm by her own hand, or the station with a reason.")),
    Code.OVERLAP: (409, N_("One of these people was at another service at that time. Please check the day, from and to.")),
    Code.GIFTS_OFF: (422, N_("By the rules of this community hours cannot be given away. They can be used for a service.")),
    Code.DONATIONS_OFF: (422, N_("By the rules of this community hours cannot be donated. They can be used for a service.")),
    Code.NOT_IN_CIRCLE: (422, N_("By the rules of this community hours are for close family only. If this is family, have the station note how you are related.")),
    Code.OVER_CONSENT: (422, N_("The consent leaves %(available)s for this month, %(needed)s are needed. Use less, or let "
                                "the elder do it herself.")),
    Code.PAPER_UNKNOWN: (404, N_("There is no such note of a person of this community. Look at the person's page again.")),
    Code.GROUP_UNKNOWN: (404, N_("There is no such group in this community. Choose a group from the list, or register it.")),
    Code.PROVIDER_UNKNOWN: (404, N_("There is no such provider in this community. Choose a provider from the list of people.")),
    Code.NOT_IN_GROUP: (422, N_("This person was no member of the group on %(day)s. Note it on the group's page first.")),
    Code.NO_PAIR: (422, N_("A second one is noted only beside a service that one volunteer gave to somebody, and that stands. Choose another record.")),
    Code.SIGNED_WHEN: (422, N_("The time of this telephone does not fit: before the order was taken, more than twelve hours ago, or to come. Ask the station to enter it.")),
    Code.DOOR_CODE_WRONG: (422, N_("This is not the code that hangs inside her door now. Type it again, or leave it empty.")),
    Code.ACCOUNT_STILL_OPEN: (409, N_("First close the account: two people decide that. Then the data can be erased.")),
    Code.PEER_UNKNOWN: (404, N_("This community is not known here. Choose one from the list.")),
    Code.PEER_FROZEN: (409, N_("Hours cannot go between these two communities for now: their books must be looked at first. "
                               "Ask the station.")),
    Code.PEER_UNREACHABLE: (503, N_("The other community's service does not answer now. Nothing was given; please try again later.")),
    Code.PEER_DECLINED: (409, N_("The other community's service did not do this (%(said)s). Nothing was given; ask the operator.")),
    Code.PEER_KNOWN: (409, N_("There is a link to this ledger already, or it is kept here. Look at “timebank peers list”.")),
    Code.PEER_ADDRESS: (422, N_("The address must be https:// and a host, nothing more; http:// only on this machine itself.")),
    Code.FINGERPRINT_WRONG: (422, N_("The ledger at this address does not have this fingerprint. Call the other community and "
                                     "compare it again, digit by digit; nothing of it is trusted.")),
    Code.REQUEST_UNSIGNED: (401, N_("The request is not signed as docs/federation.md says. Sign it with the key of your ledger.")),
    Code.REQUEST_OLD: (401, N_("The request was signed more than %(minutes)s minutes from now. Set the clocks of both services right.")),
    Code.MESSAGE_FORM: (400, N_("This is not what docs/federation.md says of such a request. Send it in that form.")),
    Code.BOOKS_DIFFER: (409, N_("The books here do not say what the statement says of them. Reconcile anew, from the newest heads.")),
    Code.PROVE_AGAIN: (409, N_("The books were seen up to record %(size)s. Prove again that they have grown from there.")),
    Code.STILL_TRAVELLING: (409, N_("Hours of this community are still on their way to another. Run “timebank transfers run” "
                                    "until none are.")),
    Code.NOT_ACROSS: (422, N_("Hours are brought along by a relative from another community only. Choose who else pays.")),
    Code.ON_THEIR_WAY: (409, N_("The hours are held and on their way; nothing is ordered yet. Send the same order again in a while: they are not sent twice.")),
    Code.NOT_TAKEN_THERE: (422, N_("The other community did not take the hours (%(reason)s); they are back, and nothing is ordered. Ask its station.")),
    Code.SAME_COMMUNITY: (422, N_("Both are of the same community. Give the hours as an ordinary gift.")),
    Code.NOT_ELSEWHERE: (422, N_("By the rules of this community its hours are used here only.")),
    Code.NOT_ONESELF: (422, N_("By what is known here this is not the same person. Moving, hours go along to oneself only: have the new station note the same name and day of birth, and where it is of another service, ask the station here to send them.")),
    Code.LEFT_BEHIND: (409, N_("This person has died. What she left goes to the relatives or the fund through her case.")),
    Code.NOT_AN_HEIR: (422, N_("By the rules and her wish the hours cannot go to this person. Note the relation first, or "
                               "choose somebody from the list of the case.")),
    Code.ESTATE_OVER: (409, N_("The last day for relatives was %(day)s. What is left goes to the public fund.")),
    Code.PLACE_NOT_HOME: (422, N_("A guardian decides for this person: services are given at the registered address only. "
                                  "Leave the place empty.")),
    Code.ADDRESS_MISSING: (422, N_("A guardian decides for this person, and no address is registered. Put the data right "
                                   "first.")),
    Code.ACCOUNT_STILL_HAS: (422, N_("There is still something in the account: %(available)s available, %(held)s held for "
                                     "orders, %(owed)s to be given back. Settle these first.")),
}  # fmt: skip


def in_english(code: Code, facts: Mapping[str, Any]) -> str:
    """The sentence where there is no reader whose language is known: on an operator's terminal."""
    return SENTENCES[code][1] % facts if facts else SENTENCES[code][1]


_NAMES_SERVICE = frozenset({Code.SERVICE_NOT_OFFERED, Code.GENDER_NOT_OFFERED})
_MINUTES = frozenset({"available", "needed", "held", "over", "right", "credited", "owed"})


def status(code: Code) -> int:
    """The HTTP status for a code."""
    return SENTENCES[code][0]


def sentence(code: Code, facts: Mapping[str, Any]) -> str:
    """The sentence in the reader's language, with its facts as people say them."""
    said = {key: _say(code, key, value) for key, value in facts.items()}
    return str(gettext(SENTENCES[code][1], **said)) if said else str(gettext(SENTENCES[code][1]))


def _say(code: Code, key: str, value: Any) -> str:
    if key in _MINUTES or (code is Code.LONGER_THAN_HELD and key == "minutes"):
        return duration(value) if key == "minutes" else amount(value)
    if code is Code.ORDER_STATE and key == "state":
        return str(gettext(STATES[value]))
    if code is Code.NOT_TAKEN_THERE:
        return str(gettext(NOT_TAKEN.get(value, value)))
    if code in _NAMES_SERVICE:
        return service_name(str(value))
    if key == "month":
        return month_in_words(value)
    return day_in_words(value) if key in ("day", "earliest") else str(value)
