"""The station's desk: what a second person decides, doubts, call-backs, certificates, the sheet, the books."""

from dataclasses import replace

from pytest_bdd import given, step, then

from tests.world import ELSEWHERE, HERE
from timebank.access import OPERATOR, Role
from timebank.services import (
    approvals,
    callbacks,
    care,
    certificates,
    communities,
    epochs,
    expiry,
    fund,
    honours,
    hours,
    needs,
    papers,
    publication,
    questions,
    statements,
)

from ..story import Story
from ..wording import PEOPLE, said

OBJECTIONS = {"时长不对": "hours", "不是本人": "person"}
VERDICTS = {"记录没有错": questions.STANDS, "记录错了": questions.REVERSED}
ANSWERS = {"有这次服务": callbacks.GIVEN, "没有这次服务": callbacks.NOT_GIVEN, "没人接": callbacks.UNREACHABLE}


# A second person


@step(said("{staff:who}(?P<verdict>同意|不同意)"))
def _decides(story: Story, staff: str, verdict: str) -> None:
    story.decide(staff, approve=verdict == "同意")


@given("专干和站长是同一个人")
def _one_person(story: Story) -> None:
    story.world.actors["lead"] = replace(story.actor("站长"), login=story.actor("专干").login)


@step(said("{staff:who}申请更正这一笔"))
def _asks_reversal(story: Story, staff: str) -> None:
    entry = story.hold if story.posted is None else story.entry()
    wanted = approvals.Reversal(id=story.new_id(), community=HERE, entry=entry, reason="mistake")
    story.post(lambda: approvals.ask_reversal(story.world.bank, story.actor(staff), wanted))


@step("这一笔已经更正")
def _is_reversed(story: Story) -> None:
    first = story.posted
    _asks_reversal(story, "专干")
    story.decide("站长", approve=True)
    story.posted = first


@step(said("{staff:who}申请从(?P<payer>公益时长池|社区)发放{time:time}给{name:who}"))
def _asks_grant(story: Story, staff: str, payer: str, time: int, name: str) -> None:
    wanted = approvals.Grant(
        id=story.new_id(),
        community=HERE,
        person=story.person(name),
        minutes=time,
        payer={"公益时长池": "fund", "社区": "issue"}[payer],
        reason="thanks",
    )
    story.post(lambda: approvals.ask_grant(story.world.bank, story.actor(staff), wanted))


@then("原记录还在，后面跟着一笔更正")
def _linked(story: Story) -> None:
    posted = story.entered
    reversal = posted.record
    assert (reversal.intent.kind, reversal.id) == ("reverse", f"{reversal.intent.ref}.reverse")
    original = statements.entry(story.world.bank, story.actor("专干"), HERE, str(reversal.intent.ref))
    assert original.reversed_by == reversal.id


# Doubts


@step(said("{name:who}对这一笔说「这笔不对」"))
def _questions(story: Story, name: str) -> None:
    doubt = questions.Doubt(id=story.new_id(), community=HERE, entry=story.entry(), text="那天他没有来")
    asked = story.attempt(lambda: questions.ask(story.world.bank, story.actor(name), doubt))
    if asked is not None:
        story.asked = asked.id


@step(said("{staff:who}答复：(?P<verdict>记录没有错|记录错了)"))
def _answers(story: Story, staff: str, verdict: str) -> None:
    decision = questions.Verdict(
        community=HERE, question=story.asked, decision=VERDICTS[verdict], reply="看过签到表", reason="mistake"
    )
    answered = story.attempt(lambda: questions.decide(story.world.bank, story.actor(staff), decision))
    if answered is not None and answered[1] is not None:
        story.posted = answered[1]


@then(said("{name:who}看得到答复"))
def _reads_reply(story: Story, name: str) -> None:
    asked = questions.about(story.world.bank, story.actor(name), HERE, story.entry())
    assert [one.reply for one in asked] == ["看过签到表"]


@then(said("{name:who}知道有人问过，但看不到是谁、问了什么"))
def _reads_no_words(story: Story, name: str) -> None:
    (asked,) = questions.about(story.world.bank, story.actor(name), HERE, story.entry())
    assert (asked.text, asked.person_name) == (None, "")


@then(said("服务站还有{count:count}条疑问要答复"))
def _open_questions(story: Story, count: int) -> None:
    assert len(questions.open_ones(story.world.bank, story.actor("站长"), HERE)) == count


# Call-backs


@step(said("(?P<staff>管理员|专干)抽取(?P<month>上个月|这个月)的回访"))
def _draws(story: Story, staff: str, month: str) -> None:
    wanted = story.day("今天")[:7] if month == "这个月" else None
    drawn = story.attempt(lambda: callbacks.draw(story.world.bank, story.actor(staff), HERE, wanted))
    if drawn is not None:
        story.made = drawn


@then(said("抽到{count:count}笔"))
def _drawn(story: Story, count: int) -> None:
    assert len(story.made.entries) == count


@then("再抽一次，还是这几笔")
def _drawn_again(story: Story) -> None:
    again = callbacks.draw(story.world.bank, story.actor("管理员"), HERE)
    assert again == story.made


@step(said("{staff:who}打电话，老人说(?P<answer>有这次服务|没有这次服务)"))
def _calls(story: Story, staff: str, answer: str) -> None:
    called = callbacks.Called(community=HERE, entry=story.made.entries[0], answer=ANSWERS[answer])
    story.attempt(lambda: callbacks.answer(story.world.bank, story.actor(staff), called))


# Certificates and the sheet


@step(said("{actor:who}申请{name:who}的服务证明"))
def _asks_certificate(story: Story, actor: str, name: str) -> None:
    wanted = certificates.Request(id=story.new_id(), community=HERE, person=story.person(name))
    made = story.attempt(lambda: certificates.ask(story.world.bank, story.actor(actor), wanted))
    story.made = made or story.made


@step(said("{staff:who}出具证明"))
def _issues(story: Story, staff: str) -> None:
    made = story.attempt(lambda: certificates.issue(story.world.bank, story.actor(staff), HERE, story.made.id))
    story.made = made or story.made


@step(said("{staff:who}终止证明，因为有人提出(?P<why>时长不对|不是本人)"))
def _stops(story: Story, staff: str, why: str) -> None:
    made = story.attempt(
        lambda: certificates.stop(story.world.bank, story.actor(staff), HERE, story.made.id, OBJECTIONS[why])
    )
    story.made = made or story.made


@then(said("公示里写的是“(?P<initials>.+)”，{time:time}"))
def _hangs_out(story: Story, initials: str, time: int) -> None:
    (seen,) = certificates.waiting(story.world.bank, None, HERE)
    assert (seen.name, seen.number, seen.minutes) == (initials, "", time)


@then("凭证明编号，任何人都能查到它有效")
def _stands(story: Story) -> None:
    checked = certificates.check(story.world.bank, story.made.number, "李明")
    assert (checked.state, checked.stands, checked.is_named) == (certificates.ISSUED, True, True)


@then("凭证明编号查到的是：已经失效")
def _stands_no_more(story: Story) -> None:
    assert not certificates.check(story.world.bank, story.made.number).stands


@step(said("有人查验编号“(?P<number>.+)”的证明"))
def _checks(story: Story, number: str) -> None:
    story.attempt(lambda: certificates.check(story.world.bank, number))


@then(said("本月公示单上有：{initials:text}，{time:time}"))
def _on_sheet(story: Story, initials: str, time: int) -> None:
    sheet = publication.of_month(story.world.bank, story.actor("专干"), HERE)
    assert [(row.initials, row.minutes) for row in sheet.rows] == [(initials, time)]


@then("本月公示单是空的")
def _empty_sheet(story: Story) -> None:
    assert publication.of_month(story.world.bank, story.actor("专干"), HERE).rows == ()


@step(said("专干把这一笔标为(?P<state>已报送|被退回)"))
def _files(story: Story, state: str) -> None:
    wanted = {"已报送": publication.FILED, "被退回": publication.RETURNED}[state]
    filing = publication.Filing(community=HERE, entries=(story.entry(),), state=wanted)
    story.attempt(lambda: publication.file(story.world.bank, story.actor("专干"), filing))


@then(said("这一笔在报送表里是(?P<state>待报送|已报送|被退回)"))
def _filed(story: Story, state: str) -> None:
    sheet = publication.of_month(story.world.bank, story.actor("专干"), HERE)
    wanted = {"待报送": publication.WAITING, "已报送": publication.FILED, "被退回": publication.RETURNED}[state]
    assert [row.state for row in sheet.rows if row.entry == story.entry()] == [wanted]


@then("报送表提醒：这一笔报送以后更正了，要撤回")
def _take_back(story: Story) -> None:
    sheet = publication.of_month(story.world.bank, story.actor("专干"), HERE)
    assert [(row.entry, row.undone) for row in sheet.rows] == [(story.entry(), True)]


# Care


@then(said("关怀名单里有：{name:text}"))
def _unserved(story: Story, name: str) -> None:
    looked = care.look(story.world.bank, story.actor("站长"), HERE)
    assert name in [one.name for one in looked.unserved]


@then(said("关怀名单里没有：{name:text}"))
def _served(story: Story, name: str) -> None:
    looked = care.look(story.world.bank, story.actor("站长"), HERE)
    assert name not in [one.name for one in looked.unserved]


# The books


@step(said("{actor:who}打印{name:who}的对账单，最多{most:count}笔"))
def _statement(story: Story, actor: str, name: str, most: int) -> None:
    today = story.day("今天")
    story.attempt(
        lambda: statements.statement(
            story.world.bank, story.actor(actor), story.person(name), today, today, at_most=most
        )
    )


@step(said("有人查找代码是“(?P<code>\\d+)”的社区"))
def _community(story: Story, code: str) -> None:
    story.attempt(lambda: communities.one(story.world.bank, code))


@step("有人再建一次本社区的账本")
def _found_again(story: Story) -> None:
    founding = communities.Founding(code=HERE, name="大兴路社区居民委员会", town="老城街道", county="红花岗区")
    story.attempt(lambda: communities.found(story.world.bank, OPERATOR, founding))


@given("本社区账本被审计停用")
def _stopped(story: Story) -> None:
    story.world.bank.read_only[story.world.bank.origin(HERE)] = "found by an audit"


@step("账本恢复使用")
def _resumed(story: Story) -> None:
    story.world.bank.read_only.clear()


@step("系统时钟被拨回一天")
def _clock_back(story: Story) -> None:
    story.world.clock.advance(days=-1)


@step("系统时钟被拨正")
def _clock_right(story: Story) -> None:
    story.world.clock.advance(days=1)


@step("运维人员想以“记录丢失”为由另开账本")
def _given_up(story: Story) -> None:
    story.attempt(lambda: epochs.open_next(story.world.bank, OPERATOR, HERE, epochs.LOST))


# Of the town, and of the year


@given("街道有一位负责人")
def _town(story: Story) -> None:
    story.world.login("town", Role.LEAD, HERE[:9])


@step("系统月初处理不用的时长")
def _month_begins(story: Story) -> None:
    expiry.run(story.world.bank, OPERATOR, HERE)


@step(said("{name:who}(?P<wish>愿意|不愿意)上积德榜"))
def _wishes(story: Story, name: str, wish: str) -> None:
    wanted = honours.Wish(community=HERE, person=story.person(name), named=wish == "愿意")
    story.attempt(lambda: honours.wish(story.world.bank, story.actor(name), wanted))


@then(said("积德榜{hours:count}小时一档有：{names:text}"))
def _named(story: Story, hours: int, names: str) -> None:
    steps = {step.hours: step.names for step in honours.board(story.world.bank, HERE).steps}
    assert steps[hours] == tuple(names.split("、"))


@then("积德榜上没有人")
def _nobody_named(story: Story) -> None:
    assert not any(step.names for step in honours.board(story.world.bank, HERE).steps)


# Where people cannot have been


@given(said("{name:who}在邻社区也登记为志愿者"))
def _is_there_too(story: Story, name: str) -> None:
    known = story.world.people[PEOPLE[name]]
    born = papers.of(story.world.bank, story.actor("专干"), known.id).born
    story.world.register("there", name, ELSEWHERE, is_volunteer=True, born=born)


@step(said("邻社区的专干登记{name:who}在那里从{start:count}点到{end:count}点的服务"))
def _serves_there(story: Story, name: str, start: int, end: int) -> None:
    visit = hours.Visit(
        id=story.new_id(),
        community=ELSEWHERE,
        volunteer=story.world.people["there"].id,
        served=(),
        day=story.world.clock.day,
        minutes=(end - start) * 60,
        service="cleaning",
        confirmed="paper",
        start=start * 60,
        end=end * 60,
    )
    story.attempt(lambda: hours.record(story.world.bank, story.actor("邻社区的专干"), visit))


@then(said("{lead:who}看到{name:who}(?P<what>同一时间还在另一处服务|住院期间有一次服务)"))
def _sees(story: Story, lead: str, name: str, what: str) -> None:
    code = ELSEWHERE if lead == "邻社区的站长" else HERE
    kind = care.TWO_PLACES if what.startswith("同一") else care.IN_HOSPITAL
    found = care.look(story.world.bank, story.actor(lead), code).findings
    assert [one.names for one in found if one.kind == kind] == [(name,)]


@given(said("专干登记{name:who}从{day:day}起住院"))
def _stays(story: Story, name: str, day: str) -> None:
    noted = papers.Stay(id=story.new_id(), community=HERE, person=story.person(name), from_day=story.day(day))
    papers.note_stay(story.world.bank, story.actor("专干"), noted)


# What is published and reported


@then(said("本月公布的是：{confirmed:count}次服务中有{own:count}次由本人确认"))
def _by_own_hand(story: Story, confirmed: int, own: int) -> None:
    found = needs.of_month(story.world.bank, HERE)
    assert (found.confirmed, found.own_hand) == (confirmed, own)


@given(said("{elder:who}用公益额度约了{time:time}服务，由{volunteer:who}服务了"))
def _at_public_cost(story: Story, elder: str, time: int, volunteer: str) -> None:
    hold = story.world.order(PEOPLE[elder], time, payer="public").record.id
    story.world.settle_hold(hold, PEOPLE[volunteer], time)


@then(said("站长看到公益时长池有{time:time}，还够用{months:count}个整月"))
def _lasts(story: Story, time: int, months: int) -> None:
    found = fund.report(story.world.bank, story.actor("站长"), HERE)
    assert (found.minutes, found.months_left) == (time, months)
