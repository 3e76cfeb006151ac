# language: zh-CN
功能: 活动名单、验收单和门内号码
  一次活动一份名单，能记的都记入，不能记的逐一说明原因；服务机构的服务每月汇成验收单；门内号码只说明来过，不代替确认。

  @group
  场景: 团体活动按名单记，成员计入累计，时长进入公益时长池
    A group's event: hours served for its members, the hours themselves to the fund, counted once.

    假如青松志愿队是志愿服务团体
    而且李明、赵敏是青松志愿队的成员
    当专干按名单登记：青松志愿队活动2小时，到场的有李明、赵敏
    那么李明累计服务2小时
    而且李明可用0分钟
    而且赵敏累计服务2小时
    而且公益时长池里有4小时
    而且本月公示共4小时，其中团体存入公益时长池4小时

  @group
  场景: 名单上不是成员的，说明原因，其他人照常记入
    Who is no member is named with the reason; the others are entered.

    假如青松志愿队是志愿服务团体
    而且李明是青松志愿队的成员
    当专干按名单登记：青松志愿队活动1小时，到场的有赵敏、李明
    那么名单上赵敏没有记入
    而且系统说：「此人2026年9月22日 星期二还不是这个团体的成员。请先在团体的页面上登记。」
    而且英文是：“This person was no member of the group on Tuesday 22 September 2026. Note it on the group's page first.”
    而且李明累计服务1小时
    而且公益时长池里有1小时

  @group
  场景: 未成年人可以随团体服务，不用监护人同意
    A minor may serve with a group, for no hours of her own.

    假如小明今年14岁，登记为志愿者
    而且青松志愿队是志愿服务团体
    而且小明是青松志愿队的成员
    当专干按名单登记：青松志愿队活动1小时，到场的有小明
    那么小明累计服务1小时
    而且小明可用0分钟

  @group
  场景: 同一份名单提交两次，只记一次
    The same roster again enters nothing.

    假如青松志愿队是志愿服务团体
    而且李明是青松志愿队的成员
    当专干按名单登记：青松志愿队活动1小时，到场的有李明
    而且专干把同一份名单再提交一次
    那么李明累计服务1小时
    而且公益时长池里有1小时

  @group
  场景: 更正成员的记录，团体存入的时长一起退回
    Correcting a member's entry takes the group's share back too.

    假如青松志愿队是志愿服务团体
    而且李明、赵敏是青松志愿队的成员
    当专干按名单登记：青松志愿队活动1小时，到场的有李明、赵敏
    而且另一位专干申请更正名单上李明的记录，站长同意
    那么李明累计服务0分钟
    而且公益时长池里有1小时

  @group
  场景: 只有团体才有团体名单
    Only a group has a group's roster.

    当专干按名单登记：王芳活动1小时，到场的有李明
    那么系统说：「本社区没有这个团体。请从名单中选择团体，或先登记。」
    而且英文是：“There is no such group in this community. Choose a group from the list, or register it.”

  @recorded
  场景: 清洁日按名单记，一次记多人
    A clean-up day is one roster.

    当专干按名单登记清洁日：1小时，到场的有李明、赵敏
    那么李明累计服务1小时
    而且赵敏累计服务1小时
    而且赵敏可用0分钟
    而且公益时长池里有0分钟

  @day-care
  场景: 日间照料按名单记，各记各的时长，老人免费
    A shift by roster credits each volunteer and costs the elders nothing.

    当专干按名单登记日间照料：4小时，到场的有李明、赵敏，在场的老人有王桂英、陈秀兰
    那么李明可用4小时
    而且赵敏可用4小时
    而且王桂英可用0分钟

  @day-care
  场景: 日间照料的名单上有未成年人，没有监护人同意的不记入
    On a credited shift a minor without a guardian is named, the others are entered.

    假如小明今年14岁，登记为志愿者
    当专干按名单登记日间照料：1小时，到场的有小明、李明，在场的老人有王桂英
    那么名单上小明没有记入
    而且系统说：「未满18岁要有监护人同意。请在个人页面登记监护人，或记到所在团体的名下。」
    而且英文是：“Under the age of 18 a guardian must have agreed. Note the guardian on the person's page, or record it for the group they served in.”
    而且李明可用1小时

  @provider
  场景: 服务机构的服务汇成验收单，每一次都能在账本里核对
    A provider's confirmed visits make the acceptance list, with initials only.

    假如康乐护理公司是服务机构
    而且王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干按纸质单补录：康乐护理公司服务1小时
    那么康乐护理公司本月的验收单上有1次，共1小时
    而且验收单上看不到「王桂英」，只写「王＊＊」
    而且验收单上的哈希值和账本里的一样

  @provider
  场景: 更正过的服务不予验收
    What was corrected is not accepted.

    假如康乐护理公司是服务机构
    而且王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干按纸质单补录：康乐护理公司服务1小时
    而且另一位专干申请更正这一笔，站长同意
    那么康乐护理公司本月的验收单上有0次，共0分钟
    而且王桂英可用2小时

  @provider
  场景: 只有服务机构才有验收单
    Only a provider has an acceptance list.

    当专干查看李明本月的验收单
    那么系统说：「本社区没有这个社会组织。请从人员名单中选择。」
    而且英文是：“There is no such provider in this community. Choose a provider from the list of people.”

  @confirmation
  场景: 用门内号码签到签退，只说明来过，还要老人确认
    The code at the door says that the volunteer was there; it confirms nothing.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    而且李明接单
    而且专干给王桂英制作门内卡片
    当李明签到，输入门内号码
    而且过了1小时
    而且李明签退，输入门内号码
    那么订单的状态是「服务已完成，待老人确认」
    而且李明可用0分钟
    而且本月签到签退2次，其中2次用了门内号码

  @confirmation
  场景: 没有门内号码也能签到，会被统计
    Signing in without the code counts, and is counted.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    而且李明接单
    当李明签到
    那么本月签到签退1次，其中0次用了门内号码

  @confirmation
  场景: 新卡片做好以后，旧号码作废
    A new card voids the old code.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    而且李明接单
    而且专干给王桂英制作门内卡片
    而且专干给王桂英制作门内卡片
    当李明签到，输入旧的门内号码
    那么系统说：「这不是门内现在挂着的号码。请重新输入，或者留空。」
    而且英文是：“This is not the code that hangs inside her door now. Type it again, or leave it empty.”
