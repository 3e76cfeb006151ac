# language: zh-CN
@review
功能: 第二人复核
  时间长的服务、晚补的记录、更正和发放，一个人申请，另一个人同意以后才记入账本。

  场景: 超过四小时的服务，站长同意以后才记入
    A long visit waits for a second person.

    当专干登记：李明为王桂英服务5小时
    那么这一笔要等第二人复核，还没有记入账本
    当站长同意
    那么李明可用5小时

  场景: 正好四小时不用复核
    A visit of just that length does not wait.

    当专干登记：李明为王桂英服务4小时
    那么李明可用4小时

  场景: 站长不同意，就不记入
    What the second person refuses is not entered.

    假如专干登记：李明为王桂英服务5小时
    当站长不同意
    那么李明可用0分钟
    而且李明累计服务0分钟

  场景: 补记超过三十天的要复核
    What is entered more than thirty days late waits.

    假如过了31天
    当专干登记：李明为王桂英服务1小时，服务日期是31天前
    那么这一笔要等第二人复核，还没有记入账本
    当站长同意
    那么李明可用1小时

  场景: 三十天以内的补记不用复核
    What is entered thirty days late does not wait.

    假如过了30天
    当专干登记：李明为王桂英服务1小时，服务日期是30天前
    那么李明可用1小时

  场景: 规则可以管得更严
    From when a late entry waits is a rule.

    假如本社区规定：补记超过3天要第二人复核
    而且过了4天
    当专干登记：李明为王桂英服务1小时，服务日期是4天前
    那么这一笔要等第二人复核，还没有记入账本

  场景: 规则可以不设复核
    Where the policy wants no second person for visits, they are entered at once.

    假如本社区规定：超过0分钟的服务要第二人复核
    当专干登记：李明为王桂英服务5小时
    那么李明可用5小时

  场景: 申请的人不能自己同意
    Whoever asked does not decide.

    假如专干和站长是同一个人
    而且专干登记：李明为王桂英服务5小时
    当站长同意
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”
    而且李明可用0分钟

  场景: 另一位专干没有复核的权限
    A second clerk does not decide.

    假如专干登记：李明为王桂英服务5小时
    当另一位专干同意
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  场景: 决定了的事不再改
    What was decided stays decided.

    假如专干登记：李明为王桂英服务5小时
    而且站长不同意
    当站长同意
    那么系统说：「这件事已经有决定了，请查看结果。」
    而且英文是：“This was decided already. Look at what was decided.”

  场景: 等复核期间出了事，同意时再看一遍规则
    The rules are asked again when it is approved.

    假如专干登记：李明为王桂英服务5小时
    而且站长暂停李明
    当站长同意
    那么系统说：「此人已被暂停。请另选他人，或请站长解除暂停。」
    而且英文是：“This person is suspended. Choose somebody else, or ask the lead to end it.”
    而且李明累计服务0分钟

  @fraud
  场景: 更正由专干申请，站长同意；原记录保留
    A correction is a linked entry, asked for by one and approved by another.

    假如专干登记：李明为王桂英服务1小时
    当专干申请更正这一笔
    那么李明可用1小时
    当站长同意
    那么原记录还在，后面跟着一笔更正
    而且李明可用0分钟
    而且李明累计服务0分钟

  @fraud
  场景: 登记的人不能同意更正自己那一笔
    Whoever recorded an entry does not decide about its correction.

    假如专干和站长是同一个人
    而且专干登记：李明为王桂英服务1小时
    当另一位专干申请更正这一笔
    而且站长同意
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”

  @fraud
  场景: 同一笔不能申请两次更正
    A correction that waits is not asked for again.

    假如专干登记：李明为王桂英服务1小时
    而且专干申请更正这一笔
    当另一位专干申请更正这一笔
    那么系统说：「这条记录已经有人申请更正，请等站长决定。」
    而且英文是：“A correction of this record is waiting for a decision already. The lead will decide it.”

  @fraud
  场景: 更正过的不能再更正
    What was corrected is not corrected again.

    假如专干登记：李明为王桂英服务1小时
    而且这一笔已经更正
    当专干申请更正这一笔
    那么系统说：「这条记录已经更正过了，请看它后面的更正。」
    而且英文是：“This record was corrected already. The correction stands beside it.”

  @fraud
  场景: 预留不能更正，要取消订单
    What is held for an order is not reversed.

    假如王桂英有1小时时长
    而且专干为王桂英约1小时服务
    当专干申请更正这一笔
    那么系统说：「这类记录不能这样更正。没有完成的订单请取消；其他的，请更正它所属的那条记录。」
    而且英文是：“A record of this kind cannot be corrected this way. Cancel an order that is not finished; else correct the record it belongs to.”

  @fraud
  场景: 查出来晚了，已经用掉的记为待追回，从以后的时长里扣
    What was spent already becomes a debt that later hours repay.

    假如专干登记：王芳为陈秀兰服务1小时
    而且王芳已经把这1小时转赠给王桂英
    当专干申请更正这一笔
    而且站长同意
    那么王芳待追回1小时
    而且王芳可用0分钟
    当专干登记：王芳为陈秀兰服务2小时
    那么王芳待追回0分钟
    而且王芳可用1小时

  @guarantee
  场景: 发放时长，一人申请，另一人同意
    A grant is asked for by one and approved by another.

    当专干申请从社区发放2小时给李明
    那么李明可用0分钟
    当站长同意
    那么李明可用2小时

  @guarantee
  场景: 公益时长池里没有的发放不了
    The fund gives only what it has.

    假如公益时长池有1小时
    当专干申请从公益时长池发放2小时给李明
    而且站长同意
    那么系统说：「时长不够：可用1小时，需要2小时。请减少时长，或换一个付时长的人。」
    而且英文是：“Not enough hours: 1 hour available, 2 hours needed. Enter less, or choose another payer.”

  @guarantee
  场景: 公益时长池还够用几个月，站长看得到
    The lead sees what the fund has and for how many months it lasts.

    假如公益时长池有3小时
    而且王桂英用公益额度约了1小时服务，由李明服务了
    当过了31天
    那么站长看到公益时长池有2小时，还够用6个整月

  场景: 村里只有一位专干的，由街道负责人复核
    Where the policy gives the queue to the town, nobody of the community decides.

    假如街道有一位负责人
    而且本社区规定：第二人复核由街道负责
    而且专干登记：李明为王桂英服务5小时
    当站长同意
    那么系统说：「按本社区的规则，此事由街道（乡镇）复核。请告知街道（乡镇）工作人员。」
    而且英文是：“By the rules of this community the town decides this. Please tell the town's office.”
    而且李明可用0分钟
    当街道负责人同意
    那么李明可用5小时
