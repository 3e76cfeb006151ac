"""The rules of a community: what it decides otherwise, from when it holds, and how it reads."""

from typing import Any

import pytest
from pytest_bdd import given, step, then

from tests.world import ELSEWHERE, HERE
from timebank.access import OPERATOR
from timebank.policy import PolicyError
from timebank.schemas import rules
from timebank.schemas.words import reading
from timebank.services import audits, policies

from ..story import Story
from ..wording import Phrases, said

Layer = dict[str, dict[str, str]]

PROFILES = {"南京": "nanjing", "长宁": "changning", "广州": "guangzhou"}
SCOPES = {"全市": policies.CITY, "红花岗区": "红花岗区", "本社区": HERE}


def _one(section: str, **values: Any) -> Layer:
    """Values as TOML writes them."""
    return {section: {key: _word(value) for key, value in values.items()}}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) or value[0] in '"[{' else f'"{value}"'


_RULES = Phrases(
    {
        "服务站电话是{telephone:text}": lambda telephone: _one("station", telephone=telephone),
        "一天不满{time:time}不存、每{step:time}一级": lambda time, step: _one(
            "credit", minimum_minutes=time, step_minutes=step
        ),
        "时长按最近的{time:time}取整": lambda time: _one("credit", rounding="nearest", step_minutes=time),
        "时长按分钟存入": lambda: _one("credit", rounding="none"),
        "每人每天最多存入{time:time}": lambda time: _one("caps", day_minutes=time),
        "每人最多持有{time:time}": lambda time: _one("caps", held_minutes=time),
        "年满{age:count}岁才能存入": lambda age: _one("earning", minimum_age=age),
        "未成年人不能存入": lambda: _one("earning", minors="never"),
        "志愿者必须先参加培训": lambda: _one("earning", training_required=True),
        "年满{age:count}岁才能使用": lambda age: _one("redeeming", minimum_age=age),
        "有困难的年满{age:count}岁就能使用": lambda age: _one("redeeming", hardship_age=age),
        "时长也可以转赠给朋友": lambda: _one("relations", friends=True),
        "声明的亲属关系每1件抽查1件": lambda: _one("relations", check_one_in=1),
        "时长只能用于配偶": lambda: _one("relations", circle='["spouse"]'),
        "时长不能转赠": lambda: _one("giving", gifts=False),
        "时长不能捐赠": lambda: _one("giving", donations=False),
        "重点老人每月有{time:time}公益额度": lambda time: _one("quota", monthly_minutes=f"{{ key-elder = {time} }}"),
        "公益额度只由公益时长池支付": lambda: _one("quota", payers='["fund"]'),
        "体验额度是{time:time}": lambda time: _one("quota", trial_minutes=time),
        "没有体验额度": lambda: _one("quota", trial_minutes=0),
        "两人同去的都存入": lambda: _one("orders", pair="credited"),
        "需求不用审核": lambda: _one("orders", review=False),
        "超过预留的服务不结算": lambda: _one("orders", longer="refuse"),
        "没人接的订单在开始{time:time}后关闭": lambda time: _one("orders", grace_minutes=time),
        "敲门无人应要等{time:time}": lambda time: _one("orders", answer_minutes=time),
        "{days:count}天没有回音就视为确认": lambda days: _one("confirmation", auto_after_days=days),
        "每月回访{percent:count}%": lambda percent: _one("confirmation", callbacks_percent=percent),
        "超过{time:time}的服务要第二人复核": lambda time: _one("second_person", visit_minutes=time),
        "补记超过{days:count}天要第二人复核": lambda days: _one("second_person", late_days=days),
        "第二人复核由街道负责": lambda: _one("second_person", queue="town"),
        "{months:count}个月不用的时长进公益时长池": lambda months: _one("expiry", months=months),
        "累计满{first:count}小时、{second:count}小时的上积德榜": lambda first, second: _one(
            "honours", hours=f"[{first}, {second}]"
        ),
        "时长只在本社区使用": lambda: _one("redeeming", elsewhere="none"),
        "只开展助餐": lambda: _one("catalogue", offers='["meal"]'),
        "时长用时间币显示": lambda: _one("shown", unit="coins"),
        "身故后留下的时长进公益时长池": lambda: _one("estate", rule="fund"),
        "亲属须在{days:count}天内办理身故事项": lambda days: _one("estate", days=days),
        "没有积德榜": lambda: _one("honours", hours="[]"),
        "证明要公示{days:count}天": lambda days: _one("certificate", publication_days=days),
    }
)


def _written(layer: Layer) -> str:
    return "\n".join(
        line
        for section, values in layer.items()
        for line in (f"[{section}]", *(f"{key} = {value}" for key, value in values.items()))
    )


def _set(story: Story, scope: str, layer: str) -> None:
    policies.set_layer(story.world.bank, OPERATOR, SCOPES[scope], layer)


def _publish(story: Story, from_day: str | None = None) -> None:
    story.attempt(lambda: policies.publish(story.world.bank, OPERATOR, HERE, from_day))


@step(said("(?P<scope>全市|红花岗区|本社区)规定：(?P<rule>(?:(?!群众会).)+)"))
def _decided(story: Story, scope: str, rule: str) -> None:
    known = story.layers.setdefault(scope, {})
    for section, values in _RULES.read(rule).items():
        known[section] = known.get(section, {}) | values
    _set(story, scope, _written(known))
    _publish(story)


@step(said("本社区规定：{met:day}群众会，{present:count}人到会，从{first:day}公示到{last:day}"))
def _adopted_by(story: Story, met: str, present: int, first: str, last: str) -> None:
    days = (story.day(met), present, story.day(first), story.day(last))
    _set(story, "本社区", _written(_adopted(*days)))
    _publish(story)


def _adopted(met: str, present: int, first: str, last: str) -> Layer:
    return _one(
        "adopted",
        meeting=met,
        present=present,
        minutes_sha256="0" * 64,
        published_from=first,
        published_until=last,
    )


@step(said("从{day:day}起，本社区规定：{rule:text}"))
def _decided_from(story: Story, day: str, rule: str) -> None:
    _set(story, "本社区", _written(_RULES.read(rule)))
    _publish(story, story.day(day))


@given(said("本社区照用(?P<profile>南京|长宁|广州)的规则"))
def _profile(story: Story, profile: str) -> None:
    _set(story, "本社区", policies.profiles()[PROFILES[profile]])
    _publish(story)


@step("本社区再次公布同样的规则")
def _again(story: Story) -> None:
    story.made = story.size()
    _publish(story)


@step("有人想公布“每人每天最多存入0分钟”的规则")
def _senseless(story: Story) -> None:
    _try(story, _one("caps", day_minutes=0))


@step("有人想公布9月9日才开会、9月2日就公示的规则")
def _not_met_yet(story: Story) -> None:
    _try(story, _adopted("2026-09-09", 41, "2026-09-02", "2026-09-09"))


def _try(story: Story, layer: Layer) -> None:
    with pytest.raises(PolicyError) as error:
        _set(story, "本社区", _written(layer))
    story.made = str(error.value)


@then(said("这样的规则不能公布，并指出是“(?P<key>[a-z_.]+)”这一条"))
def _not_kept(story: Story, key: str) -> None:
    assert story.made.startswith(f"{key}:")
    assert policies.publish(story.world.bank, OPERATOR, HERE) is None


@then("账本里没有新的记录")
def _nothing_new(story: Story) -> None:
    assert story.size() == story.made


@then(said("规则里写着：「(?P<sentence>.+)」"))
def _reads(story: Story, sentence: str) -> None:
    with reading("zh"):
        assert sentence in [said for _, said in rules.in_words(_newest(story, HERE))]


@then(said("邻社区的规则里写着：「(?P<sentence>.+)」"))
def _reads_there(story: Story, sentence: str) -> None:
    policies.publish(story.world.bank, OPERATOR, ELSEWHERE)
    with reading("zh"):
        assert sentence in [said for _, said in rules.in_words(_newest(story, ELSEWHERE))]


def _newest(story: Story, community: str) -> Any:
    return policies.versions(story.world.bank, community)[-1].policy


@then(said("新规则由{count:count}位管理员签名，账本里记有它的摘要"))
def _signed(story: Story, count: int) -> None:
    newest = policies.versions(story.world.bank, HERE)[-1]
    record = audits.overview(story.world.bank, story.actor("审计员"), HERE, limit=1).records[0]
    assert (record.intent.kind, record.intent.body["sha256"]) == ("policy", newest.sha256)
    assert record.note.decode().count("\n— ") == count


@step(said("{staff:who}想公布规则：每人每天最多存入2小时"))
def _may_not(story: Story, staff: str) -> None:
    layer = _written(_RULES.read("每人每天最多存入2小时"))
    story.attempt(lambda: policies.set_layer(story.world.bank, story.actor(staff), HERE, layer))
