# language: zh-CN
@policy
功能: 政策版本
  规则由居民会议决定，两位管理员签名公布，写明从哪天起生效，以后只能再公布新的一版，不能改旧的。每一笔按服务当天的规则判断。

  场景: 新规则由两位管理员签名，摘要记入账本
    A policy is signed by two admins; its digest stands in the ledger.

    当本社区规定：每人每天最多存入2小时
    那么新规则由2位管理员签名，账本里记有它的摘要
    而且规则里写着：「一天最多存入 2小时；超出部分转入公益时长池。」

  场景: 补记按服务当天的规则算
    A late entry is judged by the version in force on the day of service.

    假如从明天起，本社区规定：时长按分钟存入
    当过了2天
    而且专干登记：李明为王桂英服务47分钟，服务日期是2天前
    那么这一笔按第2版规则判断
    而且这一笔存入30分钟
    当专干登记：赵敏为王桂英服务47分钟
    那么这一笔按第3版规则判断
    而且这一笔存入47分钟

  场景: 还没生效的规则，今天不算
    A policy from a later day leaves today as it is.

    假如从3天后起，本社区规定：每人每天最多存入60分钟
    当专干登记：李明为王桂英服务2小时
    那么李明可用2小时
    当过了3天
    而且专干登记：赵敏为王桂英服务2小时
    那么赵敏可用1小时
    而且公益时长池里有1小时

  场景: 不能公布从过去的日子起生效的规则
    A policy does not hold from a day that is over.

    当从昨天起，本社区规定：每人每天最多存入60分钟
    那么系统说：「下一版规则是第3版，最早从2026年9月22日 星期二起生效。请改选这一天或更晚的日期。」
    而且英文是：“The next rules are version 3, in force from Tuesday 22 September 2026 or later. Please choose that day or a later one.”

  场景: 规则写明是哪一次群众会议定的
    A policy cites the residents' meeting that decided it.

    当本社区规定：2026年9月1日群众会，41人到会，从2026年9月2日公示到2026年9月9日
    那么规则里写着：「由 2026年9月1日 星期二 的群众会议定。」
    而且规则里写着：「到会 41 人。」
    而且规则里写着：「自 2026年9月2日 星期三 起公示，」
    而且规则里写着：「至 2026年9月9日 星期三 止。」

  场景: 没开会就公示的规则不能公布
    First the meeting, then the publication.

    当有人想公布9月9日才开会、9月2日就公示的规则
    那么这样的规则不能公布，并指出是“adopted”这一条

  场景: 同样的规则再公布一次，什么也不变
    What is in force already is not posted again.

    假如本社区规定：每人每天最多存入2小时
    当本社区再次公布同样的规则
    那么账本里没有新的记录

  场景: 自相矛盾的规则不能公布
    A document of which no policy comes is not kept.

    当有人想公布“每人每天最多存入0分钟”的规则
    那么这样的规则不能公布，并指出是“caps.day_minutes”这一条

  场景: 社区成立以前的日子没有规则
    Before the first policy there are no rules.

    当专干登记：李明为王桂英服务1小时，服务日期是2026年9月1日
    那么系统说：「2026年9月1日 星期二还没有生效的规则。请填写更晚的日期；更早的服务请找站长。」
    而且英文是：“No rules were in force on Tuesday 1 September 2026. Enter a later day; for earlier service ask the lead.”

  场景: 只有管理员能公布规则
    Only an admin publishes rules.

    当站长想公布规则：每人每天最多存入2小时
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  @station
  场景: 服务站电话写在规则里，谁都查得到
    The station's telephone is a rule, so it is signed and dated like the others.

    当本社区规定：服务站电话是0851-28220000
    那么新规则由2位管理员签名，账本里记有它的摘要
    而且规则里写着：「需要帮助，请打服务站电话：0851-28220000。」
    而且邻社区的规则里写着：「没有登记服务站电话。」
