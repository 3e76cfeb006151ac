# language: zh-CN
@catalogue
功能: 服务清单、指定志愿者、网格
  社区开展哪些服务由规则决定；洗澡、看病这类可以指定男女志愿者；按网格看需求。

  场景: 本社区没有开展的，不能约
    What a community does not offer is not ordered there.

    假如王桂英有2小时时长
    而且本社区规定：只开展助餐
    当专干为王桂英约1小时服务，要助浴
    那么系统说：「本社区没有开展助浴。请选其他项目；本社区开展哪些，看服务清单。」
    而且英文是：“Bathing is not offered in this community. Choose another service; the list of services shows what is offered.”

  场景: 不是每种服务都能指定男女志愿者
    Only for some services one may ask for a woman or a man.

    假如王桂英有2小时时长
    当专干为王桂英约1小时服务，要助餐，希望来的是女性
    那么系统说：「助餐不能指定男女志愿者。请选「都可以」。」
    而且英文是：“For Meals one cannot ask for a woman or a man. Leave it open who comes.”

  @flow
  场景: 指定了女性的，不相符的志愿者接不了
    Who asked for a woman gets one.

    假如王桂英有2小时时长
    而且李明参加过「助浴」培训
    而且专干为王桂英约1小时服务，要助浴，希望来的是女性
    当李明接单
    那么系统说：「对方希望来的是女性或男性，而您的资料里没有登记或不相符。请接别的单，或请服务站登记。」
    而且英文是：“The person asked for a woman, or for a man, and this is not noted of you. Take another order, or ask the station to note it.”

  @programme
  @desk
  场景: 志愿者自己改会做什么、什么时候有空、电话
    A volunteer says herself what she can do, when, and her number.

    当李明自己填写：愿意助餐，星期六上午有空，电话13899990000
    那么专干看到李明愿意助餐，星期六上午有空

  @desk
  场景: 老人的电话由服务站改
    The number by which an elder is called back the station changes.

    假如吴刚今年70岁，登记为老人，也是志愿者，有自己的登录
    当吴刚自己填写：愿意助餐，星期六上午有空，电话13899990000
    那么系统说：「老人要用这个电话接受回访和确认服务，号码由服务站更改。请到服务站办理。」
    而且英文是：“An elder is called back and confirms by her telephone, so the station changes its number. Ask there.”

  场景: 没有登记网格的，不能只看本网格
    Without a grid one looks at the whole board.

    当李明只看自己网格的需求
    那么系统说：「还没有登记您所在的网格。请服务站登记，或查看全社区的需求。」
    而且英文是：“Your grid is not noted yet. Ask the station to note it, or look at the whole board.”

  @unit
  场景: 显示单位由规则决定
    Members read their time in the unit of the policy.

    假如本社区规定：时长用时间币显示
    那么规则里写着：「成员看到的时长单位：时间币（1 小时 = 1 个）。」

  场景: 两人同去的，第二人的时长也记，服务对象只付一份
    When two go together, the second one's hours are entered too; who is served pays once.

    假如专干登记：李明为王桂英服务1小时
    当专干补记同去的赵敏
    那么赵敏累计服务1小时
    而且赵敏可用0分钟
    而且李明可用1小时

  @flow
  场景: 规则可以让两人都存入
    The policy may credit both.

    假如本社区规定：两人同去的都存入
    而且专干登记：李明为王桂英服务1小时
    当专干补记同去的赵敏
    那么赵敏可用1小时

  场景: 没有服务对象的，不补记同去的人
    A second one is noted only beside a service to somebody.

    假如专干登记：李明服务1小时，没有填服务对象
    当专干补记同去的赵敏
    那么系统说：「只有一位志愿者为他人做的、仍然有效的服务，才能补记同去的人。请另选一条记录。」
    而且英文是：“A second one is noted only beside a service that one volunteer gave to somebody, and that stands. Choose another record.”
