"""What codes are called on pages, a table for each kind of them; `say.word` looks one up in the reader's language."""

from collections.abc import Mapping

from timebank.schemas import refusals, rules
from timebank.schemas.refusals import N_

CONFIRMED: Mapping[str, str] = {
    "card": N_("Elder's card and PIN at the station"),
    "code": N_("One of the elder's tear-off codes"),
    "phone": N_("Elder's own telephone"),
    "paper": N_("Slip with the elder's signature"),
    "proxy": N_("A relative who acts for the elder"),
    "clerk": N_("The clerk, with a reason"),
    "auto": N_("By itself, after the waiting time"),
}
CLERK_REASONS: Mapping[str, str] = {
    "no-card": N_("The card was forgotten or is lost"),
    "cannot-sign": N_("The elder cannot sign"),
    "call-back": N_("The clerk called the elder back"),
    "group": N_("Seen by the clerk at a group event"),
}
FIGURES: Mapping[str, str] = {
    "services": N_("Number of services"),
    "served": N_("Minutes served"),
    "credited": N_("Minutes credited"),
    "used": N_("Minutes used"),
    "given": N_("Minutes given to others"),
    "donated": N_("Minutes donated"),
    "fund_in": N_("Minutes to the public fund"),
    "fund_out": N_("Minutes from the public fund"),
    "issued": N_("Minutes that came into being, less what ended"),
    "uncredited": N_("Minutes that were only recorded"),
    "corrections": N_("Corrections"),
    "confirmed": N_("Services for somebody"),
    "own_hand": N_("Confirmed by the own hand"),
}
QUEUES: Mapping[str, str] = {
    "requests": N_("Requests to look at"),
    "board": N_("Orders without a volunteer"),
    "disputes": N_("Services in doubt"),
    "approvals": N_("Waiting for a second person"),
    "questions": N_("Questions about records"),
    "calls": N_("Call-backs to make"),
    "differences": N_("Differences with other communities"),
    "certificates": N_("Certificates to decide"),
}
REPORT_GROUPS: Mapping[str, str] = {
    "general": N_("1. General"),
    "people": N_("2. People"),
    "services": N_("3. Services"),
    "hours": N_("4. Hours"),
    "oversight": N_("5. Oversight"),
    "public": N_("6. Made public"),
}
REPORT_ITEMS: Mapping[str, str] = {
    "communities": N_("Communities (stations) with a time bank"),
    "serving": N_("of these with a service in the month"),
    "volunteers": N_("Registered volunteers at the end"),
    "elders": N_("Registered elders at the end"),
    "new_volunteers": N_("of the volunteers: new in the month"),
    "new_elders": N_("of the elders: new in the month"),
    "active_volunteers": N_("Different volunteers who served"),
    "served_elders": N_("Different people who were served"),
    "services": N_("Number of services"),
    "served": N_("Time served"),
    "credited": N_("Credited to volunteers"),
    "used": N_("Used by members"),
    "uncredited": N_("Only recorded, not credited"),
    "given": N_("Given to others"),
    "donated": N_("Donated to the public fund"),
    "fund_in": N_("Came to the public fund"),
    "fund_out": N_("Paid by the public fund"),
    "fund": N_("In the public fund at the end"),
    "holders": N_("Members who have hours at the end"),
    "held": N_("What members have at the end"),
    "corrections": N_("Corrections"),
    "asked": N_("Questions about records: asked"),
    "decided": N_("Questions about records: answered"),
    "drawn": N_("Call-backs: drawn"),
    "called": N_("Call-backs: reached"),
    "denied": N_("Call-backs: “was not given”"),
    "confirmed": N_("Services for somebody"),
    "own_hand": N_("of these confirmed by the own hand of who was served"),
    "own_hand_percent": N_("Share confirmed by the own hand"),
    "found": N_("Differences with other communities: found"),
    "resolved": N_("Differences with other communities: resolved"),
    "differing": N_("Differences with other communities: open at the end"),
    "audits": N_("Audits of the books"),
    "faults": N_("Faults that audits found"),
    "digests": N_("Days with a public digest"),
    "published": N_("Certificates made public"),
    "issued": N_("Certificates issued"),
    "stopped": N_("Certificates stopped by an objection"),
    "filed": N_("Records filed with the ministry's system"),
}
REPORT_UNITS: Mapping[str, str] = {
    "minutes": N_("minutes"),
    "people": N_("people"),
    "times": N_("times"),
    "communities": N_("places"),
    "entries": N_("records"),
    "cases": N_("cases"),
    "certificates": N_("certificates"),
    "days": N_("days"),
    "percent": "%",
}
REPORT_STATES: Mapping[str, str] = {
    "final": N_("final"),
    "to-be-counted": N_("over, not wholly counted yet"),
    "running": N_("not over yet"),
}
CLOSE_LINES: Mapping[str, str] = {
    "credited": N_("Services, credited"),
    "used": N_("Of these, paid with members' hours"),
    "uncredited": N_("Services, recorded without credit"),
    "corrected": N_("Corrections"),
    "other": N_("Orders, gifts, registrations and the like"),
}
BANDS: Mapping[str, str] = {
    "under-60": N_("Under 60"),
    "60-69": "60–69",
    "70-79": "70–79",
    "80-up": N_("80 and older"),
    "unknown": N_("Not known"),
}
UNCREDITED: Mapping[str, str] = {
    "duty": N_("Duty of a member of an organisation"),
    "clean-up": N_("Clean-up day"),
    "lecture": N_("Helper at a lecture"),
    "group": N_("Group hours"),
    "pair": N_("Went along as the second of two"),
    "below-step": N_("Too short for a step yet; it counts together with the rest of the day"),
}
REVERSAL: Mapping[str, str] = {
    "wrong-minutes": N_("The minutes are wrong"),
    "wrong-person": N_("The person is wrong"),
    "wrong-day": N_("The day is wrong"),
    "twice": N_("It was recorded twice"),
    "not-given": N_("The service was not given"),
    "mistake": N_("Another mistake"),
}
VERDICTS: Mapping[str, str] = {
    "stands": N_("The record is right and stands"),
    "reversed": N_("The record was wrong and is undone"),
}
FILINGS: Mapping[str, str] = {
    "waiting": N_("Still to be filed"),
    "filed": N_("Filed"),
    "returned": N_("Returned"),
}
FILING_WHYS: Mapping[str, str] = {
    "person": N_("Who served is not known there"),
    "times": N_("Days or times do not fit"),
    "twice": N_("It is there already"),
    "other": N_("For another reason"),
}
OBJECTIONS: Mapping[str, str] = {
    "hours": N_("The hours are not right"),
    "person": N_("The person is not right"),
    "other": N_("Another objection"),
}
CERTIFICATES: Mapping[str, str] = {
    "public": N_("Hangs out; anybody may object"),
    "ready": N_("Hung out; can be issued"),
    "issued": N_("Issued"),
    "stopped": N_("Stopped after an objection"),
}
CALLED: Mapping[str, str] = {
    "given": N_("It was given"),
    "not-given": N_("It was not given"),
    "unreachable": N_("Nobody answered"),
}
FINDINGS: Mapping[str, str] = {
    "after-end": N_("A service dated %(day)s, after %(who)s had left the books"),
    "false-kin": N_("%(who)s: declared to be related, and found not to be"),
    "two-places": N_(
        "%(who)s: on %(day)s at the same time in another service, where the same person is registered too"
    ),
    "alone": N_("%(who)s: %(figure)s services given alone that are for two, or for a provider"),
    "in-hospital": N_("%(who)s: a service on %(day)s, a day in hospital"),
    "kin": N_("%(who)s: a clerk recorded %(figure)s services of or for herself or her kin"),
    "same-pair": N_("%(who)s: together on %(figure)s days of the month"),
    "many-visits": N_("%(who)s: %(figure)s very short visits on %(day)s"),
    "one-clerk": N_("%(who)s recorded %(figure)s services, far more than the other clerks"),
    "without-hand": N_("%(who)s confirmed %(figure)s of 100 services on the clerk's own word"),
}
OUTCOMES: Mapping[str, str] = {
    "in-order": N_("Nothing wrong"),
    "corrected": N_("Corrected"),
    "spoken-to": N_("Spoken to them"),
    "passed-on": N_("Passed on to the town"),
}
RELEASE: Mapping[str, str] = {
    "cancelled": N_("No longer needed"),
    "no-volunteer": N_("No volunteer was found"),
    "ill": N_("Somebody fell ill"),
    "mistake": N_("Ordered by mistake"),
    "below-step": N_("Too short to be paid"),
    "nobody-answered": N_("Nobody answered the door"),
    "deceased": N_("The person has died"),
    "incapable": N_("A guardian decides from now on"),
    "not-given": N_("The service was not given"),
    "needs-provider": N_("It takes trained people, or a provider"),
}
# Why the station cannot offer something: the first two are what is published as a need that was not met.
DECLINED: Mapping[str, str] = {
    code: RELEASE[code] for code in ("no-volunteer", "needs-provider", "cancelled", "mistake")
}
GIFT: Mapping[str, str] = {
    "family": N_("For the family"),
    "friend": N_("For a friend"),
    "thanks": N_("As thanks"),
    "move": N_("Moving there: to oneself"),
    "gift": N_("As a gift"),
    "estate": N_("Left behind"),
}
GRANT: Mapping[str, str] = {"hardship": N_("Hardship"), "trial": N_("Trial hours"), "honour": N_("Honour")}
PAYERS: Mapping[str, str] = {
    "issue": N_("The community credits it"),
    "fund": N_("The public fund pays"),
    "public": N_("This month's public quota pays"),
    "elder": N_("The elder pays with own hours"),
    "self": N_("I pay with my own hours"),
    "across": N_("I pay with my own hours, from my community"),
}
ACTS: Mapping[str, str] = {
    "review": N_("Put it on the board"),
    "decline": N_("We cannot offer this"),
    "accept": N_("I will go"),
    "dispatch": N_("Send this volunteer"),
    "give_back": N_("I cannot go after all"),
    "miss": N_("The volunteer did not come"),
    "check_in": N_("Sign in: I am there"),
    "knock": N_("Nobody opens the door"),
    "call_off": N_("Nobody could be reached: call it off"),
    "check_out": N_("Sign out: I am leaving"),
    "confirm": N_("Confirm: it was given"),
    "doubt": N_("It was otherwise"),
    "enter": N_("Enter it from a slip"),
    "reject": N_("It was not given: hours back"),
    "cancel": N_("Cancel the order"),
}
STARS: Mapping[str, str] = {
    "5": N_("Very good"),
    "4": N_("Good"),
    "3": N_("All right"),
    "2": N_("Not so good"),
    "1": N_("Bad"),
}
SIDES: Mapping[str, str] = {"elder": N_("Whoever was served says"), "volunteer": N_("The volunteer says")}
GENDERS: Mapping[str, str] = {"f": N_("A woman, please"), "m": N_("A man, please")}
SEXES: Mapping[str, str] = {"f": N_("Woman"), "m": N_("Man")}
FITS: Mapping[str, str] = {
    "was-there-before": N_("was there before"),
    "offers-it": N_("offers this service"),
    "has-time": N_("has time then"),
    "speaks-it": N_("speaks the language"),
    "same-grid": N_("lives in the grid, or likes to go there"),
}
GONE: Mapping[str, str] = {"taken": N_("Somebody was quicker")}
TRAVEL: Mapping[str, str] = {
    "offered": N_("On its way"),
    "sent": N_("Arrived"),
    "returned": N_("Came back"),
}
DIFFERS: Mapping[str, str] = {
    "missing-here": N_("Missing here"),
    "missing-there": N_("Missing there"),
    "amount": N_("Another amount"),
    "mirror": N_("What both owe does not mirror"),
}
EVIDENCE: Mapping[str, str] = {
    "fork": N_("Two histories of one ledger"),
    "breach": N_("A message that contradicts an earlier one"),
    "head-unknown": N_("A signed head that the books never had"),
}
STOPPED: Mapping[str, str] = {
    "breach": N_("it contradicted itself"),
    "fork": N_("it showed two histories"),
}
# What a line of the feed is, in a word or two: colour alone says nothing.
KINDS: Mapping[str, str] = {
    "service": N_("Served"),
    "served": N_("Was served"),
    "settle": N_("Used"),
    "hold": N_("Ordered"),
    "release": N_("Given back"),
    "gift": N_("Gift"),
    "donate": N_("Donation"),
    "grant": N_("Granted"),
    "overflow": N_("To the fund"),
    "repay": N_("Paid back"),
    "reverse": N_("Correction"),
    "send": N_("Sent elsewhere"),
    "sent": N_("Arrived elsewhere"),
    "returned": N_("Came back"),
    "accept": N_("From elsewhere"),
    "open": N_("Joined"),
    "close": N_("Closed"),
    "opening": N_("Brought over"),
    "expire": N_("Expired"),
    "retire": N_("Retired"),
}
# What waits for a second person about somebody's standing, and by what it is proved, or why.
STANDING: Mapping[str, str] = {
    "death": N_("Death"),
    "incapable": N_("A guardian decides from now on"),
    "close": N_("Closing of an account"),
    "estate": N_("What somebody left behind"),
}
STANDING_PROOFS: Mapping[str, str] = {
    "certificate": N_("Death certificate"),
    "household-register": N_("Cancelled in the household register"),
    "hospital": N_("Paper of the hospital"),
    "committee": N_("Confirmed by the residents' committee"),
    "court": N_("Judgment of the court"),
    "moved-away": N_("Moved away"),
    "own-wish": N_("Own wish"),
    "deceased": N_("Died"),
    "duplicate": N_("Registered twice"),
}
PRIORITIES: Mapping[str, str] = rules.PRIORITIES
NOT_TAKEN: Mapping[str, str] = refusals.NOT_TAKEN
CLASS_PROOFS: Mapping[str, str] = {
    "disability-card": N_("Disability card"),
    "allowance-card": N_("Paper of the minimum allowance"),
    "veteran-card": N_("Paper of a soldier's or veteran's family"),
    "assessment": N_("Assessment of the need for care"),
    "decision": N_("Decision of an authority"),
}
GUARDIAN_PROOFS: Mapping[str, str] = {
    "consent": N_("Written consent"),
    "household-book": N_("Household register"),
    "court": N_("Judgment of the court"),
    "committee": N_("Confirmed by the residents' committee"),
}
NEEDS: Mapping[str, str] = {"light": N_("Light"), "medium": N_("Medium"), "severe": N_("Severe")}
WISHES: Mapping[str, str] = {"fund": N_("The public fund"), "person": N_("A relative")}
# What an elder is to a relative, how that is proved, and what she may consent to.
RELATION: Mapping[str, str] = {
    "spouse": N_("Husband or wife"),
    "parent": N_("Father or mother"),
    "parent_in_law": N_("Father-in-law or mother-in-law"),
    "grandparent": N_("Grandfather or grandmother"),
    "child": N_("Son or daughter"),
    "grandchild": N_("Grandson or granddaughter"),
    "other": N_("Another relation"),
}
# What somebody was to whoever died.
HEIRS: Mapping[str, str] = {
    "spouse": N_("Husband or wife"),
    "parent": N_("Father or mother"),
    "grandparent": N_("Grandfather or grandmother"),
    "child": N_("Son or daughter"),
    "grandchild": N_("Grandson or granddaughter"),
}
KIN_PROOFS: Mapping[str, str] = {
    "household_book": N_("Household register"),
    "marriage_certificate": N_("Marriage certificate"),
    "birth_certificate": N_("Birth certificate"),
    "declaration": N_("Own declaration"),
}
SCOPES: Mapping[str, str] = {
    "see_own": N_("See her hours and records"),
    "redeem_own": N_("Use her hours for a service"),
    "gift_own": N_("Give her hours away"),
    "donate_own": N_("Donate her hours to the fund"),
    "confirm_own": N_("Confirm services for her, or say that they were otherwise"),
    "question_own": N_("Ask about records of hers"),
    "certify_own": N_("Ask for certificates of what she served"),
}
DECIDES: Mapping[str, str] = {"reverse": "approve_reversal", "grant": "approve_grant", "visit": "approve_visit"}
ROLES: Mapping[str, str] = {
    "member": N_("Member: own hours, own services"),
    "clerk": N_("Clerk: registers, records, sends"),
    "lead": N_("Lead: decides, approves, looks after"),
    "auditor": N_("Auditor: the books, never a name"),
    "admin": N_("Admin: keys, rules, roles"),
}
# By how many digits name it; everywhere is `*`.
AROUND: Mapping[str, str] = {
    "12": N_("this community"),
    "9": N_("its whole town"),
    "6": N_("its whole county"),
    "4": N_("its whole city"),
    "1": N_("everywhere"),
}
WEEKDAYS: Mapping[str, str] = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
DAY_PARTS: Mapping[str, str] = {"am": N_("Morning"), "pm": N_("Afternoon"), "eve": N_("Evening")}
KIN_CHECKS: Mapping[str, str] = {
    "true": N_("It is true"),
    "false": N_("It is not true"),
    "unclear": N_("Still unclear"),
}
# What auditors see of an account: never a name.
ACCOUNTS: Mapping[str, str] = {
    "issue": N_("Issuance of hours"),
    "fund": N_("Public fund"),
    "person": N_("Members"),
    "provider": N_("Provider organisations"),
    "group": N_("Groups"),
    "debt": N_("Still owed"),
    "orders": N_("Held by orders"),
    "held": N_("Held for other communities"),
    "due": N_("Clearing with other communities"),
}
JOBS: Mapping[str, str] = {
    "texts": N_("Send text messages that wait"),
    "sheets": N_("Enter spreadsheets that were handed in"),
    "look-through": N_("Look for hours that another service offers"),
    "reconcile": N_("Compare books with other communities"),
    "figures": N_("Count the figures of the month"),
    "witness": N_("Exchanging heads with other communities"),
    "deliver": N_("Send hours to other communities"),
    "orders-clock": N_("Close orders whose time is over"),
    "seal": N_("Seal"),
    "audit": N_("Audit since the last seal"),
    "digest": N_("Digest"),
    "estates": N_("Close what people left behind"),
    "expire": N_("Let hours expire"),
    "callbacks": N_("Draw whom to call back"),
    "kin-checks": N_("Draw which declared relations to check"),
    "scrub": N_("Scrub"),
    "verify": N_("Full audit"),
}
RUNS: Mapping[str, str] = {
    "running": N_("Running now"),
    "done": N_("Done"),
    "failed": N_("Failed, is tried again"),
    "died": N_("Broke off, is tried again"),
    "given-up": N_("Failed, somebody must look"),
}
