# language: zh-CN
@elsewhere
功能: 跨社区使用
  在这里存，到父母住的社区用。先在本社区预留，由对方社区决定；对方不接收的退回，期间不会丢失。

  场景: 转给其他社区的人，对方马上到账
    Hours arrive in the other community.

    假如李明有2小时时长
    而且本社区规定：时长也可以转赠给朋友
    当李明向邻社区的周强转出1小时
    那么李明可用1小时
    而且这笔转出已到账

  场景: 只许本社区使用的，转不出去
    Where the rules keep hours at home, none leave.

    假如李明有2小时时长
    而且本社区规定：时长只在本社区使用
    当李明向邻社区的周强转出1小时
    那么系统说：「按本社区的规则，时长只在本社区使用。」
    而且英文是：“By the rules of this community its hours are used here only.”

  场景: 同一个社区的，用普通转赠
    Within a community it is an ordinary gift.

    假如李明有2小时时长
    当李明向本社区的王桂英转出1小时
    那么系统说：「双方在同一个社区，请用普通转赠。」
    而且英文是：“Both are of the same community. Give the hours as an ordinary gift.”

  场景: 不是规则里的亲属，转不出去
    The circle of the rules holds there too.

    假如李明有2小时时长
    当李明向邻社区的周强转出1小时
    那么系统说：「按本社区规则，时长只能转赠给规定范围内的亲属，或为他们约服务。确是亲属的，请到服务站登记亲属关系。」
    而且英文是：“By the rules of this community hours are for close family only. If this is family, have the station note how you are related.”

  场景: 搬家时，时间随人走，不受转赠规定限制
    Moving, hours go along to oneself, whatever the rules say of gifts.

    假如李明有2小时时长
    而且李明在邻社区也登记了
    当李明搬家，向邻社区的李明转出2小时
    那么李明可用0分钟
    而且这笔转出已到账

  场景: 搬家时，时间只能转给本人
    By way of moving nobody else is given hours.

    假如李明有2小时时长
    当李明搬家，向邻社区的周强转出1小时
    那么系统说：「按这里登记的信息，这不是同一个人。搬家时，时间只能转给本人：请新社区登记同样的姓名和出生日期；如果新社区属于另一个服务平台，请本社区工作人员代为转出。」
    而且英文是：“By what is known here this is not the same person. Moving, hours go along to oneself only: have the new station note the same name and day of birth, and where it is of another service, ask the station here to send them.”
    而且李明可用2小时

  场景: 两个社区暂停往来时，转不出去，恢复后再转
    A frozen link lets nothing out.

    假如李明有2小时时长
    而且本社区规定：时长也可以转赠给朋友
    而且与邻社区暂停往来
    当李明向邻社区的周强转出1小时
    那么系统说：「这两个社区之间暂时不能转时长，须先核对账目。请询问服务站。」
    而且英文是：“Hours cannot go between these two communities for now: their books must be looked at first. Ask the station.”
    当与邻社区恢复往来
    而且李明向邻社区的周强转出1小时
    那么这笔转出已到账

  场景: 对方暂停时先预留，恢复后自动送到
    While the other side cannot be asked, hours stay held and are tried again.

    假如李明有2小时时长
    而且本社区规定：时长也可以转赠给朋友
    而且邻社区暂停与本社区往来
    当李明向邻社区的周强转出1小时
    那么李明可用1小时
    而且李明已预留1小时
    当邻社区恢复与本社区往来
    而且过了1天
    而且系统再送一次
    那么这笔转出已到账
    而且李明已预留0分钟
