"""Say entries, codes and dates in the reader's language, as one person tells another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from timebank.catalogue import Named
from timebank.ledger import Code
from timebank.schemas import refusals, rules
from timebank.schemas.refusals import STATES
from timebank.schemas.words import amount, duration, is_chinese, moment, month_in_words, short_day
from timebank.schemas.words import gettext as _
from timebank.services import orders
from timebank.services.care import Finding
from timebank.services.closing import Closed
from timebank.services.home import Coming
from timebank.services.peers import Link
from timebank.services.positions import Position
from timebank.services.statements import Item, day_in_zone
from timebank.services.station import OpenOrder
from timebank.visitor import bank, language

from . import labels


def marked(sentence: str, **facts: object) -> Markup:
    """A sentence of ours in a page: it is trusted, the facts in it are not."""
    said = Markup(_(sentence))  # noqa: S704  # our own words, or their translations
    return said % facts if facts else said


def word(table: Mapping[str, str], code: object) -> str:
    """The words for a code; the code itself where a newer version of the service wrote it."""
    found = table.get(str(code))
    return str(_(found)) if found else str(code)


def around(where: str) -> str:
    """For which place a role is: a community, or what is around it."""
    return word(labels.AROUND, len(where))


def times(codes: Iterable[str]) -> str:
    """When somebody has time: each day of the week with its parts."""
    by_day: dict[str, list[str]] = {}
    for code in codes:
        day, _dash, part = code.partition("-")
        by_day.setdefault(word(labels.WEEKDAYS, day), []).append(word(labels.DAY_PARTS, part))
    between = "、" if is_chinese() else ", "
    return " · ".join(f"{day} {between.join(parts)}" for day, parts in by_day.items())


def rule(key: str, value: object) -> str:
    """What a rule of the policy with this value means."""
    return rules.sentence(key, value)


def refusal(code: Code, facts: Mapping[str, object]) -> str:
    """Why something was refused, and what to do next."""
    return refusals.sentence(code, facts)


def state(code: str) -> str:
    """How far an order has come."""
    return word(STATES, code)


def when(order: orders.OpenOrder | Coming) -> str:
    """The day, and the time window where one was asked for."""
    day = short_day(order.wanted_day)
    return day if order.start is None else f"{day} {window(order.start, order.end)}"


def weeks() -> list[tuple[str, str]]:
    """For how many weeks on end something can be ordered, for a list to choose from."""
    more = range(2, orders.MOST_WEEKS + 1)
    return [("1", str(_("Once"))), *((str(count), str(_("Each week, %(count)s times", count=count))) for count in more)]


def window(start: int, end: int | None) -> str:
    """A time window in minutes after midnight, by the clock."""
    begin = f"{start // 60:02}:{start % 60:02}"
    return begin if end is None else f"{begin}–{end // 60:02}:{end % 60:02}"


def choices(table: Mapping[str, str]) -> list[tuple[str, str]]:
    """The codes and words of a table, for a list to choose from."""
    return [(code, word(table, code)) for code in table]


def kind(item: Item, account: str = "") -> str:
    """What an entry is, in a word or two, as the holder of the account meets it."""
    if item.kind in ("service", "settle") and account:
        if item.body.get("server") == account:
            return word(labels.KINDS, "service")
        return word(labels.KINDS, "settle" if item.kind == "settle" else "served")
    return word(labels.KINDS, item.kind)


def service(code: object) -> str:
    return called(bank().catalogue.by_code, code)


def course(code: object) -> str:
    return called(bank().catalogue.courses, code)


def spoken(code: object) -> str:
    """The name of a language."""
    return called(bank().catalogue.languages, code)


def called(names: Mapping[str, Named], code: object) -> str:
    """The name for a code of the catalogue; the code itself where the list no longer has it."""
    found = names.get(str(code))
    return found.name(language()) if found else str(code)


def catalogued(names: Mapping[str, Named]) -> list[tuple[str, str]]:
    """The codes and names of a part of the catalogue, for a list to choose from."""
    return [(code, called(names, code)) for code in names]


def risk(code: object) -> str:
    """What is to be minded at a service, and which course it takes; empty where nothing is. A note says by itself that
    two go."""
    found = bank().catalogue.by_code.get(str(code))
    if found is None:
        return ""
    said = [found.risk(language()) or (_("Two go together.") if found.pair else "")]
    if found.training:
        said.append(_("Only who took the course “%(course)s” gives it.", course=course(found.training)))
    return ("" if is_chinese() else " ").join(filter(None, said))


def month(day: str) -> str:
    return month_in_words(day)


def link_state(link: Position | Link) -> str:
    """What somebody should know of a link to another community; empty where nothing is the matter."""
    if link.frozen_why is not None:
        return str(_("stopped: %(why)s", why=word(labels.STOPPED, link.frozen_why)))
    if link.owed >= link.limit_minutes:
        return str(_("at its limit"))
    return str(_("near its limit")) if link.is_near else ""


def compared(link: Position) -> str:
    """What the last reconciliation of a link found."""
    if link.agreed is None:
        return str(_("not compared yet"))
    return str(_("they agree")) if link.agreed else str(_("they differ"))


def posted_day(ms: int) -> str:
    """The day on which something was posted, YYYY-MM-DD in the service's zone."""
    return day_in_zone(ms, bank().settings.utc_offset_minutes)


def clock(ms: int) -> str:
    return f"{moment(ms, bank().settings.utc_offset_minutes):%H:%M}"


def change(minutes: int) -> str:
    """A change with its sign, so that a plus is seen too."""
    return f"+{amount(minutes)}" if minutes > 0 else amount(minutes)


def finding(found: Finding) -> str:
    """What is odd, in one sentence."""
    who = [name or _("a former member") for name in found.names]
    together = ("、" if is_chinese() else ", ").join(who)
    day = short_day(found.day) if found.day else ""
    return word(labels.FINDINGS, found.kind) % {"who": together, "figure": found.figure, "day": day}


def missing(close: Closed) -> str:
    """How what was counted by hand differs from what the entries say."""
    if close.missing > 0:
        return str(_("%(count)s are missing", count=close.missing))
    return str(_("%(count)s too many", count=-close.missing))


def grouped(card: str) -> str:
    """A card number as it is read aloud: 123 456 7890."""
    return f"{card[:3]} {card[3:6]} {card[6:]}"


def dial(telephone: str) -> str:
    """A telephone number as a `tel:` address has it."""
    return "".join(character for character in telephone if character.isdigit() or character == "+")


_TWO_CHARACTERS = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "夏侯",
        "端木",
        "呼延",
        "南宫",
        "长孙",
    )
)


def surname(name: str) -> str:
    """By what a volunteer is called on a paper that may be lost: the family name and no more."""
    if name.isascii():
        return name.strip().rpartition(" ")[2]
    return name[:2] if name[:2] in _TWO_CHARACTERS else name[:1]


def initials(name: str) -> str:
    """What stands in the circle of a face: the last two characters of a name, or two initials."""
    return "".join(part[0] for part in name.split()[:2]).upper() if name.isascii() else name[-2:]


def names(item: Item, accounts: Iterable[object]) -> str:
    """The people behind accounts, in one phrase."""
    known = [item.names.get(str(account)) or _("a former member") for account in accounts]
    if len(known) < 2 or is_chinese():
        return "、".join(known)
    return f"{', '.join(known[:-1])} and {known[-1]}"


class _Facts(dict[str, str]):
    """What a sentence may mention of an entry; each is found out where one does."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self._item = item
        self._source, self._target, self._moved = item.moves[0] if item.moves else ("", "", 0)

    def __missing__(self, fact: str) -> str:
        body = self._item.body
        match fact:
            case "server":
                return names(self._item, [body.get("server", "")])
            case "served":
                accounts = body.get("served")
                return names(self._item, accounts if isinstance(accounts, list | tuple) else [])
            case "service":
                return service(body.get("service", ""))
            case "minutes":
                minutes = body.get("minutes", 0)
                return duration(minutes if isinstance(minutes, int) else 0)
            case "moved":
                return amount(self._moved)
            case "giver":
                return self._holder(self._source)
            case "receiver":
                return self._holder(self._target)
            case "who":
                return names(self._item, [body.get("account", "")])
            case _:
                raise KeyError(fact)

    def _holder(self, account: str) -> str:
        if account == "fund":
            return _("the public fund")
        return _("the community") if account == "issue" else names(self._item, [account])


def sentence(item: Item) -> str:
    """The entry as one sentence: who, for whom, what, how long, who pays."""
    facts, reason = _Facts(item), item.body.get("reason")
    match item.kind:
        case "service" | "settle":
            if not facts["served"]:  # an event at which nobody was served by name
                return _("%(server)s helped: %(service)s, %(minutes)s.") % facts + _paid(item, facts)
            return _("%(server)s served %(served)s: %(service)s, %(minutes)s.") % facts + _paid(item, facts)
        case "hold":
            return _("%(service)s ordered for %(served)s: %(moved)s held, paid by %(giver)s.") % facts
        case "release":
            facts["reason"] = word(labels.RELEASE, reason)
            return _("The order ended without a service (%(reason)s): %(moved)s went back to %(receiver)s.") % facts
        case "gift":
            return _("%(giver)s gave %(moved)s to %(receiver)s.") % facts
        case "donate":
            return _("%(giver)s donated %(moved)s to the public fund.") % facts
        case "grant":
            facts["reason"] = word(labels.GRANT, reason)
            return _("%(receiver)s was granted %(moved)s by %(giver)s (%(reason)s).") % facts
        case "overflow":
            if item.body.get("cap") == "day":
                return _("%(moved)s above what one day may bring went on to the public fund.") % facts
            return _("%(moved)s above what one person may hold went on to the public fund.") % facts
        case "expire":
            return _("%(moved)s that were not used in time went to the public fund.") % facts
        case "send":
            return _("%(giver)s sends %(moved)s to another community.") % facts
        case "sent":
            return _("%(moved)s arrived in the other community.") % facts
        case "returned":
            return _("The other community did not take %(moved)s: they came back to %(receiver)s.") % facts
        case "accept":
            return _("%(receiver)s was given %(moved)s from another community.") % facts
        case "repay":
            return _("%(moved)s went towards what was still owed.") % facts
        case "reverse":
            return _("An earlier record was corrected: %(reason)s.", reason=word(labels.REVERSAL, reason))
        case "open":
            return _("%(who)s joined the time bank.") % facts
        case "close":
            return _("The account of %(who)s was closed.") % facts
        case "opening":
            return _("%(moved)s were brought over from the earlier books.") % facts
        case _:
            return _("A record of the kind “%(kind)s”.", kind=item.kind)


def _paid(item: Item, facts: _Facts) -> str:
    """The half-sentence that says who pays; a space before it where the language has one."""
    gap = "" if is_chinese() else " "
    if "uncredited" in item.body:
        reason = word(labels.UNCREDITED, item.body["uncredited"])
        return gap + _("Recorded, not credited: %(reason)s.", reason=reason)
    if not item.moves:
        return ""
    if item.kind == "settle":
        return gap + _("%(moved)s were paid from the hours held for it.") % facts
    if item.moves[0][0] == "issue":
        return gap + _("The community credited %(moved)s.") % facts
    return gap + _("%(moved)s were paid by %(giver)s.") % facts


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in the feed of an account, in words. `tone` and `icon` are how its change looks."""

    id: str
    month: str
    tone: str
    icon: str
    kind: str
    day: str
    told: str
    undone: bool
    change: str
    balance: str


def line(item: Item, account: str) -> Line:
    """The entry as the holder of the account finds it in the feed."""
    posted = posted_day(item.ms)
    tone, icon = look(item)
    return Line(
        id=item.id,
        month=posted[:7] + "-01",
        tone=tone,
        icon=icon,
        kind=kind(item, account),
        day=short_day(item.day or posted),
        told=sentence(item),
        undone=item.reversed_by is not None,
        change=change(item.change) if item.change else _("No change"),
        balance=_("Balance %(balance)s", balance=amount(item.balance)),
    )


def look(item: Item) -> tuple[str, str]:
    """The tone and the icon of an entry."""
    tone = "in" if item.change > 0 else "out" if item.change < 0 else "still"
    if item.kind in ("reverse", "release"):
        return tone, "back"
    if item.kind == "hold":
        return tone, "hold"
    return tone, "note" if tone == "still" else tone


def payer(order: OpenOrder, own_account: str | None = None, elder_account: str | None = None) -> str:
    """Who pays for an order, without a name."""
    if order.payer in ("fund", "issue"):
        return word(labels.PAYERS, "fund" if order.payer == "fund" else "public")
    if own_account is not None and order.payer == own_account:
        return word(labels.PAYERS, "self")
    if elder_account is None or order.payer == elder_account:
        return word(labels.PAYERS, "elder")
    return str(_("A relative pays"))
