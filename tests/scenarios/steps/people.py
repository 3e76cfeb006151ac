"""The people: how old, what is proved of them, whose relatives they are, and how their standing changes."""

from dataclasses import replace
from datetime import date

import pytest
from pytest_bdd import given, step, then

from tests.world import ELSEWHERE, HASHER, HERE, SECRET
from timebank import directory
from timebank.access import OPERATOR, Right, Role, allowed
from timebank.ledger import Refused
from timebank.services import (
    cards,
    care,
    estates,
    gifts,
    kin_checks,
    logins,
    members,
    orders,
    papers,
    peers,
    pins,
    roles,
    slips,
    standing,
    transfers,
)

from ..story import Story
from ..wording import PEOPLE, STAFF, said

CLASSES = {
    "重点老人": "key-elder",
    "残疾人": "disabled",
    "困境儿童": "minor-in-hardship",
    "低保对象": "low-income",
    "优抚对象": "veteran-family",
    "困难": "hardship",
}
RELATIONS = {
    "配偶": "spouse",
    "母亲": "parent",
    "婆婆": "parent_in_law",
    "奶奶": "grandparent",
    "女儿": "child",
    "孙子": "grandchild",
}
KINDS = {"志愿服务团体": "group", "服务机构": "provider"}
_THERE = "{} in the other community"


# Registered


def _register(story: Story, name: str, **more: object) -> None:
    story.world.register(PEOPLE[name], name, HERE, **more)


@given(said("{name:who}今年{age:count}岁，登记为(?P<role>志愿者|老人)"))
def _aged(story: Story, name: str, age: int, role: str) -> None:
    today = date.fromisoformat(story.world.clock.day)
    born = today.replace(year=today.year - age).isoformat()
    _register(story, name, born=born, **{"is_volunteer" if role == "志愿者" else "is_elder": True})


@given(said("{name:who}{day:day}满{age:count}岁，登记为志愿者"))
def _birthday(story: Story, name: str, day: str, age: int) -> None:
    then = date.fromisoformat(story.day(day))
    _register(story, name, born=then.replace(year=then.year - age).isoformat(), is_volunteer=True)


@given(said("{name:who}登记为志愿者和老人，没有登记出生日期"))
def _ageless(story: Story, name: str) -> None:
    _register(story, name, is_volunteer=True, is_elder=True)


@step(said("专干补登{name:who}的出生日期：{day:day}"))
def _born(story: Story, name: str, day: str) -> None:
    correction = members.Correction(person=story.person(name), born=story.day(day))
    story.attempt(lambda: members.correct(story.world.bank, story.actor("专干"), correction))


@given(said("{name:who}是(?P<kind>志愿服务团体|服务机构)"))
def _kind(story: Story, name: str, kind: str) -> None:
    _register(story, name, is_volunteer=True, kind=KINDS[kind])


@step(said("专干再登记一次王桂英"))
def _twice(story: Story) -> None:
    again = members.Registration(
        id=story.new_id(), community=HERE, name="王桂英", phone="13800000003", is_elder=True, born="1948-06-01"
    )
    story.attempt(lambda: members.register(story.world.bank, story.actor("专干"), again))


@step(said("专干给王桂英换一张新卡"))
def _renewed(story: Story) -> None:
    wang = story.world.people["wang"]
    renewal = cards.Renewal(community=HERE, person=wang.id, card=wang.card)
    cards.renew(story.world.bank, story.actor("专干"), renewal)


@step(said("专干扫王桂英的旧卡"))
def _scanned(story: Story) -> None:
    card = story.world.people["wang"].card
    story.attempt(lambda: members.search(story.world.bank, story.actor("专干"), HERE, card))


@given(said("{staff:who}就是{name:who}本人"))
def _is_herself(story: Story, staff: str, name: str) -> None:
    story.is_also(staff, name)


# Proved


@step(
    said(
        "(?:专干登记：)?{name:who}有(?P<kind>重点老人|残疾人|困境儿童|低保对象|优抚对象|困难)的证明(?:，到{until:day}为止)?"
    )
)
def _class(story: Story, name: str, kind: str, until: str | None) -> None:
    noted = papers.Class(
        id=story.new_id(),
        community=HERE,
        person=story.person(name),
        name=CLASSES[kind],
        proof="certificate",
        from_day=story.day("20天前"),
        expires_on=story.day(until) if until else None,
    )
    story.attempt(lambda: papers.prove_class(story.world.bank, story.actor("专干"), noted))


@given(said("{name:who}参加过「(?P<course>急救|助浴)」培训(?:，有效到{until:day})?"))
def _trained(story: Story, name: str, course: str, until: str | None) -> None:
    noted = papers.Training(
        id=story.new_id(),
        community=HERE,
        person=story.person(name),
        course={"急救": "first-aid", "助浴": "bathing"}[course],
        day=story.day("20天前"),
        expires_on=story.day(until) if until else None,
    )
    papers.note_training(story.world.bank, story.actor("专干"), noted)


@given("服务目录规定：助浴要先参加「助浴」培训")
def _needs_course(story: Story) -> None:
    bank = story.world.bank
    services = tuple(
        replace(one, training="bathing") if one.code == "bathing" else one for one in bank.catalogue.services
    )
    bank.catalogue = replace(bank.catalogue, services=services)


@step(said("监护人{guardian:who}同意{ward:who}参加服务(?:，到{until:day}为止)?"))
def _guardian(story: Story, guardian: str, ward: str, until: str | None) -> None:
    noted = papers.Guardian(
        id=story.new_id(),
        community=HERE,
        person=story.person(ward),
        guardian=story.person(guardian),
        proof="consent",
        from_day=story.day("20天前"),
        expires_on=story.day(until) if until else None,
    )
    story.attempt(lambda: papers.note_guardian(story.world.bank, story.actor("专干"), noted))


@step("专干终止一条并不存在的登记")
def _no_paper(story: Story) -> None:
    ended = papers.Ended(community=HERE, paper=story.new_id(), day=story.day("今天"))
    story.attempt(lambda: papers.end(story.world.bank, story.actor("专干"), ended))


# Related


@step(said("专干登记：{elder:who}是{member:who}的(?P<relation>配偶|母亲|婆婆|奶奶|女儿|孙子)"))
def _related(story: Story, elder: str, member: str, relation: str) -> None:
    _relate(story, member, elder, RELATIONS[relation], scope=())


@given(said("{elder:who}是{member:who}的(?P<relation>配偶|母亲|婆婆|奶奶|女儿|孙子)"))
def _is_related(story: Story, elder: str, member: str, relation: str) -> None:
    _relate(story, member, elder, RELATIONS[relation], scope=())


def _relate(story: Story, member: str, elder: str, relation: str, **more: object) -> None:
    story.attempt(lambda: story.world.relate(PEOPLE[member], PEOPLE[elder], relation, **more))


@step(said("{elder:who}授权{member:who}每月最多代用{time:time}"))
def _consents(story: Story, elder: str, member: str, time: int) -> None:
    _revoke(story, elder, member)
    _relate(story, member, elder, "parent", monthly_minutes=time)
    _log_in_again(story, member)


@step(said("{elder:who}撤回对{member:who}的授权"))
def _revokes(story: Story, elder: str, member: str) -> None:
    _revoke(story, elder, member)
    _log_in_again(story, member)


def _revoke(story: Story, elder: str, member: str) -> None:
    known = papers.of(story.world.bank, story.actor("专干"), story.person(elder)).proxies
    for one in known:
        if one.member == story.person(member):
            revocation = members.Revocation(community=HERE, kinship=one.id)
            members.revoke(story.world.bank, story.actor("专干"), revocation)


def _log_in_again(story: Story, name: str) -> None:
    """For whom one may act is found out at each request."""
    who = logins.by_session(story.world.bank, story.world.token(PEOPLE[name]))
    assert who is not None
    story.world.actors[PEOPLE[name]] = who.actor


@step(said("{member:who}重新登录"))
def _logs_in(story: Story, member: str) -> None:
    _log_in_again(story, member)


@then(said("{member:who}不能再替{elder:who}办事"))
def _no_proxy(story: Story, member: str, elder: str) -> None:
    assert story.actor(member).elders.get(story.person(elder), frozenset()) == frozenset()


# Giving


@step(said("{actor:who}把{giver:who}的{time:time}转赠给{receiver:who}"))
def _gives(story: Story, actor: str, giver: str, time: int, receiver: str) -> None:
    gift = gifts.Gift(
        id=story.new_id(),
        community=HERE,
        giver=story.person(giver),
        receiver=story.person(receiver),
        minutes=time,
    )
    story.post(lambda: gifts.give(story.world.bank, story.actor(actor), gift))


@step(said("{giver:who}把{time:time}转赠给{receiver:who}"))
def _gives_own(story: Story, giver: str, time: int, receiver: str) -> None:
    _gives(story, giver, giver, time, receiver)


@step(said("{giver:who}把{time:time}捐给公益时长池"))
def _donates(story: Story, giver: str, time: int) -> None:
    donation = gifts.Donation(id=story.new_id(), community=HERE, giver=story.person(giver), minutes=time)
    story.post(lambda: gifts.donate(story.world.bank, story.actor(giver), donation))


# Elsewhere


@step(said("{who:who}在邻社区也登记了"))
def _registered_there(story: Story, who: str) -> None:
    with story.world.bank.view() as view:
        here = view.person(story.person(who))
        born = directory.people.born_of(view.vault, here)
    story.world.register(_THERE.format(PEOPLE[who]), who, ELSEWHERE, is_volunteer=True, born=born)


@step(said("{giver:who}(?P<moves>搬家，)?向(?P<where>邻社区|本社区)的{to:who}转出{time:time}"))
def _sends(story: Story, giver: str, moves: str | None, where: str, to: str, time: int) -> None:
    people = story.world.people
    known = people.get(_THERE.format(PEOPLE[to]), people[PEOPLE[to]])
    story.form = transfers.Transfer(
        id=story.new_id(),
        community=HERE,
        giver=story.person(giver),
        to=known.community,
        card=known.card,
        minutes=time,
        reason=transfers.MOVE if moves else "family",
    )
    story.post(lambda: transfers.send(story.world.bank, story.actor(giver), story.form))


@then("这笔转出已到账")
def _arrived(story: Story) -> None:
    sent = transfers.of_person(story.world.bank, story.actor("专干"), story.form.giver)
    assert [one.state for one in sent if one.id == story.form.id] == ["sent"]


@step(said("与邻社区(?P<act>暂停|恢复)往来"))
def _our_link(story: Story, act: str) -> None:
    _link(story, HERE, ELSEWHERE, act)


@step(said("邻社区(?P<act>暂停|恢复)与本社区往来"))
def _their_link(story: Story, act: str) -> None:
    _link(story, ELSEWHERE, HERE, act)


def _link(story: Story, of: str, to: str, act: str) -> None:
    bank = story.world.bank
    if act == "暂停":
        peers.freeze(bank, OPERATOR, of, bank.origin(to), "by hand")
    else:
        peers.thaw(bank, OPERATOR, of, bank.origin(to))


@step("系统再送一次")
def _again(story: Story) -> None:
    transfers.run_due(story.world.bank, OPERATOR)


# Standing


@step(said("(?P<staff>站长)(?P<act>暂停|解除暂停){name:who}"))
def _suspends(story: Story, staff: str, act: str, name: str) -> None:
    about = standing.Suspension(community=HERE, person=story.person(name))
    do = standing.suspend if act == "暂停" else standing.resume
    story.attempt(lambda: do(story.world.bank, story.actor(staff), about))


@step(said("{staff:who}申请登记{name:who}于{day:day}去世"))
def _died(story: Story, staff: str, name: str, day: str) -> None:
    death = standing.Death(
        id=story.new_id(), community=HERE, person=story.person(name), day=story.day(day), proof="certificate"
    )
    story.post(lambda: standing.ask_death(story.world.bank, story.actor(staff), death))


@given(said("{name:who}于{day:day}去世，已经登记"))
def _is_dead(story: Story, name: str, day: str) -> None:
    _died(story, "专干", name, day)
    story.decide("站长", approve=True)


@step(said("专干申请登记{name:who}以后由监护人{guardian:who}决定"))
def _incapable(story: Story, name: str, guardian: str) -> None:
    incapacity = standing.Incapacity(
        id=story.new_id(),
        community=HERE,
        person=story.person(name),
        guardian=story.person(guardian),
        proof="court",
    )
    story.post(lambda: standing.ask_incapacity(story.world.bank, story.actor("专干"), incapacity))


@step(said("专干申请给{name:who}销户"))
def _closes(story: Story, name: str) -> None:
    closing = standing.Closing(id=story.new_id(), community=HERE, person=story.person(name), reason="moved-away")
    story.post(lambda: standing.ask_closing(story.world.bank, story.actor("专干"), closing))


@step(said("{staff:who}抹去{name:who}的个人资料"))
def _erases(story: Story, staff: str, name: str) -> None:
    erasure = standing.Erasure(community=HERE, person=story.person(name))
    story.attempt(lambda: standing.erase(story.world.bank, story.actor(staff), erasure))


@then(said("{name:who}的监护人是{guardian:who}"))
def _has_guardian(story: Story, name: str, guardian: str) -> None:
    known = papers.of(story.world.bank, story.actor("专干"), story.person(name))
    assert [one.guardian for one in known.guardians] == [story.person(guardian)]


@given(said("{name:who}由监护人{guardian:who}决定，已经登记"))
def _is_guarded(story: Story, name: str, guardian: str) -> None:
    _incapable(story, name, guardian)
    story.decide("站长", approve=True)


@given(said("专干补登{name:who}的住址：(?P<address>.+)"))
def _lives(story: Story, name: str, address: str) -> None:
    correction = members.Correction(person=story.person(name), address=address)
    members.correct(story.world.bank, story.actor("专干"), correction)


@given(said("专干登记{name:who}的社工评估，首次上门由社工陪同"))
def _assessed(story: Story, name: str) -> None:
    found = papers.Assessment(
        id=story.new_id(),
        community=HERE,
        person=story.person(name),
        need="medium",
        day=story.day("今天"),
        accompany=True,
    )
    papers.note_assessment(story.world.bank, story.actor("专干"), found)


@then(said("{name:who}本月的告知单有{count:count}笔服务，交给{reader:who}"))
def _slip(story: Story, name: str, count: int, reader: str) -> None:
    (slip,) = slips.of_month(story.world.bank, story.actor("专干"), HERE).slips
    assert (slip.person, len(slip.items), slip.readers) == (story.person(name), count, (reader,))


# What is left behind


@given(said("专干登记{name:who}的生前意愿：转入公益时长池"))
def _wishes_the_fund(story: Story, name: str) -> None:
    wish = estates.LastWish(community=HERE, person=story.person(name))
    estates.note_wish(story.world.bank, story.actor("专干"), wish)


def _case(story: Story) -> estates.Case:
    (case,) = estates.cases(story.world.bank, story.actor("专干"), HERE)
    return case


@then(said("{name:who}的身故事项剩余{time:time}，可以转给{heir:who}"))
def _has_case(story: Story, name: str, time: int, heir: str) -> None:
    case = _case(story)
    assert (case.person, case.minutes) == (story.person(name), time)
    assert [one.name for one in case.heirs] == [heir]


@step(said("专干申请把{name:who}留下的{time:time}转给(?:{heir:who}|公益时长池)"))
def _inherits(story: Story, name: str, time: int, heir: str | None) -> None:
    wanted = estates.Inheritance(
        id=story.new_id(),
        community=HERE,
        number=_case(story).number,
        minutes=time,
        heir=story.person(heir) if heir else None,
    )
    story.post(lambda: estates.ask(story.world.bank, story.actor("专干"), wanted))


@step("系统处理到期的身故事项")
def _close_cases(story: Story) -> None:
    estates.close_due(story.world.bank, OPERATOR)


@then("身故事项已办结")
def _no_case(story: Story) -> None:
    assert estates.cases(story.world.bank, story.actor("专干"), HERE) == ()


@then(said("去世以后的服务列出来请站长核查：{count:count}笔"))
def _after_death(story: Story, count: int) -> None:
    known = papers.of(story.world.bank, story.actor("站长"), story.person("王桂英"))
    assert len(known.after_death) == count


@step(said("{name:who}用自己的密码登录"))
def _tries_to_log_in(story: Story, name: str) -> None:
    story.attempt(lambda: story.world.token(PEOPLE[name]))


@step(said("{name:who}输错密码{count:count}次"))
def _mistypes(story: Story, name: str, count: int) -> None:
    for _ in range(count):
        wrong = logins.LogIn(name=PEOPLE[name], secret="wrong", address="127.0.0.1")
        with pytest.raises(Refused):
            logins.log_in(story.world.bank, wrong, hasher=HASHER)


@given(said("{name:who}有卡和密码"))
def _has_card(story: Story, name: str) -> None:
    person = story.world.people[PEOPLE[name]]
    login = logins.NewLogin(id=story.new_id(), name=person.card, shown=person.card, secret=SECRET, person=person.id)
    logins.create(story.world.bank, OPERATOR, login, hasher=HASHER)


@step(said("专干让{name:who}设密码“(?P<pin>\\d+)”"))
def _chooses_pin(story: Story, name: str, pin: str) -> None:
    chosen = pins.ChosenPin(community=HERE, person=story.person(name), pin=pin)
    story.attempt(lambda: pins.choose(story.world.bank, story.actor("专干"), chosen, hasher=HASHER))


@step(said("{name:who}用卡和密码“(?P<pin>\\d+)”登录"))
def _logs_in_with_card(story: Story, name: str, pin: str) -> None:
    card = story.world.people[PEOPLE[name]].card
    wanted = logins.LogIn(name=card, secret=pin, address="127.0.0.1")
    story.attempt(lambda: logins.log_in(story.world.bank, wanted, hasher=HASHER))


@step(said("{name:who}登录后接单"))
def _new_login_takes(story: Story, name: str) -> None:
    key, person = PEOPLE[name], story.world.people[PEOPLE[name]]
    story.world.login(key, Role.MEMBER, person.community, person=person.id)
    story.attempt(lambda: orders.accept(story.world.bank, story.actor(name), HERE, story.hold))


@step(said("管理员再开一个登录名“(?P<taken>\\w+)”"))
def _name_taken(story: Story, taken: str) -> None:
    login = logins.NewLogin(id=story.new_id(), name=taken, shown=taken, secret=SECRET)
    story.attempt(lambda: logins.create(story.world.bank, OPERATOR, login, hasher=HASHER))


@given(said("{name:who}今年{age:count}岁，登记为老人，也是志愿者，有自己的登录"))
def _both(story: Story, name: str, age: int) -> None:
    today = date.fromisoformat(story.world.clock.day)
    born = today.replace(year=today.year - age).isoformat()
    _register(story, name, born=born, is_elder=True, is_volunteer=True)
    story.world.login(PEOPLE[name], Role.MEMBER, HERE, person=story.person(name))


@step(said("{name:who}自己填写：愿意{service:service}，星期六上午有空，电话(?P<phone>\\d+)"))
def _describes_herself(story: Story, name: str, service: str, phone: str) -> None:
    own = members.OwnProfile(person=story.person(name), offers=(service,), times=("sat-am",), phone=phone)
    story.attempt(lambda: members.describe_own(story.world.bank, story.actor(name), own))


@then(said("专干看到{name:who}愿意{service:service}，星期六上午有空"))
def _is_described(story: Story, name: str, service: str) -> None:
    seen = members.profile(story.world.bank, story.actor("专干"), story.person(name))
    assert (seen.offers, seen.times) == ((service,), ("sat-am",))


def _as_lead(story: Story, staff: str) -> roles.Wanted:
    return roles.Wanted(community=HERE, login=story.actor(staff).login, role=Role.LEAD, where=HERE)


@step(said("管理员给{staff:who}加上站长的角色"))
def _made_lead(story: Story, staff: str) -> None:
    story.attempt(lambda: roles.give(story.world.bank, story.actor("管理员"), _as_lead(story, staff)))


@step(said("管理员取消{staff:who}的站长角色"))
def _no_lead(story: Story, staff: str) -> None:
    story.attempt(lambda: roles.take(story.world.bank, story.actor("管理员"), _as_lead(story, staff)))


@then(said("{staff:who}(?P<may>不?)可以审批"))
def _approves(story: Story, staff: str, may: str) -> None:
    who = logins.by_session(story.world.bank, story.world.token(STAFF[staff]))
    assert who is not None
    assert allowed(who.actor, Right.APPROVE_VISIT, HERE) is not bool(may)


@step(said("管理员查找登录名“(?P<name>\\w+)”的角色"))
def _look_up(story: Story, name: str) -> None:
    story.attempt(lambda: roles.find(story.world.bank, story.actor("管理员"), HERE, name))


@step(said("{giver:who}已经把这{time:time}转赠给{receiver:who}"))
def _gave_away(story: Story, giver: str, time: int, receiver: str) -> None:
    story.world.give(PEOPLE[giver], PEOPLE[receiver], time)


# What was only declared


@given("专干也是站长")
def _is_lead_too(story: Story) -> None:
    roles.give(story.world.bank, OPERATOR, _as_lead(story, "专干"))
    who = logins.by_session(story.world.bank, story.world.token("clerk"))
    assert who is not None
    story.world.actors["clerk"] = who.actor


@step("管理员抽取上个月要核实的亲属关系")
def _draws_kin(story: Story) -> None:
    story.attempt(lambda: kin_checks.draw(story.world.bank, story.actor("管理员"), HERE))


@then(said("站长要核实{member:who}与{elder:who}的关系"))
def _to_check(story: Story, member: str, elder: str) -> None:
    (one,) = kin_checks.open_ones(story.world.bank, story.actor("站长"), HERE)
    assert (one.member_name, one.elder_name) == (member, elder)


@step(said("{staff:who}核实：(?P<answer>不?属实)"))
def _checks_kin(story: Story, staff: str, answer: str) -> None:
    (one,) = kin_checks.open_ones(story.world.bank, story.actor("站长"), HERE)
    said_so = kin_checks.FALSE if answer.startswith("不") else kin_checks.TRUE
    checked = kin_checks.Checked(community=HERE, kinship=one.kinship, answer=said_so)
    story.attempt(lambda: kin_checks.answer(story.world.bank, story.actor(staff), checked))


@then(said("{member:who}不能再替{elder:who}办事"))
def _acts_no_more(story: Story, member: str, elder: str) -> None:
    who = logins.by_session(story.world.bank, story.world.token(PEOPLE[member]))
    assert who is not None
    assert story.person(elder) not in who.actor.elders


@then(said("站长看到{member:who}、{elder:who}的声明不属实"))
def _is_false(story: Story, member: str, elder: str) -> None:
    found = care.look(story.world.bank, story.actor("站长"), HERE).findings
    assert [one.names for one in found if one.kind == care.FALSE_KIN] == [(member, elder)]
