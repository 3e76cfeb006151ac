# language: zh-CN
@confirmation
功能: 确认方式
  先由老人亲手确认：自己的手机，在服务站的设备上刷卡输密码，或者撕码纸上的一个码。不行再由亲属确认，最后才由专干写明原因代为确认。

  背景:
    假如王桂英有3小时时长
    而且王桂英约了1小时服务，李明已经上门服务了1小时，签退了

  场景: 老人在自己的手机上确认
    The elder confirms by her own telephone.

    当王桂英确认
    那么确认方式记为「老人的手机」
    而且李明可用1小时

  场景: 本人确认占多少，社区对外公布
    The community publishes how many services were confirmed by the own hand of who was served.

    当王桂英确认
    而且专干登记：赵敏为王桂英服务1小时，由亲属确认
    那么本月公布的是：2次服务中有1次由本人确认

  场景: 老人在服务站刷卡输密码
    Card and secret confirm on a device of the station.

    假如王桂英有卡和密码
    当在服务站的设备上刷卡，输入错误的密码
    那么系统说：「名称与密码不符。请核对，或到服务站询问。」
    而且英文是：“Name and password do not fit. Please check both, or ask at the station.”
    当在服务站的设备上刷卡，输入正确的密码
    那么确认方式记为「卡和密码」

  场景: 撕码纸上的一个码，可以在志愿者的手机上输入
    One torn-off code confirms one service, also at the volunteer's telephone: it is the elder's hand.

    假如专干给王桂英打印了一张撕码纸
    当李明输入第1个码确认
    那么确认方式记为「撕码」
    而且李明可用1小时

  场景: 一个码只能用一次
    A code confirms one service only.

    假如专干给王桂英打印了一张撕码纸
    而且李明输入第1个码确认
    而且过了1天
    而且王桂英约了1小时服务，李明已经上门服务了1小时，签退了
    当李明输入第1个码确认
    那么系统说：「这不是老人的确认码，或者已经用过。请输入撕码纸上的下一个码。」
    而且英文是：“This is none of the elder's codes, or it was used. Type the next code of her sheet.”
    当李明输入第2个码确认
    那么确认方式记为「撕码」

  场景: 重新打印以后，旧的撕码纸作废
    A new sheet makes the old one void.

    假如专干给王桂英打印了一张撕码纸
    而且专干给王桂英重新打印一张撕码纸
    当李明输入第1个码确认
    那么系统说：「这不是老人的确认码，或者已经用过。请输入撕码纸上的下一个码。」
    而且英文是：“This is none of the elder's codes, or it was used. Type the next code of her sheet.”
    当李明输入第11个码确认
    那么确认方式记为「撕码」

  场景: 别人的码不能用
    Another elder's code confirms nothing.

    假如专干给陈秀兰打印了一张撕码纸
    当李明输入第1个码确认
    那么系统说：「这不是老人的确认码，或者已经用过。请输入撕码纸上的下一个码。」
    而且英文是：“This is none of the elder's codes, or it was used. Type the next code of her sheet.”

  场景: 女儿代为确认
    A relative with consent confirms as proxy.

    当王芳确认
    那么确认方式记为「亲属」

  场景: 专干代为确认，要写明原因
    A clerk confirms with a reason, and not without.

    当专干代为确认，没有写原因
    那么系统说：「请写明老人为什么没有自己确认。」
    而且英文是：“Say why the elder does not confirm herself.”
    当专干代为确认，原因是老人不会写字
    那么确认方式记为「专干」

  @dealing
  场景: 服务的人不能确认自己的服务
    Whoever served does not confirm it.

    当李明确认
    那么系统说：「提供服务的人不能自己确认。请由老人、家人或服务站确认。」
    而且英文是：“Whoever served cannot confirm it. Ask the elder, a relative or the station.”
    而且李明可用0分钟

  场景: 不相干的人不能确认
    A stranger confirms nothing.

    当赵敏确认
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  场景: 确认了两次，只记一次
    Confirming twice is one entry.

    当王桂英确认
    而且王芳确认
    那么李明可用1小时
    而且王桂英可用2小时

  场景: 没有回音不算确认，除非规则这样规定
    Silence confirms nothing, unless the policy says so.

    当过了7天
    而且系统到点处理订单
    那么订单的状态是「服务已完成，待老人确认」

  场景: 规则规定三天没有回音视为确认
    Where the policy says so, silence confirms after so many days.

    假如本社区规定：3天没有回音就视为确认
    而且王桂英约了1小时服务，赵敏已经上门服务了1小时，签退了
    当过了2天
    而且系统到点处理订单
    那么订单的状态是「服务已完成，待老人确认」
    当过了1天
    而且系统到点处理订单
    那么订单的状态是「已确认并记入」
    而且赵敏可用1小时

  场景: 没有电话的老人，没有回音永远不算确认
    For somebody without a telephone silence never confirms.

    假如本社区规定：3天没有回音就视为确认
    而且陈秀兰有1小时时长
    而且陈秀兰约了1小时服务，赵敏已经上门服务了1小时，签退了
    当过了30天
    而且系统到点处理订单
    那么订单的状态是「服务已完成，待老人确认」
