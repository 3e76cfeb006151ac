# language: zh-CN
@policy
功能: 各地的规则
  全市、县区、社区的规则一层压一层，社区只写自己不同的地方。南京、长宁、广州的做法已经写好，可以直接照用。

  @unit @caps
  场景: 红花岗区的规定，区里的社区都照办
    A county's layer reaches its communities, and lies over the city's.

    假如全市规定：每人每天最多存入5小时
    而且红花岗区规定：每人每天最多存入3小时
    那么规则里写着：「一天最多存入 3小时；超出部分转入公益时长池。」
    而且邻社区的规则里写着：「一天最多存入 3小时；超出部分转入公益时长池。」

  @unit @caps
  场景: 社区自己的规定压过县区的
    A community's own layer lies over the county's; the neighbours keep theirs.

    假如红花岗区规定：每人每天最多存入3小时
    而且本社区规定：每人每天最多存入2小时
    那么规则里写着：「一天最多存入 2小时；超出部分转入公益时长池。」
    而且邻社区的规则里写着：「一天最多存入 3小时；超出部分转入公益时长池。」
    当专干登记：李明为王桂英服务3小时
    那么李明可用2小时
    而且公益时长池里有1小时

  @unit
  场景: 南京：按半小时存
    Nanjing credits half hours.

    假如本社区照用南京的规则
    当专干登记：李明为王桂英服务50分钟
    那么这一笔存入30分钟

  @caps
  场景: 南京：一人最多1500小时，多出来的进公益时长池
    Nanjing: 1,500 hours at most.

    假如本社区照用南京的规则
    而且李明有1500小时时长
    当专干登记：李明为王桂英服务1小时
    那么李明可用1500小时
    而且公益时长池里有1小时

  @redeemer @relations
  场景: 南京：年满60岁使用，只转赠给亲属
    Nanjing: from 60; relatives only.

    假如本社区照用南京的规则
    而且李明有2小时时长
    而且王桂英有2小时时长
    当专干为王桂英约1小时服务
    那么王桂英已预留1小时
    当李明把1小时转赠给陈秀兰
    那么系统说：「按本社区规则，时长只能转赠给规定范围内的亲属，或为他们约服务。确是亲属的，请到服务站登记亲属关系。」
    而且英文是：“By the rules of this community hours are for close family only. If this is family, have the station note how you are related.”

  @group
  场景: 南京：团体的时长只能捐
    Nanjing: a group's hours can only be donated.

    假如本社区照用南京的规则
    而且青松志愿队是志愿服务团体
    当专干登记：青松志愿队为王桂英服务2小时
    那么公益时长池里有2小时

  @caps
  场景: 长宁：一天最多2小时，一共最多600小时
    Changning: two hours a day, 600 in all.

    假如本社区照用长宁的规则
    当专干登记：李明为王桂英服务3小时
    那么李明可用2小时
    而且公益时长池里有1小时
    假如赵敏有600小时时长
    当专干登记：赵敏为陈秀兰服务1小时
    那么赵敏可用600小时
    而且公益时长池里有2小时

  @redeemer
  场景: 长宁：年满65岁使用，有困难的60岁
    Changning: from 65, in hardship from 60.

    假如本社区照用长宁的规则
    而且吴刚今年62岁，登记为老人
    而且吴刚有2小时时长
    当专干为吴刚约1小时服务
    那么系统说：「本社区年满65岁才能使用时长。确有困难的，请在个人页面登记证明，按规则可以提前。」
    而且英文是：“Hours are used here from the age of 65 on. In hardship, note its proof on the person's page: the rules may allow it earlier.”
    假如吴刚有低保对象的证明
    当专干为吴刚约1小时服务
    那么吴刚已预留1小时

  @relations
  场景: 长宁：也可以转赠给朋友
    Changning: also for friends.

    假如本社区照用长宁的规则
    而且李明有2小时时长
    当李明把1小时转赠给陈秀兰
    那么陈秀兰可用1小时

  @unit
  场景: 广州：满一小时才存，只存整小时
    Guangzhou credits whole hours.

    假如本社区照用广州的规则
    当专干登记：李明为王桂英服务50分钟
    那么这一笔存入0分钟
    当专干登记：李明为王桂英服务80分钟
    那么这一笔存入2小时
    而且李明累计服务130分钟

  @caps
  场景: 广州：一人最多1500小时
    Guangzhou: 1,500 hours at most.

    假如本社区照用广州的规则
    而且李明有1500小时时长
    当专干登记：李明为王桂英服务1小时
    那么李明可用1500小时
