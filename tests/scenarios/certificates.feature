# language: zh-CN
功能: 证明与公示
  谁记录，谁证明，不收费。证明先隐去名字公示，期满由没有经手的站长出具。每月公示单只写姓和星号。

  @certificate
  场景: 公示满七天才能出具
    A certificate hangs out for seven days with initials before it is issued.

    假如专干登记：李明为王桂英服务90分钟
    当李明申请李明的服务证明
    那么公示里写的是“李＊”，90分钟
    当过了6天
    而且站长出具证明
    那么系统说：「公示到2026年9月28日 星期一为止，在此之前任何人都可以提出异议。请在期满以后出具。」
    而且英文是：“It hangs out until Monday 28 September 2026, so that anybody can object. Issue it after that.”
    当过了1天
    而且站长出具证明
    那么凭证明编号，任何人都能查到它有效

  @certificate
  场景: 规则可以不公示
    Where the policy wants no publication, it is issued at once.

    假如本社区规定：证明要公示0天
    而且专干登记：李明为王桂英服务90分钟
    当李明申请李明的服务证明
    而且站长出具证明
    那么凭证明编号，任何人都能查到它有效

  @certificate
  场景: 没有服务过，没有什么可以证明
    Where nothing was served, nothing is certified.

    当李明申请李明的服务证明
    那么系统说：「这段时间里没有可以证明的服务，请换个时间段。」
    而且英文是：“There is no service to certify between these days. Choose other days.”

  @certificate @recorded
  场景: 义务劳动不算志愿服务，不写进证明
    Duty is no voluntary service, and not certified.

    假如专干登记：李明为王桂英服务2小时，只记时长
    当李明申请李明的服务证明
    那么系统说：「这段时间里没有可以证明的服务，请换个时间段。」
    而且英文是：“There is no service to certify between these days. Choose other days.”

  @certificate
  场景: 一份证明在公示，不能再申请一份
    One certificate of a person hangs out at a time.

    假如专干登记：李明为王桂英服务90分钟
    而且李明申请李明的服务证明
    当专干申请李明的服务证明
    那么系统说：「这位志愿者已有一份证明在公示，请等它出具。」
    而且英文是：“A certificate for this person hangs out already. Wait until it is issued.”

  @certificate
  场景: 有人提出异议，站长终止，以后可以重新申请
    An objection stops it; what was stopped is not issued.

    假如专干登记：李明为王桂英服务90分钟
    而且李明申请李明的服务证明
    当站长终止证明，因为有人提出时长不对
    而且过了7天
    而且站长出具证明
    那么系统说：「这件事已经有决定了，请查看结果。」
    而且英文是：“This was decided already. Look at what was decided.”
    当李明申请李明的服务证明
    那么公示里写的是“李＊”，90分钟

  @certificate
  场景: 公示期间更正了记录，要重新申请
    What was corrected meanwhile is not certified.

    假如专干登记：李明为王桂英服务90分钟
    而且李明申请李明的服务证明
    而且这一笔已经更正
    当过了7天
    而且站长出具证明
    那么系统说：「其中有记录后来被更正。请终止这份，重新申请。」
    而且英文是：“A record in it was corrected meanwhile. Stop it, and ask for a new one.”

  @certificate @fraud
  场景: 出具以后更正的，证明自动失效
    A certificate falls when a record in it is corrected.

    假如本社区规定：证明要公示0天
    而且专干登记：李明为王桂英服务90分钟
    而且李明申请李明的服务证明
    而且站长出具证明
    当专干申请更正这一笔
    而且站长同意
    那么凭证明编号查到的是：已经失效

  @certificate @review
  场景: 申请的人不能自己出具
    Whoever asked does not issue.

    假如专干和站长是同一个人
    而且本社区规定：证明要公示0天
    而且专干登记：李明为王桂英服务90分钟
    而且专干申请李明的服务证明
    当站长出具证明
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”

  @certificate
  场景: 编号不对，查不到
    A number that is none finds nothing.

    当有人查验编号“20260922-ABCDEFGH”的证明
    那么系统说：「没有这条记录，请核对编号。」
    而且英文是：“There is no such record. Check the number.”

  @publication
  场景: 每月公示单只写姓和星号
    The month's sheet has initials only; what was undone is not on it.

    假如专干登记：李明为王桂英服务90分钟
    那么本月公示单上有：李＊，90分钟
    假如这一笔已经更正
    那么本月公示单是空的

  @publication @certificate
  场景: 报送到志愿服务信息系统，逐笔标明
    Each record has a state on its way to the ministry; what is corrected after it was filed is to be taken back.

    假如专干登记：李明为王桂英服务90分钟
    那么这一笔在报送表里是待报送
    当专干把这一笔标为已报送
    那么这一笔在报送表里是已报送
    当专干把这一笔标为被退回
    那么这一笔在报送表里是被退回
    当专干把这一笔标为已报送
    而且这一笔已经更正
    那么报送表提醒：这一笔报送以后更正了，要撤回
