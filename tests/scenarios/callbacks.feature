# language: zh-CN
@callbacks
功能: 电话回访
  每月从上个月的服务里抽至少5%打电话问一句：这次服务有没有。抽哪几笔谁也不能挑，打电话的不能是记这一笔的人。

  场景: 至少抽一笔；再抽一次还是这几笔
    At least one is drawn, and drawn again it is the same.

    假如专干登记：李明为王桂英服务1小时
    而且专干登记：赵敏为陈秀兰服务1小时
    当过了15天
    而且管理员抽取上个月的回访
    那么抽到1笔
    而且再抽一次，还是这几笔

  场景: 规则可以多抽
    Which share is asked about is a rule.

    假如本社区规定：每月回访100%
    而且专干登记：李明为王桂英服务1小时
    而且专干登记：赵敏为陈秀兰服务1小时
    当过了15天
    而且管理员抽取上个月的回访
    那么抽到2笔

  场景: 这个月还没过完，不能抽
    A month that is not over is not drawn: somebody could still turn the draw.

    当管理员抽取这个月的回访
    那么系统说：「2026年9月还没有过完，请等下个月再来。」
    而且英文是：“The month September 2026 is not over yet. Come back when it is.”

  场景: 只有管理员能抽
    Only an admin draws.

    当专干抽取上个月的回访
    那么系统说：「您不能在这里办理这一项。如有需要，请找站长。」
    而且英文是：“You may not do this here. Ask the station lead if you think you should.”

  场景: 记这一笔的人不能打这个电话
    Whoever recorded the entry does not call about it.

    假如专干登记：李明为王桂英服务1小时
    而且过了15天
    而且管理员抽取上个月的回访
    当专干打电话，老人说有这次服务
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”
    当另一位专干打电话，老人说有这次服务
    那么服务站还有0条疑问要答复

  @fraud
  场景: 老人说没有服务过，成为一条要站长答复的疑问
    What was not given becomes a question; another answer than before is refused.

    假如专干登记：李明为王桂英服务1小时
    而且过了15天
    而且管理员抽取上个月的回访
    当另一位专干打电话，老人说没有这次服务
    那么服务站还有1条疑问要答复
    当另一位专干打电话，老人说有这次服务
    那么系统说：「这件事已经有决定了，请查看结果。」
    而且英文是：“This was decided already. Look at what was decided.”
