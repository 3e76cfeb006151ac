# language: zh-CN
功能: 重点老人、公益额度与体验额度
  重点老人和其他优先对象不用先存，每月有公益额度；新成员有一次体验额度。额度在服务完成时支付，不进个人账户。

  @priority
  场景: 重点老人每月有8小时公益额度
    A key elder has a monthly quota that need not be earned.

    假如陈秀兰有重点老人的证明
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么再约同样的一单，下单前写明：还剩7小时，要用1小时
    而且陈秀兰可用0分钟

  @priority
  场景: 先由公益时长池支付，不够再由社区支付
    The fund pays first, then the community.

    假如公益时长池有1小时
    而且陈秀兰有重点老人的证明
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么这一单由公益时长池支付
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么这一单由社区支付

  @priority
  场景: 规则说只由公益时长池支付，池里没有就约不了
    Where only the fund pays, an empty fund pays nothing.

    假如本社区规定：公益额度只由公益时长池支付
    而且陈秀兰有重点老人的证明
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么系统说：「时长不够：可用0分钟，需要1小时。请减少时长，或换一个付时长的人。」
    而且英文是：“Not enough hours: 0 minutes available, 1 hour needed. Enter less, or choose another payer.”

  @priority
  场景: 这个月的额度用完了，下个月重新算
    The quota is that of the month of service.

    假如陈秀兰有重点老人的证明
    而且专干为陈秀兰约7小时服务，由公益额度支付
    当专干为陈秀兰约2小时服务，由公益额度支付
    那么系统说：「公益额度还剩1小时，需要2小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 1 hour left and 2 hours would be needed. Use own hours, or order less.”
    当专干为陈秀兰约2小时服务，由公益额度支付，日期是2026年10月2日
    那么再约同样的一单，下单前写明：还剩6小时，要用2小时

  @priority
  场景大纲: 每一类都有自己的额度
    Each class has its monthly quota.

    假如陈秀兰有<类别>的证明
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么再约同样的一单，下单前写明：还剩<还剩>，要用1小时

    例子:
      | 类别     | 还剩  |
      | 残疾人   | 7小时 |
      | 困境儿童 | 3小时 |
      | 低保对象 | 3小时 |
      | 优抚对象 | 3小时 |

  @priority
  场景: 规则可以定别的额度，没列出的类别就没有
    The minutes of each class are one rule: who lists them lists all of them.

    假如本社区规定：重点老人每月有4小时公益额度
    而且陈秀兰有重点老人的证明
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么再约同样的一单，下单前写明：还剩3小时，要用1小时
    假如王桂英有残疾人的证明
    当专干为王桂英约6小时服务，由公益额度支付
    那么系统说：「公益额度还剩5小时，需要6小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 5 hours left and 6 hours would be needed. Use own hours, or order less.”

  @priority
  场景: 有两种证明的，按高的算，不相加
    Of several classes the highest quota counts, never their sum.

    假如陈秀兰有重点老人的证明
    而且陈秀兰有低保对象的证明
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么再约同样的一单，下单前写明：还剩7小时，要用1小时

  @priority
  场景: 证明到期，额度也到期
    The quota ends with the proof.

    假如本社区规定：没有体验额度
    而且陈秀兰有重点老人的证明，到昨天为止
    当专干为陈秀兰约1小时服务，由公益额度支付
    那么系统说：「公益额度还剩0分钟，需要1小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 0 minutes left and 1 hour would be needed. Use own hours, or order less.”

  @priority
  场景: 取消了的订单，额度还回来
    What was given back can be used again.

    假如陈秀兰有重点老人的证明
    而且专干为陈秀兰约8小时服务，由公益额度支付
    当专干取消订单
    而且专干为陈秀兰约8小时服务，由公益额度支付
    那么订单的状态是「还没有人接单」

  @priority
  场景: 重点老人的订单排在前面，但谁也看不出为什么
    A priority person's order comes first; the board tells neither name nor class.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    而且陈秀兰有重点老人的证明
    当专干为陈秀兰约1小时服务，由公益额度支付，日期是3天后，地址是“大兴路8号”
    那么这个订单排在求助板第一
    而且求助板上看不到她的名字、地址和类别

  @priority
  场景: 自己家人的证明，请同事登记
    Nobody notes a proof of their own family.

    假如专干就是王芳本人
    当专干登记：王桂英有重点老人的证明
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  @cold-start
  场景: 新成员没有时长，也能先体验
    A new member without hours tries the bank.

    当专干为王桂英约1小时服务，由公益额度支付
    那么再约同样的一单，下单前写明：还剩4小时，要用1小时
    而且这一单由社区支付

  @cold-start
  场景: 体验额度一共5小时
    The trial is used up once.

    假如专干为王桂英约4小时服务，由公益额度支付
    当专干为王桂英约2小时服务，由公益额度支付
    那么系统说：「公益额度还剩1小时，需要2小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 1 hour left and 2 hours would be needed. Use own hours, or order less.”

  @cold-start
  场景: 体验额度一年内有效
    The trial ends a year after registering.

    当过了366天
    而且专干为王桂英约1小时服务，由公益额度支付
    那么系统说：「公益额度还剩0分钟，需要1小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 0 minutes left and 1 hour would be needed. Use own hours, or order less.”

  @cold-start
  场景: 体验额度不能转赠
    The trial is never posted to the account, so it cannot be given away.

    当专干把王桂英的30分钟转赠给王芳
    那么系统说：「时长不够：可用0分钟，需要30分钟。请减少时长，或换一个付时长的人。」
    而且英文是：“Not enough hours: 0 minutes available, 30 minutes needed. Enter less, or choose another payer.”

  @cold-start
  场景: 规则可以定别的体验额度
    How long a new member may try is a rule.

    假如本社区规定：体验额度是2小时
    当专干为王桂英约3小时服务，由公益额度支付
    那么系统说：「公益额度还剩2小时，需要3小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 2 hours left and 3 hours would be needed. Use own hours, or order less.”

  @cold-start
  场景: 规则可以不设体验额度
    Where the policy has no trial, there is none.

    假如本社区规定：没有体验额度
    当专干为王桂英约1小时服务，由公益额度支付
    那么系统说：「公益额度还剩0分钟，需要1小时。请使用自己的时长，或者少约一些。」
    而且英文是：“The public quota has 0 minutes left and 1 hour would be needed. Use own hours, or order less.”
