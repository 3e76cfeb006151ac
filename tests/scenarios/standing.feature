# language: zh-CN
@end
功能: 身故、失能、搬离
  一人申请，站长同意以后一次办完：没开始的订单退回，卡和代办停用。不要村里开死亡证明、生存证明。

  场景: 去世登记以后，订单退回，卡和代办停用
    A death ends what was ordered, the log-in and the consents.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干申请登记王桂英于今天去世
    那么王桂英已预留1小时
    当站长同意
    而且王芳重新登录
    那么王桂英已预留0分钟
    而且王桂英可用2小时
    而且王芳不能再替王桂英办事
    当王桂英用自己的密码登录
    那么系统说：「名称与密码不符。请核对，或到服务站询问。」
    而且英文是：“Name and password do not fit. Please check both, or ask at the station.”

  场景: 已经开始的服务照常确认
    A service that had begun stays.

    假如王桂英有1小时时长
    而且王桂英约了1小时服务，李明已经上门服务了1小时，签退了
    而且王桂英于今天去世，已经登记
    当专干代为确认，原因是老人不会写字
    那么李明可用1小时

  场景: 不能转赠给已经去世的人
    Nothing is given to somebody who died.

    假如王芳有2小时时长
    而且王桂英于昨天去世，已经登记
    当王芳把1小时转赠给王桂英
    那么系统说：「此人已于2026年9月21日 星期一去世。请核对人员和服务日期。」
    而且英文是：“This person died on Monday 21 September 2026. Please check the person and the day of service.”

  场景: 不能登记将来去世
    Nobody dies tomorrow.

    当专干申请登记王桂英于明天去世
    那么系统说：「服务日期 2026年9月23日 星期三 还没有到，请核对日期。」
    而且英文是：“The day of service, Wednesday 23 September 2026, has not come yet. Please check the date.”

  场景: 去世以后记了的服务，列出来请站长核查
    Services dated after the death are named for the lead.

    假如专干登记：李明为王桂英服务1小时
    而且过了1天
    而且专干登记：赵敏为王桂英服务1小时
    当专干申请登记王桂英于昨天去世
    而且站长同意
    那么去世以后的服务列出来请站长核查：1笔

  @dealing
  场景: 自己家人的，请同事办
    Nobody asks for it about their own family.

    假如专干就是王芳本人
    当专干申请登记王桂英于今天去世
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  @review
  场景: 申请的人不能自己同意
    Whoever asked does not decide.

    假如专干和站长是同一个人
    而且专干申请登记王桂英于今天去世
    当站长同意
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”

  @social-worker
  场景: 失能以后由监护人决定，没开始的订单退回
    A guardian decides from then on; her own log-in ends.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干申请登记王桂英以后由监护人王芳决定
    而且站长同意
    那么王桂英的监护人是王芳
    而且王桂英已预留0分钟
    当王桂英用自己的密码登录
    那么系统说：「名称与密码不符。请核对，或到服务站询问。」
    而且英文是：“Name and password do not fit. Please check both, or ask at the station.”

  @social-worker
  场景: 监护人要是另一个人
    The guardian is somebody else.

    当专干申请登记王桂英以后由监护人王桂英决定
    那么系统说：「同一个人不能两边都是：不能为自己服务，也不能给自己代办。请另选一人。」
    而且英文是：“One person cannot be both: nobody serves, or acts for, themselves. Choose somebody else.”

  场景: 搬走了，账户空了才能销户
    An account is closed when it is empty.

    假如王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干申请给王桂英销户
    那么系统说：「账户里还有：可用1小时，已预留1小时，待追回0分钟。请先处理完。」
    而且英文是：“There is still something in the account: 1 hour available, 1 hour held for orders, 0 minutes to be given back. Settle these first.”
    当专干取消订单
    而且王桂英把2小时捐给公益时长池
    而且专干申请给王桂英销户
    而且站长同意
    而且专干把王芳的30分钟转赠给王桂英
    那么系统说：「这个账户已销户。请另选他人，或找站长。」
    而且英文是：“This account is closed. Choose another person, or ask the lead.”

  场景: 销户以后不能再转入
    Nothing goes into an account that was closed.

    假如王芳有1小时时长
    而且专干申请给王桂英销户
    而且站长同意
    当王芳把30分钟转赠给王桂英
    那么系统说：「这个账户已销户。请另选他人，或找站长。」
    而且英文是：“This account is closed. Choose another person, or ask the lead.”
    而且王芳可用1小时

  场景: 销户以后，站长可以抹去个人资料；账本照样核对得上
    What is known of somebody is forgotten once her account is closed.

    当站长抹去王桂英的个人资料
    那么系统说：「请先注销账户（需两人办理），之后才能清除个人资料。」
    而且英文是：“First close the account: two people decide that. Then the data can be erased.”
    当专干申请给王桂英销户
    而且站长同意
    而且站长抹去王桂英的个人资料
    而且专干登记：李明为王桂英服务1小时
    那么系统说：「本社区没有这个人，请从列表中选。」
    而且英文是：“There is no such person in this community. Choose somebody from the list.”

  @dealing
  场景: 专干不能抹去个人资料
    A clerk erases nobody.

    当专干抹去王桂英的个人资料
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”
