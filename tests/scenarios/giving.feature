# language: zh-CN
功能: 亲属与转赠
  时长可以转赠给规定范围内的亲属，也可以捐给公益时长池。不要村里开亲属关系证明：出示户口簿、结婚证、出生证明，或者签一份告知承诺书。

  @giving @relations
  场景大纲: 可以转赠给规定范围内的亲属
    Hours are given to relatives within the circle of the policy.

    假如李明有2小时时长
    而且陈秀兰是李明的<关系>
    当李明把1小时转赠给陈秀兰
    那么陈秀兰可用1小时
    而且李明可用1小时

    例子:
      | 关系 |
      | 配偶 |
      | 母亲 |
      | 婆婆 |
      | 奶奶 |
      | 女儿 |
      | 孙子 |

  @giving @relations
  场景: 不能转赠给没有登记亲属关系的人
    Hours are not given to others; once the relation is noted, they are.

    假如李明有2小时时长
    当李明把1小时转赠给陈秀兰
    那么系统说：「按本社区规则，时长只能转赠给规定范围内的亲属，或为他们约服务。确是亲属的，请到服务站登记亲属关系。」
    而且英文是：“By the rules of this community hours are for close family only. If this is family, have the station note how you are related.”
    而且李明可用2小时
    当专干登记：陈秀兰是李明的奶奶
    而且李明把1小时转赠给陈秀兰
    那么陈秀兰可用1小时

  @giving @relations
  场景: 规则允许的，也可以转赠给朋友
    Where the policy wants it, also to friends.

    假如本社区规定：时长也可以转赠给朋友
    而且李明有2小时时长
    当李明把1小时转赠给陈秀兰
    那么陈秀兰可用1小时

  @relations
  场景: 登记了亲属关系，不等于可以代办
    A relation that is noted gives no right to act.

    假如王桂英有2小时时长
    而且王桂英是李明的奶奶
    而且李明重新登录
    当李明为王桂英约1小时服务
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  @relations
  场景: 女儿用自己的时长给母亲约服务
    A daughter pays with her own hours.

    假如王芳有2小时时长
    当王芳为王桂英约1小时服务，由自己的时长支付
    那么王芳可用1小时
    而且王芳已预留1小时
    而且王桂英已预留0分钟

  @relations
  场景: 不在规定范围内的，不能用自己的时长替她约
    Own hours serve nobody outside the circle.

    假如本社区规定：时长只能用于配偶
    而且王芳有2小时时长
    当王芳为王桂英约1小时服务，由自己的时长支付
    那么系统说：「按本社区规则，时长只能转赠给规定范围内的亲属，或为他们约服务。确是亲属的，请到服务站登记亲属关系。」
    而且英文是：“By the rules of this community hours are for close family only. If this is family, have the station note how you are related.”

  @giving
  场景: 时长可以捐给公益时长池
    Hours can be donated to the public fund.

    假如李明有2小时时长
    当李明把30分钟捐给公益时长池
    那么李明可用1小时30分
    而且公益时长池里有30分钟

  @giving
  场景: 规则说不能转赠
    Where the policy wants no gifts, there are none.

    假如本社区规定：时长不能转赠
    而且王芳有2小时时长
    当王芳把1小时转赠给王桂英
    那么系统说：「按本社区规则，时长不能转赠，可以用来约服务。」
    而且英文是：“By the rules of this community hours cannot be given away. They can be used for a service.”

  @giving
  场景: 规则说不能捐赠
    Where the policy wants no donations, there are none.

    假如本社区规定：时长不能捐赠
    而且李明有2小时时长
    当李明把1小时捐给公益时长池
    那么系统说：「按本社区规则，时长不能捐赠，可以用来约服务。」
    而且英文是：“By the rules of this community hours cannot be donated. They can be used for a service.”
    而且李明可用2小时

  @giving
  场景: 不能转赠给自己
    Nobody gives to themselves.

    假如李明有2小时时长
    当李明把1小时转赠给李明
    那么系统说：「同一个人不能两边都是：不能为自己服务，也不能给自己代办。请另选一人。」
    而且英文是：“One person cannot be both: nobody serves, or acts for, themselves. Choose somebody else.”

  @giving
  场景: 没有的时长送不出去
    Nobody gives what they have not.

    假如王芳有1小时时长
    当王芳把2小时转赠给王桂英
    那么系统说：「时长不够：可用1小时，需要2小时。请减少时长，或换一个付时长的人。」
    而且英文是：“Not enough hours: 1 hour available, 2 hours needed. Enter less, or choose another payer.”

  @giving
  场景: 别人的时长不能拿去送
    Nobody gives what is another's.

    假如李明有2小时时长
    当王芳把李明的1小时转赠给王桂英
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”
    而且李明可用2小时

  @giving @elsewhere
  场景: 转赠不出本社区
    A gift stays within the community.

    假如李明有2小时时长
    当李明把1小时转赠给周强
    那么系统说：「本社区没有这个人，请从列表中选。」
    而且英文是：“There is no such person in this community. Choose somebody from the list.”

  @relations
  场景: 只凭声明登记的亲属关系，抽查；不属实的马上终止
    Declared relations are checked by the draw; one that is not true ends at once.

    假如本社区规定：声明的亲属关系每1件抽查1件
    而且过了31天
    当管理员抽取上个月要核实的亲属关系
    那么站长要核实王芳与王桂英的关系
    当站长核实：不属实
    那么王芳不能再替王桂英办事
    而且站长看到王芳、王桂英的声明不属实

  @relations @callbacks
  场景: 登记的人不能自己核实
    Whoever noted the relation does not check it.

    假如本社区规定：声明的亲属关系每1件抽查1件
    而且专干也是站长
    而且过了31天
    当管理员抽取上个月要核实的亲属关系
    而且专干核实：属实
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”
