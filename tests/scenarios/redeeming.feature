# language: zh-CN
@redeemer
功能: 谁能用
  年满60岁可以用时长约服务；有困难证明的，规则可以放宽。家人在授权范围内可以代办。

  场景: 年满60岁的老人用自己的时长约服务
    Somebody of 60 uses her hours; they are held from then on.

    假如王桂英有2小时时长
    当专干为王桂英约1小时服务
    那么王桂英可用1小时
    而且王桂英已预留1小时

  场景: 不到60岁，还不能用
    Below that age nobody does.

    假如吴刚今年59岁，登记为老人
    而且吴刚有2小时时长
    当专干为吴刚约1小时服务
    那么系统说：「本社区年满60岁才能使用时长。确有困难的，请在个人页面登记证明，按规则可以提前。」
    而且英文是：“Hours are used here from the age of 60 on. In hardship, note its proof on the person's page: the rules may allow it earlier.”
    而且吴刚可用2小时

  场景: 规则放宽以后，有困难证明的可以提前用
    In proved hardship hours are used earlier, where the policy says so.

    假如本社区规定：有困难的年满50岁就能使用
    而且吴刚今年55岁，登记为志愿者
    而且吴刚有2小时时长
    当专干为吴刚约1小时服务
    那么系统说：「本社区年满60岁才能使用时长。确有困难的，请在个人页面登记证明，按规则可以提前。」
    而且英文是：“Hours are used here from the age of 60 on. In hardship, note its proof on the person's page: the rules may allow it earlier.”
    假如吴刚有困难的证明
    当专干为吴刚约1小时服务
    那么吴刚已预留1小时

  场景: 困难证明过期了就不再放宽
    A proof of hardship counts up to its last day.

    假如本社区规定：有困难的年满50岁就能使用
    而且吴刚今年55岁，登记为志愿者
    而且吴刚有2小时时长
    而且吴刚有困难的证明，到昨天为止
    当专干为吴刚约1小时服务
    那么系统说：「本社区年满60岁才能使用时长。确有困难的，请在个人页面登记证明，按规则可以提前。」
    而且英文是：“Hours are used here from the age of 60 on. In hardship, note its proof on the person's page: the rules may allow it earlier.”

  场景: 没有出生日期，先补登
    Where an age is asked for, the day of birth must be known.

    假如吴刚登记为志愿者和老人，没有登记出生日期
    而且吴刚有2小时时长
    当专干为吴刚约1小时服务
    那么系统说：「没有登记出生日期。请在服务台的个人页面补登后再试。」
    而且英文是：“The day of birth is not known. Please enter it at the counter, on the person's page, and try again.”

  场景: 时长不够，约不了
    Nobody orders more than she has.

    假如王桂英有1小时时长
    当专干为王桂英约2小时服务
    那么系统说：「时长不够：可用1小时，需要2小时。请减少时长，或换一个付时长的人。」
    而且英文是：“Not enough hours: 1 hour available, 2 hours needed. Enter less, or choose another payer.”
    而且王桂英可用1小时

  场景: 一次约的服务不会超过一天
    No order is longer than a day.

    假如王桂英有30小时时长
    当专干为王桂英约25小时服务
    那么系统说：「时间太长：最多 1440 分钟。请核对，或分次填写。」
    而且英文是：“That is too long: at most 1440 minutes. Please check, or enter it as parts.”

  @catalogue
  场景: 只约服务目录里有的项目
    Only services of the catalogue are ordered.

    假如王桂英有2小时时长
    当专干为王桂英约1小时服务，要“跳伞”
    那么系统说：「服务目录里没有“跳伞”，请从目录中选。」
    而且英文是：“There is no service “跳伞” in the list. Choose one from the list.”

  场景: 被暂停的人不能用
    Who is suspended uses no hours.

    假如王桂英有2小时时长
    而且站长暂停王桂英
    当专干为王桂英约1小时服务
    那么系统说：「此人已被暂停。请另选他人，或请站长解除暂停。」
    而且英文是：“This person is suspended. Choose somebody else, or ask the lead to end it.”

  @relations
  场景: 女儿在授权范围内替母亲约服务
    A daughter orders for her mother within the consent.

    假如王桂英有2小时时长
    当王芳为王桂英约1小时服务
    那么王桂英已预留1小时
    而且订单的状态是「待服务站审核」

  @relations
  场景: 授权有每月上限
    A consent may have a monthly limit; what was given back does not count.

    假如王桂英有5小时时长
    而且王桂英授权王芳每月最多代用2小时
    当王芳为王桂英约1小时服务
    而且王芳为王桂英约2小时服务
    那么系统说：「老人的授权本月还可用1小时，需要2小时。请少用一些，或由老人本人办理。」
    而且英文是：“The consent leaves 1 hour for this month, 2 hours are needed. Use less, or let the elder do it herself.”
    当王芳取消订单
    而且王芳为王桂英约2小时服务
    那么王桂英已预留2小时

  @relations
  场景: 老人撤回授权，马上生效
    A consent that was taken back is over at once.

    假如王桂英有2小时时长
    当王桂英撤回对王芳的授权
    那么王芳不能再替王桂英办事
    当王芳为王桂英约1小时服务
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  @relations
  场景: 不相干的人不能替老人约服务
    A stranger orders for nobody.

    假如王桂英有2小时时长
    当李明为王桂英约1小时服务
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”
    而且王桂英可用2小时
