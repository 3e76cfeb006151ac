# language: zh-CN
功能: 柜台
  登录、查找、登记；账本停用时什么都不记，凭条留好。

  @desk
  场景: 密码输错几次，要等一会儿
    Too many wrong passwords, and one waits; also with the right one.

    当李明输错密码5次
    而且李明用自己的密码登录
    那么系统说：「尝试次数太多。请等 15 分钟，或到服务站办理。」
    而且英文是：“Too many attempts. Please wait 15 minutes, or ask at the station.”
    当过了15分钟
    而且李明用自己的密码登录
    那么李明可用0分钟

  @desk
  场景: 一个人只登记一次
    One person is registered once.

    当专干再登记一次王桂英
    那么系统说：「此人已经登记过，请直接查找。」
    而且英文是：“This person is registered already. Look the person up.”

  @desk
  场景: 丢了的卡马上作废
    A lost card is void at once; hours and PIN stay.

    当专干给王桂英换一张新卡
    而且专干扫王桂英的旧卡
    那么系统说：「这张卡已经挂失作废。请用新卡，或按姓名查找。」
    而且英文是：“This card was reported lost and is void. Ask for the new card, or look the person up by name.”

  @desk
  场景: 登录名不能重复
    A name is one login's.

    当管理员再开一个登录名“li”
    那么系统说：「这个登录名已经有人用，请换一个。」
    而且英文是：“There is a login of this name already. Choose another name.”

  @desk
  场景: 角色可以事后再给，也可以取消
    A role is given to a login later on, and taken away again; it counts at once.

    当管理员给另一位专干加上站长的角色
    那么另一位专干可以审批
    当管理员取消另一位专干的站长角色
    那么另一位专干不可以审批

  @desk
  场景: 自己的角色自己不能改
    Nobody changes the roles of her own login.

    当管理员给管理员加上站长的角色
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  @desk
  场景: 没有这个登录名
    A login that is not there has no roles.

    当管理员查找登录名“nobody”的角色
    那么系统说：「没有这个名字的可用登录账号。请核对写法；新账号由运维人员建立。」
    而且英文是：“There is no open login of this name. Check how it is written; new ones are made by the operator.”

  @desk
  场景: 没有的登记终止不了
    A note that is not there is not ended.

    当专干终止一条并不存在的登记
    那么系统说：「本社区没有这条登记，请重新查看个人页面。」
    而且英文是：“There is no such note of a person of this community. Look at the person's page again.”

  @desk
  场景: 没有这个社区
    A community that is not here is said to be none.

    当有人查找代码是“999999999999”的社区
    那么系统说：「这里没有这个社区，请核对 12 位代码。」
    而且英文是：“There is no such community here. Check the 12-digit code.”

  @desk
  场景: 一个社区只有一本账
    A community is founded once.

    当有人再建一次本社区的账本
    那么系统说：「这个社区已经有了，请在列表里查找。」
    而且英文是：“This community exists already. Look it up in the list.”

  @desk
  场景: 对账单太长，要缩短时间
    A statement is whole or none.

    假如专干登记：李明为王桂英服务1小时
    而且专干登记：李明为陈秀兰服务1小时
    当李明打印李明的对账单，最多1笔
    那么系统说：「这段时间的记录超过 1 条，请缩短时间范围。」
    而且英文是：“There are more than 1 records between these days. Choose a shorter time.”

  @desk
  场景: 账本停用时什么都不记
    While the books are stopped nothing is recorded.

    假如本社区账本被审计停用
    当专干登记：李明为王桂英服务1小时
    那么系统说：「本社区账本暂时只能查看，要等运维人员检查。这次没有记录；请保留凭条，稍后再试。」
    而且英文是：“This community's books are read-only until the operator has looked at them. Nothing was recorded; keep the slip and try again later.”
    当账本恢复使用
    而且专干登记：李明为王桂英服务1小时
    那么李明可用1小时

  @desk
  场景: 账本没有缺失，不用另开一本
    Books of which nothing is missing are not given up as lost.

    当运维人员想以“记录丢失”为由另开账本
    那么系统说：「这本账没有缺失的记录。请继续使用，或以其他理由结账。」
    而且英文是：“Nothing is missing in these books. Go on with them, or close them for another reason.”

  @desk
  场景: 系统时钟不对，什么都不记
    While the clock cannot be right nothing is recorded.

    假如专干登记：李明为王桂英服务1小时
    当系统时钟被拨回一天
    而且专干登记：李明为王桂英服务1小时
    那么系统说：「系统时钟可能不对，所以没有记录。请运维人员核对时钟并确认。」
    而且英文是：“The clock of the service cannot be right, so nothing was recorded. The operator must check the clock and confirm it.”
    当系统时钟被拨正
    那么李明可用1小时

  @programme
  场景: 三十天没有人上门的老人，列在关怀名单里
    Elders whom nobody has served for thirty days are listed.

    当过了31天
    而且专干登记：李明为王桂英服务1小时
    那么关怀名单里有：陈秀兰
    而且关怀名单里没有：王桂英

  @desk
  场景: 本人在柜台设卡的密码，容易猜的不行
    A PIN that somebody would try first is not taken.

    当专干让王桂英设密码“123456”
    那么系统说：「请选一个别人不会先试的六位数字：不连号，不老是那几个数字，不用生日，也不用电话号码或卡号里的数字。」
    而且英文是：“Choose six digits that nobody would try first: not in a row, not the same few, no day of birth, nothing of the telephone or card number.”
    当专干让王桂英设密码“280471”
    而且王桂英用卡和密码“280471”登录
    那么王桂英可用0分钟

  @desk
  场景: 由监护人决定的老人，卡不设密码
    Whoever is decided for has no PIN.

    假如王桂英由监护人王芳决定，已经登记
    当专干让王桂英设密码“280471”
    那么系统说：「这位老人现在由监护人代为决定，所以卡不设密码，由监护人确认服务。」
    而且英文是：“Somebody else decides for this person now, so her card has no PIN. Her guardian confirms for her.”

  @desk
  场景: 销户以后，卡不能再设密码
    The card of an account that was closed opens nothing again.

    假如专干让赵敏设密码“280471”
    而且专干申请给赵敏销户
    而且站长同意
    当专干让赵敏设密码“913580”
    那么系统说：「这张卡的登录已随账户注销而关闭。回来的人请重新登记。」
    而且英文是：“The log-in of this card was closed with the account. Whoever comes back is registered anew.”
