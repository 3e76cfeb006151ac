# language: zh-CN
@unit
功能: 存入与折算
  一个人一天里服务的分钟数先加起来，再折算成时长，所以十分钟的帮忙也不会白费。

  场景: 每满半小时存入半小时，零头先记着
    Minutes of a day are rounded down to half hours; all of them count as served.

    当专干登记：李明为王桂英服务50分钟
    那么这一笔存入30分钟
    而且李明可用30分钟
    而且李明累计服务50分钟

  场景: 一天帮三次忙，每次十分钟，合起来算半小时
    Ten minutes three times a day are worth half an hour.

    当专干登记：李明为王桂英服务10分钟
    那么李明可用0分钟
    当专干登记：李明为陈秀兰服务10分钟
    那么李明可用0分钟
    当专干登记：李明为王桂英服务10分钟
    那么这一笔存入30分钟
    而且李明可用30分钟

  场景: 不满十五分钟的先不存，也不丢
    A day below the minimum is recorded and earns nothing yet.

    当专干登记：李明为王桂英服务14分钟
    那么这一笔存入0分钟
    而且李明累计服务14分钟
    当专干登记：李明为王桂英服务16分钟
    那么这一笔存入30分钟

  场景: 隔了一天，零头不再合并
    What is left over of one day is not added to another.

    当专干登记：李明为王桂英服务20分钟，服务日期是昨天
    而且专干登记：李明为王桂英服务20分钟
    那么李明可用0分钟
    而且李明累计服务40分钟

  场景: 规则可以定起点和级差
    The least that earns and the step are rules of their own.

    假如本社区规定：一天不满30分钟不存、每10分钟一级
    当专干登记：李明为王桂英服务25分钟
    那么这一笔存入0分钟
    当专干登记：赵敏为王桂英服务35分钟
    那么这一笔存入30分钟
    当专干登记：李明为王桂英服务16分钟
    那么这一笔存入40分钟

  场景: 规则也可以四舍五入
    Where the policy rounds to the nearest step, half a step counts up.

    假如本社区规定：时长按最近的30分钟取整
    当专干登记：李明为王桂英服务46分钟
    那么这一笔存入1小时

  场景: 规则也可以一分钟算一分钟
    Where the policy does not round, minutes are credited as they are.

    假如本社区规定：时长按分钟存入
    当专干登记：李明为王桂英服务47分钟
    那么这一笔存入47分钟

  场景: 按了两次提交，只记一笔
    The same form sent twice is one entry with one receipt.

    当专干登记：李明为王桂英服务1小时
    而且专干把同一张表单再提交一次
    那么这是同一笔记录，凭证也是同一张
    而且李明可用1小时

  场景: 同一张表单改了数字再提交，不收
    A form that was sent is not sent again with other figures.

    当专干登记：李明为王桂英服务1小时
    而且专干在同一张表单上改成2小时再提交
    那么系统说：「这个编号以前用在别的记录上。请打开新表单重新填写。」
    而且英文是：“This number was used for something else before. Start again with a new form.”
    而且李明可用1小时

  场景: 分钟数要是整数
    Minutes are whole numbers.

    当专干登记：李明为王桂英服务7.5分钟
    那么系统说：「分钟数必须是整数，不带小数点。请改正。」
    而且英文是：“Minutes must be a whole number, without a decimal point. Please correct it.”

  场景: 分钟数不能是零
    Minutes are more than nothing.

    当专干登记：李明为王桂英服务0分钟
    那么系统说：「分钟数至少是 1。请填写服务用了多久。」
    而且英文是：“Minutes must be 1 or more. Please enter how long the service took.”

  场景: 一次服务不会超过一天
    No visit is longer than a day.

    当专干登记：李明为王桂英服务25小时
    那么系统说：「时间太长：最多 1440 分钟。请核对，或分次填写。」
    而且英文是：“That is too long: at most 1440 minutes. Please check, or enter it as parts.”

  场景: 还没到的日子不能记
    A service that is still to come is not recorded.

    当专干登记：李明为王桂英服务1小时，服务日期是明天
    那么系统说：「服务日期 2026年9月23日 星期三 还没有到，请核对日期。」
    而且英文是：“The day of service, Wednesday 23 September 2026, has not come yet. Please check the date.”

  @catalogue
  场景: 只记服务目录里有的项目
    Only services of the catalogue are recorded.

    当专干登记：李明为王桂英服务1小时，项目是“跳伞”
    那么系统说：「服务目录里没有“跳伞”，请从目录中选。」
    而且英文是：“There is no service “跳伞” in the list. Choose one from the list.”

  @earner
  场景: 没有登记为志愿者的人不能存
    Who is not registered as a volunteer earns nothing.

    当专干登记：王桂英为陈秀兰服务1小时
    那么系统说：「此人没有登记为志愿者，请另选志愿者。」
    而且英文是：“This person is not registered as a volunteer. Choose somebody who is.”

  场景: 老人支付的服务要有服务对象
    Where the elder pays, there is an elder.

    当专干登记：李明服务1小时，没有填服务对象，由老人支付
    那么系统说：「本社区没有这个人，请从列表中选。」
    而且英文是：“There is no such person in this community. Choose somebody from the list.”

  场景: 别的社区的人，本社区记不了
    Somebody of another community is not recorded here.

    当专干登记：周强为王桂英服务1小时
    那么系统说：「本社区没有这个人，请从列表中选。」
    而且英文是：“There is no such person in this community. Choose somebody from the list.”

  场景: 老人用自己的时长支付
    An elder pays with her own hours, as far as she has them.

    假如王桂英有1小时时长
    当专干登记：李明为王桂英服务1小时，由老人支付
    那么王桂英可用0分钟
    而且李明可用1小时
    当专干登记：赵敏为王桂英服务30分钟，由老人支付
    那么系统说：「时长不够：可用0分钟，需要30分钟。请减少时长，或换一个付时长的人。」
    而且英文是：“Not enough hours: 0 minutes available, 30 minutes needed. Enter less, or choose another payer.”
