# language: zh-CN
@flow
功能: 需求流程
  需求先由服务站审核，再公布；志愿者接单，或由服务站派单；签到、签退、确认，时长才过到志愿者名下。任何一步办不成，时长都退回。

  背景:
    假如王桂英有3小时时长

  场景: 从提出需求到志愿者存入
    From the request to the volunteer's hours.

    当王芳为王桂英约1小时30分服务
    那么订单的状态是「待服务站审核」
    而且求助板上没有这个订单
    当专干审核通过
    那么求助板上有这个订单
    当李明接单
    那么订单的状态是「已有人接单」
    当李明签到
    那么订单的状态是「志愿者正在服务」
    当过了65分钟
    而且李明签退
    那么订单的状态是「服务已完成，待老人确认」
    当王桂英确认
    那么订单的状态是「已确认并记入」
    而且李明可用1小时
    而且李明累计服务65分钟
    而且王桂英可用2小时
    而且王桂英已预留0分钟

  场景: 柜台下的单不用再审
    A clerk's order is on the board at once.

    当专干为王桂英约1小时服务
    那么订单的状态是「还没有人接单」
    而且求助板上有这个订单

  场景: 规则说不用审核的，马上公布
    Where the policy wants no review, a request is on the board at once.

    假如本社区规定：需求不用审核
    当王芳为王桂英约1小时服务
    那么求助板上有这个订单

  场景: 服务站办不了，时长退回
    What the station cannot offer gives the hours back.

    假如王芳为王桂英约1小时服务
    当专干回复办不了
    那么订单的状态是「没有服务，时长已退回」
    而且王桂英可用3小时

  场景: 两个人都想接，先接的算
    Of two volunteers the first has the order.

    假如王桂英约了1小时服务，李明接了单
    当赵敏接单
    那么系统说：「订单现在的状态是“已有人接单”，不能这样操作。请重新查看订单。」
    而且英文是：“The order has come too far, or not far enough, for this: it is “Somebody will come”. Look it up again.”

  场景: 地址和备注只有接单的人能看
    Place and note are told to the volunteer who goes, and to no other.

    假如专干为王桂英约1小时服务，地址是“大兴路8号”
    而且李明接单
    那么李明看得到地址“大兴路8号”
    当赵敏查看这个订单
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  场景: 服务站派单，也可以改派
    The station sends a volunteer, and another one in place of him.

    假如专干为王桂英约1小时服务
    当专干派李明去
    而且专干派赵敏去
    而且李明签到
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”
    当赵敏签到
    那么订单的状态是「志愿者正在服务」

  场景: 只派登记过的志愿者
    Only a volunteer is sent.

    假如专干为王桂英约1小时服务
    当专干派陈秀兰去
    那么系统说：「此人没有登记为志愿者，请另选志愿者。」
    而且英文是：“This person is not registered as a volunteer. Choose somebody who is.”

  场景: 只派本社区的人
    Only somebody of this community is sent.

    假如专干为王桂英约1小时服务
    当专干派周强去
    那么系统说：「本社区没有这个人，请从列表中选。」
    而且英文是：“There is no such person in this community. Choose somebody from the list.”

  @catalogue @earner
  场景: 没有培训过的不派
    Nobody is sent without the training that the service asks for.

    假如服务目录规定：助浴要先参加「助浴」培训
    而且专干为王桂英约1小时服务，要助浴
    当专干派李明去
    那么系统说：「这项服务要先参加培训，培训还要在有效期内。请在志愿者页面补登，或另选志愿者。」
    而且英文是：“This needs a training that still counts. Note it on the volunteer's page, or choose another volunteer.”

  @earner
  场景: 年龄不够的，接不了也派不了
    Who is too young for it neither takes an order nor is sent.

    假如小明今年16岁，登记为志愿者
    而且专干为王桂英约1小时服务
    当专干派小明去
    那么系统说：「未满18岁要有监护人同意。请在个人页面登记监护人，或记到所在团体的名下。」
    而且英文是：“Under the age of 18 a guardian must have agreed. Note the guardian on the person's page, or record it for the group they served in.”

  场景: 那个时间已经有单的，不能再接
    Nobody takes two orders for the same time.

    假如专干为王桂英约1小时服务，日期是明天，9点开始
    而且李明接单
    而且专干为王桂英约1小时服务，日期是明天，9点开始
    当李明接单
    那么系统说：「这位志愿者在那个时间已接了另一单。请另选志愿者，或另接一单。」
    而且英文是：“The volunteer has taken another order for that time. Choose another volunteer, or take another order.”
    当赵敏接单
    那么订单的状态是「已有人接单」

  场景: 志愿者去不了，退单，不算谁的错
    A volunteer who falls ill gives the order back.

    假如王桂英约了1小时服务，李明接了单
    当李明退单
    那么订单的状态是「还没有人接单」
    当赵敏接单
    那么订单的状态是「已有人接单」

  场景: 爽约：志愿者没有来，订单重新公布
    A volunteer who did not come leaves the order to others.

    假如王桂英约了1小时服务，李明接了单
    当专干登记志愿者没有来
    那么订单的状态是「还没有人接单」
    而且王桂英已预留1小时

  场景: 敲门无人应，后来开了门
    Nobody opened, and then somebody did.

    假如王桂英约了1小时服务，李明接了单
    当李明敲门，没有人应
    那么服务站和家人有30分钟去联系老人
    而且订单的状态是「敲门无人应：正在联系服务站和家人」
    当过了10分钟
    而且李明签到
    那么订单的状态是「志愿者正在服务」

  场景: 敲门无人应，也联系不上，时长退回
    Nobody could be reached: a person calls it off, never the clock.

    假如王桂英约了1小时服务，李明接了单
    而且李明敲门，没有人应
    当过了1天
    而且系统到点处理订单
    那么订单的状态是「敲门无人应：正在联系服务站和家人」
    当专干联系不上老人，取消上门
    那么订单的状态是「没有服务，时长已退回」
    而且王桂英可用3小时

  场景: 规则可以多等一会儿
    How long station and family are called is a rule.

    假如本社区规定：敲门无人应要等60分钟
    而且王桂英约了1小时服务，李明接了单
    当李明敲门，没有人应
    那么服务站和家人有60分钟去联系老人

  场景: 没有人接的订单，开始一小时后关闭
    An order that nobody took lapses an hour after its beginning.

    假如专干为王桂英约1小时服务，10点开始
    当过了119分钟
    而且系统到点处理订单
    那么订单的状态是「还没有人接单」
    当过了2分钟
    而且系统到点处理订单
    那么订单的状态是「没有服务，时长已退回」
    而且王桂英可用3小时

  场景: 规则可以早一点关闭
    How long an order stays open after its beginning is a rule.

    假如本社区规定：没人接的订单在开始10分钟后关闭
    而且专干为王桂英约1小时服务，10点开始
    当过了71分钟
    而且系统到点处理订单
    那么订单的状态是「没有服务，时长已退回」

  场景: 有人接的订单不会自动关闭
    An order that was taken does not lapse.

    假如王桂英约了1小时服务，李明接了单
    当过了3天
    而且系统到点处理订单
    那么订单的状态是「已有人接单」

  场景: 服务超过预留的，按预留的支付，实际时间都算累计
    A service longer than held pays what was held; all of it counts as served.

    假如王桂英约了1小时服务，李明已经上门服务了100分钟，签退了
    当王桂英确认
    那么李明可用1小时
    而且李明累计服务100分钟
    而且王桂英可用2小时

  场景: 超过预留的时间，不会算到下一位老人头上
    What took longer than was held is not paid for by whoever is served next.

    假如王桂英约了1小时服务，李明已经上门服务了100分钟，签退了
    而且王桂英确认
    而且陈秀兰有1小时时长
    而且专干为陈秀兰约1小时服务
    当专干按纸质单补录：李明服务30分钟
    那么李明可用1小时30分
    而且陈秀兰可用30分钟
    而且李明累计服务130分钟

  场景: 服务比预留的短，剩下的退回
    What a shorter service leaves goes back.

    假如王桂英约了2小时服务，李明已经上门服务了65分钟，签退了
    当王桂英确认
    那么李明可用1小时
    而且王桂英可用2小时

  场景: 规则说超过预留的不结算，专干另记一次
    Where the policy refuses a longer service, the clerk records the rest.

    假如本社区规定：超过预留的服务不结算
    而且专干为王桂英约1小时服务
    当专干按纸质单补录：李明服务90分钟
    那么系统说：「服务时间（1小时30分）比预留的（1小时）长。请最多填预留的时长，其余另记一次服务。」
    而且英文是：“It took longer (1 hour 30 minutes) than was held (1 hour). Enter at most what was held, and record the rest as a visit.”
    当专干按纸质单补录：李明服务1小时
    而且专干登记：李明为王桂英服务30分钟，由老人支付
    那么李明可用1小时30分
    而且王桂英可用1小时30分

  场景: 纸质单整单补录
    A whole service is entered from a slip.

    假如专干为王桂英约1小时服务
    当专干按纸质单补录：李明服务1小时
    那么订单的状态是「已确认并记入」
    而且李明可用1小时

  场景: 办完的订单不能再办一次
    An order that is finished is not entered again.

    假如专干为王桂英约1小时服务
    而且专干按纸质单补录：李明服务1小时
    当专干按纸质单补录：赵敏服务1小时
    那么系统说：「这个订单已经结束：时长已使用或已退回。请查看订单的结果。」
    而且英文是：“This order is finished already: it was used or given back before. Look at what came of it.”
    而且赵敏可用0分钟

  场景: 志愿者已经开始服务，就不能取消
    Once the volunteer has begun, nobody cancels.

    假如王桂英约了1小时服务，李明接了单
    而且李明签到
    当王芳取消订单
    那么系统说：「订单现在的状态是“志愿者正在服务”，不能这样操作。请重新查看订单。」
    而且英文是：“The order has come too far, or not far enough, for this: it is “The volunteer is there”. Look it up again.”

  场景: 别的社区的专干找不到这个订单
    Another community's clerk finds no such order.

    假如专干为王桂英约1小时服务
    当邻社区的专干取消订单
    那么系统说：「没有这个订单，请到“订单”里查找。」
    而且英文是：“There is no such order. Look it up in the list of orders.”
    而且王桂英已预留1小时

  场景: 连续四周，一次约好，各办各的
    Four weeks are four orders, all held now.

    当专干为王桂英约30分钟服务，连续4周
    那么一共有4个订单，各办各的
    而且王桂英已预留2小时

  场景: 一次上门服务两位老人
    One visit to two people names them both; the first one's purse pays.

    假如专干为王桂英约1小时服务，陈秀兰也在
    当专干按纸质单补录：李明服务1小时
    那么这一笔的服务对象是王桂英、陈秀兰
    而且王桂英可用2小时

  场景: 确认以后才能评价，双方都可以
    Both sides rate once it is confirmed.

    假如王桂英约了1小时服务，李明已经上门服务了1小时，签退了
    当王桂英打5星
    那么系统说：「订单现在的状态是“服务已完成，待老人确认”，不能这样操作。请重新查看订单。」
    而且英文是：“The order has come too far, or not far enough, for this: it is “Served; the elder confirms”. Look it up again.”
    当王桂英确认
    而且王桂英打5星
    而且李明打5星
    而且赵敏打1星
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  @fraud
  场景: 老人有疑问，站长按实际时间补录
    What is doubted a lead decides: enters what was given.

    假如王桂英约了2小时服务，李明已经上门服务了2小时，签退了
    当王芳说有疑问
    那么订单的状态是「有疑问，由站长决定」
    当王桂英确认
    那么系统说：「订单现在的状态是“有疑问，由站长决定”，不能这样操作。请重新查看订单。」
    而且英文是：“The order has come too far, or not far enough, for this: it is “Doubted: the lead decides”. Look it up again.”
    当专干按纸质单补录：李明服务1小时
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”
    当站长按纸质单补录：李明服务1小时
    那么李明可用1小时
    而且王桂英可用2小时

  @fraud
  场景: 没有服务过的，时长退回老人
    What was not given pays nobody.

    假如王桂英约了1小时服务，李明已经上门服务了1小时，签退了
    而且王桂英说有疑问
    当站长认定没有服务
    那么李明可用0分钟
    而且王桂英可用3小时
