"""The way of an order: asked for, taken, begun, ended, confirmed, or given back."""

from pytest_bdd import given, step, then

from tests.world import ELSEWHERE, HERE, SECRET
from timebank.access import OPERATOR
from timebank.schemas.refusals import STATES
from timebank.schemas.words import gettext, reading
from timebank.services import orders

from ..story import Story
from ..wording import PEOPLE, Phrases, said

_MORE = Phrases(
    {
        "由公益额度支付": lambda: {"payer": "public"},
        "由自己的时长支付": lambda: {"payer": "self"},
        "日期是{day:day}": lambda day: {"wanted_day": day},
        "{hour:count}点开始": lambda hour: {"start": hour * 60},
        "连续{weeks:count}周": lambda weeks: {"weeks": weeks},
        "陈秀兰也在": lambda: {"also": "陈秀兰"},
        "要{service:service}": lambda service: {"service": service},
        "希望来的是女性": lambda: {"gender": "f"},
        "要“跳伞”": lambda: {"service": "跳伞"},
        "地址是“大兴路8号”": lambda: {"place": "大兴路8号"},
    }
)
HOWS = {"phone": "老人的手机", "card": "卡和密码", "code": "撕码", "proxy": "亲属", "clerk": "专干", "auto": "默认"}


@step(said("{actor:who}(?:为{elder:who}|为自己)约{time:time}服务{more}"))
def _asks(story: Story, actor: str, elder: str | None, time: int, more: str | None) -> None:
    fields = _MORE.read(more)
    if "wanted_day" in fields:
        fields["wanted_day"] = story.day(fields["wanted_day"])
    if "also" in fields:
        fields["also"] = (story.person(fields["also"]),)
    wish = story.world.wish(PEOPLE[elder or actor], time, **fields)
    story.form = wish
    before = story.posted
    story.post(lambda: orders.request(story.world.bank, story.actor(actor), wish))
    if story.posted is not before:
        story.hold = wish.id


@given(said("{elder:who}约了{time:time}服务，{volunteer:who}接了单"))
def _taken(story: Story, elder: str, time: int, volunteer: str) -> None:
    _asks(story, "专干", elder, time, None)
    _takes(story, volunteer)


@given(said("{elder:who}约了{time:time}服务，{volunteer:who}已经上门服务了{length:time}，签退了"))
def _given(story: Story, elder: str, time: int, volunteer: str, length: int) -> None:
    _taken(story, elder, time, volunteer)
    _signs_in(story, volunteer)
    story.world.clock.advance(minutes=length)
    _signs_out(story, volunteer)


@then(said("这一单的地点是(?P<place>.+)"))
def _is_at(story: Story, place: str) -> None:
    assert orders.told(story.world.bank, story.actor("专干"), HERE, story.hold).place == place


@then("这一单由社工陪同")
def _accompanied(story: Story) -> None:
    assert orders.told(story.world.bank, story.actor("专干"), HERE, story.hold).accompany


@step(said("{volunteer:who}只看自己网格的需求"))
def _looks_near(story: Story, volunteer: str) -> None:
    story.attempt(lambda: orders.board(story.world.bank, story.actor(volunteer), HERE, near=True))


# The station


@step("专干审核通过")
def _reviews(story: Story) -> None:
    story.attempt(lambda: orders.review(story.world.bank, story.actor("专干"), HERE, story.hold))


def _cancelled(story: Story, reason: str, community: str = HERE) -> orders.Cancelled:
    return orders.Cancelled(community=community, hold=story.hold, reason=reason)


@step("专干回复办不了")
def _declines(story: Story) -> None:
    story.post(lambda: orders.decline(story.world.bank, story.actor("专干"), _cancelled(story, "no-volunteer")))


@step(said("{actor:who}取消订单"))
def _cancels(story: Story, actor: str) -> None:
    cancelled = _cancelled(story, "cancelled", ELSEWHERE if actor == "邻社区的专干" else HERE)
    story.post(lambda: orders.cancel(story.world.bank, story.actor(actor), cancelled))


@step(said("专干派{volunteer:who}去"))
def _sends(story: Story, volunteer: str) -> None:
    sent = orders.Sent(community=HERE, hold=story.hold, volunteer=story.person(volunteer))
    story.attempt(lambda: orders.dispatch(story.world.bank, story.actor("专干"), sent))


@step("专干登记志愿者没有来")
def _misses(story: Story) -> None:
    story.attempt(lambda: orders.miss(story.world.bank, story.actor("专干"), HERE, story.hold))


@step("专干联系不上老人，取消上门")
def _calls_off(story: Story) -> None:
    story.post(lambda: orders.call_off(story.world.bank, story.actor("专干"), HERE, story.hold))


# The volunteer


@step(said("{volunteer:who}接单"))
def _takes(story: Story, volunteer: str) -> None:
    story.attempt(lambda: orders.accept(story.world.bank, story.actor(volunteer), HERE, story.hold))


@step(said("{volunteer:who}退单"))
def _gives_back(story: Story, volunteer: str) -> None:
    story.attempt(lambda: orders.give_back(story.world.bank, story.actor(volunteer), HERE, story.hold))


@step(said("{volunteer:who}签到"))
def _signs_in(story: Story, volunteer: str) -> None:
    story.attempt(lambda: orders.check_in(story.world.bank, story.actor(volunteer), HERE, story.hold))


@step(said("{volunteer:who}签退"))
def _signs_out(story: Story, volunteer: str) -> None:
    story.attempt(lambda: orders.check_out(story.world.bank, story.actor(volunteer), HERE, story.hold))


@step(said("{volunteer:who}敲门，没有人应"))
def _knocks(story: Story, volunteer: str) -> None:
    story.made = story.attempt(lambda: orders.knock(story.world.bank, story.actor(volunteer), HERE, story.hold))


# Time


@step(said("过了{time:time}"))
def _later(story: Story, time: int) -> None:
    story.world.clock.advance(minutes=time)


@step(said("过了{days:count}天"))
def _days_later(story: Story, days: int) -> None:
    """After a silence of days the operator has looked at the clock."""
    story.world.clock.advance(days=days)
    story.world.bank.confirm_clock()


@step("系统到点处理订单")
def _clock(story: Story) -> None:
    orders.run_clock(story.world.bank, OPERATOR)


# By whose hand


def _confirm(story: Story, actor: str, **how: str) -> None:
    confirmed = orders.Confirmed(community=HERE, hold=story.hold, **how)
    story.post(lambda: orders.confirm(story.world.bank, story.actor(actor), confirmed))


@step(said("{actor:who}确认"))
def _confirms(story: Story, actor: str) -> None:
    _confirm(story, actor)


@given(said("专干给{elder:who}打印了一张撕码纸"))
@step(said("专干给{elder:who}重新打印一张撕码纸"))
def _sheet(story: Story, elder: str) -> None:
    story.codes += orders.make_sheet(story.world.bank, story.actor("专干"), HERE, story.person(elder))


@step(said("{actor:who}输入第{which:count}个码确认"))
def _types_code(story: Story, actor: str, which: int) -> None:
    _confirm(story, actor, code=story.codes[which - 1])


@step(said("在服务站的设备上刷卡，输入(?P<right>正确|错误)的密码"))
def _card(story: Story, right: str) -> None:
    _confirm(story, "专干", pin=SECRET if right == "正确" else "0000")


@step("专干代为确认，原因是老人不会写字")
def _clerk_confirms(story: Story) -> None:
    _confirm(story, "专干", reason="cannot-sign")


@step("专干代为确认，没有写原因")
def _clerk_confirms_bare(story: Story) -> None:
    _confirm(story, "专干")


@step(said("{actor:who}说有疑问"))
def _doubts(story: Story, actor: str) -> None:
    doubt = orders.Doubt(community=HERE, hold=story.hold)
    story.attempt(lambda: orders.doubt(story.world.bank, story.actor(actor), doubt))


@step("站长认定没有服务")
def _rejects(story: Story) -> None:
    story.post(lambda: orders.reject(story.world.bank, story.actor("站长"), HERE, story.hold))


@step(said("(?P<staff>专干|站长)按纸质单补录：{volunteer:who}服务{time:time}(?P<proxy>，由亲属确认)?"))
def _enters(story: Story, staff: str, volunteer: str, time: int, proxy: str | None) -> None:
    done = orders.Done(
        community=HERE,
        hold=story.hold,
        volunteer=story.person(volunteer),
        day=story.day("今天"),
        minutes=time,
        confirmed="proxy" if proxy else "paper",
    )
    story.post(lambda: orders.enter(story.world.bank, story.actor(staff), done))


@step(said("{actor:who}打{stars:count}星"))
def _rates(story: Story, actor: str, stars: int) -> None:
    rated = orders.Rated(community=HERE, hold=story.hold, stars=stars)
    story.attempt(lambda: orders.rate(story.world.bank, story.actor(actor), rated))


# What can be seen


@then(said("订单的状态是「(?P<state>.+)」"))
def _state(story: Story, state: str) -> None:
    told = story.order().state
    with reading("zh"):
        assert gettext(STATES[told]) == state


@then(said("求助板上(?P<there>有|没有)这个订单"))
def _on_board(story: Story, there: str) -> None:
    board = orders.board(story.world.bank, story.actor("李明"), HERE)
    assert (story.hold in [one.hold for one in board]) == (there == "有")


@then("求助板上看不到她的名字、地址和类别")
def _discreet(story: Story) -> None:
    shown = repr(orders.board(story.world.bank, story.actor("李明"), HERE))
    assert story.hold in shown
    for private in ("陈秀兰", "大兴路", story.person("陈秀兰"), "key-elder", "entitlement"):
        assert private not in shown


@then(said("这个订单排在求助板第一"))
def _first_on_board(story: Story) -> None:
    assert orders.board(story.world.bank, story.actor("李明"), HERE)[0].hold == story.hold


@then(said("{volunteer:who}看得到地址“{place:text}”"))
def _sees_place(story: Story, volunteer: str, place: str) -> None:
    assert orders.told(story.world.bank, story.actor(volunteer), HERE, story.hold).place == place


@step(said("{volunteer:who}查看这个订单"))
def _looks(story: Story, volunteer: str) -> None:
    story.attempt(lambda: orders.told(story.world.bank, story.actor(volunteer), HERE, story.hold))


@then(said("服务站和家人有{time:time}去联系老人"))
def _until(story: Story, time: int) -> None:
    assert story.made == story.world.clock() + time * 60_000


@then(said("确认方式记为「{how:text}」"))
def _by_hand(story: Story, how: str) -> None:
    posted = story.entered
    assert HOWS[posted.record.intent.body["confirmed"]] == how


@then(said("这一单由(?P<payer>公益时长池|社区)支付"))
def _paid_by(story: Story, payer: str) -> None:
    posted = story.entered
    assert posted.record.intent.moves[0].source == {"公益时长池": "fund", "社区": "issue"}[payer]


@then(said("再约同样的一单，下单前写明：还剩{left:time}，要用{needed:time}"))
def _quoted(story: Story, left: int, needed: int) -> None:
    quoted = orders.quote(story.world.bank, story.actor("专干"), story.form)
    assert (quoted.available, quoted.needed) == (left, needed)


@then(said("一共有{count:count}个订单，各办各的"))
def _several(story: Story, count: int) -> None:
    assert len(orders.of_elder(story.world.bank, story.actor("专干"), story.person("王桂英"))) == count
