"""Events of several: rosters, acceptance lists; and the codes inside a door."""

from pytest_bdd import given, step, then

from tests.world import HERE
from timebank.ledger import Refused
from timebank.services import acceptance, approvals, audits, care, groups, hours, orders, publication, rosters

from ..story import Story
from ..wording import said


@given(said("{names:text}是{group:who}的成员"))
def _belong(story: Story, names: str, group: str) -> None:
    for name in names.split("、"):
        new = groups.Membership(
            id=story.new_id(),
            community=HERE,
            group=story.person(group),
            person=story.person(name),
            from_day=story.day("今天"),
        )
        groups.join(story.world.bank, story.actor("专干"), new)


# Rosters


@step(said("专干按名单登记：{group:who}活动{time:time}，到场的有{there:text}"))
def _groups_event(story: Story, group: str, time: int, there: str) -> None:
    _enter(story, time, there, group=story.person(group), service="company")


@step(said("专干按名单登记清洁日：{time:time}，到场的有{there:text}"))
def _clean_up(story: Story, time: int, there: str) -> None:
    _enter(story, time, there, uncredited="clean-up", service="company")


@step(said("专干按名单登记日间照料：{time:time}，到场的有{there:text}，在场的老人有{elders:text}"))
def _shift(story: Story, time: int, there: str, elders: str) -> None:
    present = tuple(map(story.person, elders.split("、")))
    _enter(story, time, there, served=present, service="day-care")


def _enter(story: Story, time: int, there: str, **more: object) -> None:
    values: dict[str, object] = {
        "id": story.new_id(),
        "community": HERE,
        "day": story.day("今天"),
        "minutes": time,
        "there": tuple(rosters.There(volunteer=story.person(name)) for name in there.split("、")),
    }
    story.form = rosters.Roster(**values | more)  # type: ignore[arg-type]
    _send(story)


@step("专干把同一份名单再提交一次")
def _send(story: Story) -> None:
    story.made = story.attempt(lambda: rosters.record(story.world.bank, story.actor("专干"), story.form))


def _row(story: Story, name: str) -> rosters.Result:
    found: rosters.Results = story.made
    return next(row for row in found.rows if row.person == story.person(name))


@then(said("名单上{name:who}没有记入"))
def _is_named(story: Story, name: str) -> None:
    row = _row(story, name)
    assert row.outcome == hours.REFUSED

    def told() -> None:
        assert row.code is not None
        raise Refused(row.code, **row.facts)

    story.attempt(told)


@step(said("另一位专干申请更正名单上{name:who}的记录，站长同意"))
def _undo_row(story: Story, name: str) -> None:
    _undo(story, str(_row(story, name).entry))


@step("另一位专干申请更正这一笔，站长同意")
def _undo_entry(story: Story) -> None:
    _undo(story, story.entry())


def _undo(story: Story, entry: str) -> None:
    wanted = approvals.Reversal(id=story.new_id(), community=HERE, entry=entry, reason="not-given")
    approvals.ask_reversal(story.world.bank, story.actor("另一位专干"), wanted)
    approvals.decide(story.world.bank, story.actor("站长"), HERE, wanted.id, approve=True)


@then(said("本月公示共{time:time}，其中团体存入公益时长池{share:time}"))
def _published(story: Story, time: int, share: int) -> None:
    found = publication.of_month(story.world.bank, story.actor("专干"), HERE)
    assert (found.minutes, found.from_groups) == (time, share)


# Acceptance lists


@step(said("专干查看{name:who}本月的验收单"))
def _looks(story: Story, name: str) -> None:
    person = story.person(name)
    story.made = story.attempt(lambda: acceptance.of_month(story.world.bank, story.actor("专干"), HERE, person))


@then(said("{name:who}本月的验收单上有{number:count}次，共{time:time}"))
def _accepted(story: Story, name: str, number: int, time: int) -> None:
    _looks(story, name)
    assert (story.made.number, story.made.minutes) == (number, time)


@then(said("验收单上看不到「(?P<name>.+)」，只写「(?P<initials>.+)」"))
def _without_names(story: Story, name: str, initials: str) -> None:
    assert name not in repr(story.made)
    assert {one for visit in story.made.visits for one in visit.served} == {initials}


@then("验收单上的哈希值和账本里的一样")
def _checked(story: Story) -> None:
    for visit in story.made.visits:
        record = audits.record(story.world.bank, story.actor("审计员"), HERE, visit.seq)
        assert (record.id, record.hash.hex()[: len(visit.hash)]) == (visit.entry, visit.hash)


# At the door


@given(said("专干给{elder:who}制作门内卡片"))
def _card(story: Story, elder: str) -> None:
    story.codes.append(orders.make_code(story.world.bank, story.actor("专干"), HERE, story.person(elder)))


@step(said("{volunteer:who}(?P<act>签到|签退)，输入(?P<old>旧的)?门内号码"))
def _signs(story: Story, volunteer: str, act: str, old: str | None) -> None:
    sign = orders.check_in if act == "签到" else orders.check_out
    code = story.codes[0 if old else -1]
    story.attempt(lambda: sign(story.world.bank, story.actor(volunteer), HERE, story.hold, code))


@then(said("本月签到签退{signed:count}次，其中{number:count}次用了门内号码"))
def _counted(story: Story, signed: int, number: int) -> None:
    found = care.look(story.world.bank, story.actor("站长"), HERE)
    assert (found.signed, found.at_door) == (signed, number)
