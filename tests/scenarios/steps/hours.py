"""Hours: a service that is recorded, what it is worth, and what somebody has."""

from dataclasses import replace

from pytest_bdd import given, step, then

from tests.world import HERE
from timebank.services import gifts, hours, pairs, statements

from ..story import Story
from ..wording import PEOPLE, Phrases, said

_MORE = Phrases(
    {
        "服务日期是{day:day}": lambda day: {"day": day},
        "从{start:count}点到{end:count}点": lambda start, end: {"start": start * 60, "end": end * 60},
        "项目是{service:service}": lambda service: {"service": service},
        "项目是“跳伞”": lambda: {"service": "跳伞"},
        "由亲属确认": lambda: {"confirmed": "proxy"},
        "由公益时长池支付": lambda: {"payer": "fund"},
        "由老人支付": lambda: {"payer": "elder"},
        "只记时长": lambda: {"uncredited": "duty"},
        "集体活动": lambda: {"uncredited": "group"},
    }
)


@step(said("{staff:who}登记：{volunteer:who}为{elder:who}服务{time:time}{more}"))
def _records(story: Story, staff: str, volunteer: str, elder: str, time: int, more: str | None) -> None:
    _record(story, staff, _visit(story, volunteer, elder, time, more))


@step(said("{staff:who}登记：{volunteer:who}服务{time:time}，没有填服务对象{more}"))
def _records_for_nobody(story: Story, staff: str, volunteer: str, time: int, more: str | None) -> None:
    _record(story, staff, replace(_visit(story, volunteer, "王桂英", time, more), served=()))


@step(said("{staff:who}登记日间照料：{volunteer:who}服务{time:time}，在场的有{elders:text}"))
def _records_shift(story: Story, staff: str, volunteer: str, time: int, elders: str) -> None:
    present = tuple(map(story.person, elders.split("、")))
    visit = replace(_visit(story, volunteer, "王桂英", time, None), served=present, service="day-care", shift="s1")
    _record(story, staff, visit)


def _visit(story: Story, volunteer: str, elder: str, time: int, more: str | None) -> hours.Visit:
    fields = _MORE.read(more)
    if "day" in fields:
        fields["day"] = story.day(fields["day"])
    return story.world.visit(PEOPLE[volunteer], PEOPLE[elder], time, **fields)


def _record(story: Story, staff: str, visit: hours.Visit) -> None:
    story.form = visit
    story.post(lambda: hours.record(story.world.bank, story.actor(staff), visit))


@step(said("专干把同一张表单再提交一次"))
def _sends_again(story: Story) -> None:
    _record(story, "专干", story.form)


@step(said("专干在同一张表单上改成{time:time}再提交"))
def _sends_other(story: Story, time: int) -> None:
    _record(story, "专干", replace(story.form, minutes=time))


@step(said("专干补记同去的{second:who}"))
def _went_along(story: Story, second: str) -> None:
    along = pairs.Along(community=HERE, entry=story.entry(), second=story.person(second))
    story.attempt(lambda: pairs.note(story.world.bank, story.actor("专干"), along))


@given(said("{name:who}有{time:time}时长"))
def _has(story: Story, name: str, time: int) -> None:
    story.grant(name, time)


@given(said("公益时长池有{time:time}"))
def _fund_has(story: Story, time: int) -> None:
    story.grant("赵敏", time)
    donation = gifts.Donation(id=story.new_id(), community=HERE, giver=story.person("赵敏"), minutes=time)
    gifts.donate(story.world.bank, story.actor("赵敏"), donation)


# What came of it


@then(said("{name:who}可用{time:time}"))
def _available(story: Story, name: str, time: int) -> None:
    assert story.figures(name).available == time


@then(said("{name:who}已预留{time:time}"))
def _held(story: Story, name: str, time: int) -> None:
    assert story.figures(name).held == time


@then(said("{name:who}累计服务{time:time}"))
def _served(story: Story, name: str, time: int) -> None:
    assert story.figures(name).served == time


@then(said("{name:who}待追回{time:time}"))
def _owed(story: Story, name: str, time: int) -> None:
    assert story.figures(name).owed == time


@then(said("公益时长池里有{time:time}"))
def _in_fund(story: Story, time: int) -> None:
    assert story.fund() == time


@then(said("这一笔存入{time:time}"))
def _credited(story: Story, time: int) -> None:
    posted = story.entered
    assert posted.record.intent.body["credited"] == time


@then(said("超出的{time:time}另有一笔，进入公益时长池，有凭证"))
def _overflow(story: Story, time: int) -> None:
    posted = story.entered
    (surplus,) = [one for one in posted.followed if one.intent.kind == "overflow"]
    assert (surplus.intent.moves[0].target, surplus.intent.moves[0].minutes) == ("fund", time)
    assert statements.receipt(story.world.bank, story.actor("专干"), HERE, surplus.id)


@then("这是同一笔记录，凭证也是同一张")
def _same_record(story: Story) -> None:
    posted = story.entered
    assert posted.repeated
    assert posted.record.id == story.form.id


@then(said("这一笔按第{version:count}版规则判断"))
def _judged_by(story: Story, version: int) -> None:
    posted = story.entered
    assert posted.record.policy == version


@then("这一笔要等第二人复核，还没有记入账本")
def _waits(story: Story) -> None:
    assert story.figures("李明").served == 0
    assert story.waiting is not None
    assert story.waiting.decision is None


@then(said("这一笔的服务对象是{elders:text}"))
def _served_are(story: Story, elders: str) -> None:
    posted = story.entered
    expected = [story.world.people[PEOPLE[name]].account for name in elders.split("、")]
    assert posted.record.intent.body["served"] == expected
