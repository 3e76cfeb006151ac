# language: zh-CN
@caps
功能: 上限与溢出
  每人每天、每人一共能存多少，规则里有上限。超出的不作废，进入公益时长池，另有凭证。

  场景: 一天超过八小时的部分进入公益时长池
    What is earned above the day's cap goes on to the public fund, with a receipt.

    假如专干登记：李明为王桂英服务4小时
    而且专干登记：李明为陈秀兰服务4小时
    当专干登记：李明为王桂英服务1小时
    那么这一笔存入1小时
    而且超出的1小时另有一笔，进入公益时长池，有凭证
    而且李明可用8小时
    而且李明累计服务9小时
    而且公益时长池里有1小时

  场景: 第二天上限重新算起
    The cap of a day is that of the day of service.

    假如专干登记：李明为王桂英服务4小时，服务日期是昨天
    而且专干登记：李明为陈秀兰服务4小时，服务日期是昨天
    当专干登记：李明为王桂英服务1小时
    那么李明可用9小时
    而且公益时长池里有0分钟

  场景: 一人最多持有1500小时
    What lifts somebody above the cap on holding goes on to the public fund.

    假如李明有1499小时30分时长
    当专干登记：李明为王桂英服务1小时
    那么超出的30分钟另有一笔，进入公益时长池，有凭证
    而且李明可用1500小时

  场景: 规则可以定别的上限
    What one may hold is a rule.

    假如本社区规定：每人最多持有2小时
    当专干登记：李明为王桂英服务3小时
    那么李明可用2小时
    而且公益时长池里有1小时

  场景: 已预留的时长也算在持有里
    Hours held for open orders count as held by their owner.

    假如吴刚今年65岁，登记为志愿者
    而且吴刚有1500小时时长
    而且专干为吴刚约2小时服务
    当专干登记：吴刚为王桂英服务1小时
    那么超出的1小时另有一笔，进入公益时长池，有凭证
    而且吴刚可用1498小时
    而且吴刚已预留2小时

  场景: 转赠会超过对方的上限，不收，也不转到公益时长池
    A gift over the receiver's cap is refused, not diverted.

    假如王桂英有1500小时时长
    而且王芳有1小时时长
    当王芳把30分钟转赠给王桂英
    那么系统说：「对方的时长会超过上限30分钟。请少转一些，或捐给公益时长池。」
    而且英文是：“The receiver may not hold that much: 30 minutes too many. Give less, or donate to the fund.”
    而且王桂英可用1500小时
    而且王芳可用1小时
    而且公益时长池里有0分钟
