"""Invented people who look real: names, telephone numbers, years of birth. Any likeness is chance."""

from dataclasses import dataclass
from random import Random

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单"
_ELDER_WOMEN = (
    "桂英",
    "秀英",
    "玉兰",
    "淑珍",
    "桂兰",
    "秀兰",
    "凤英",
    "素芬",
    "国珍",
    "明珍",
    "金秀",
    "春梅",
    "惠芳",
    "仕碧",
)
_ELDER_MEN = (
    "国华",
    "建国",
    "德明",
    "正华",
    "文才",
    "光荣",
    "永贵",
    "世林",
    "兴发",
    "明德",
    "大贵",
    "朝阳",
    "云先",
    "学忠",
)
_YOUNGER = (
    "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "超", "霞", "平", "刚", "晓燕", "建华", "志强", "婷婷", "雨涵", "思琪",
    "浩然", "子轩", "欣怡", "俊杰", "海燕", "红梅", "小红", "佳慧", "天佑", "黔生", "遵义", "播州", "红霞", "开云", "远航",
)  # fmt: skip
_GRIDS = 4
_STREETS = ("中华路", "解放路", "公园路", "内环路", "海尔大道", "香港路", "北京路", "凤凰路", "万里路", "石龙路")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One invented person."""

    name: str
    phone: str | None
    address: str
    born: str
    gender: str
    grid: str


def elder(random: Random) -> Figure:
    """Born 1936 to 1963; one in five has no telephone."""
    gender, names = random.choice((("f", _ELDER_WOMEN), ("m", _ELDER_MEN)))
    return _figure(random, random.choice(names), gender, 1936, 1963, with_phone=random.random() > 0.2)


def volunteer(random: Random) -> Figure:
    return _figure(random, random.choice(_YOUNGER), random.choice("fm"), 1958, 2005, with_phone=True)


def _figure(random: Random, given: str, gender: str, first: int, last: int, *, with_phone: bool) -> Figure:
    # 199 with 0000 in the middle: nobody's telephone is called by a demonstration.
    phone = f"1990000{random.randrange(10_000):04d}" if with_phone else None
    return Figure(
        name=random.choice(_SURNAMES) + given,
        phone=phone,
        address=f"{random.choice(_STREETS)}{random.randrange(1, 200)}号{random.randrange(1, 7)}单元{random.randrange(101, 904)}",
        born=f"{random.randrange(first, last + 1)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}",
        gender=gender,
        grid=f"{random.randrange(1, _GRIDS + 1):02d}",
    )
