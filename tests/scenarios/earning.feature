# language: zh-CN
@earner
功能: 谁能存
  年满18岁、实名登记的志愿者可以存入时长；未成年人要有监护人同意，或者在团体里；服务机构的带薪人员不存。

  场景: 成年志愿者可以存
    An adult volunteer earns.

    当专干登记：李明为王桂英服务1小时
    那么李明可用1小时

  场景: 满18岁当天起可以存
    One earns from one's eighteenth birthday on.

    假如小明今天满18岁，登记为志愿者
    当专干登记：小明为王桂英服务1小时
    那么小明可用1小时

  场景: 差一天也不行
    A day before it one does not.

    假如小明明天满18岁，登记为志愿者
    当专干登记：小明为王桂英服务1小时
    那么系统说：「未满18岁要有监护人同意。请在个人页面登记监护人，或记到所在团体的名下。」
    而且英文是：“Under the age of 18 a guardian must have agreed. Note the guardian on the person's page, or record it for the group they served in.”
    而且小明可用0分钟

  场景: 补记按服务当天的年龄算
    The age is that of the day of service.

    假如小明今天满18岁，登记为志愿者
    当专干登记：小明为王桂英服务1小时，服务日期是昨天
    那么系统说：「未满18岁要有监护人同意。请在个人页面登记监护人，或记到所在团体的名下。」
    而且英文是：“Under the age of 18 a guardian must have agreed. Note the guardian on the person's page, or record it for the group they served in.”

  场景: 监护人同意了，未成年人可以存；同意到期就不行
    A minor earns while a guardian's consent holds.

    假如小明今年16岁，登记为志愿者
    而且监护人赵敏同意小明参加服务，到今天为止
    当专干登记：小明为王桂英服务1小时
    那么小明可用1小时
    当过了1天
    而且专干登记：小明为王桂英服务1小时
    那么系统说：「未满18岁要有监护人同意。请在个人页面登记监护人，或记到所在团体的名下。」
    而且英文是：“Under the age of 18 a guardian must have agreed. Note the guardian on the person's page, or record it for the group they served in.”

  场景: 规则说未成年人不能存，监护人同意也没有用
    Where the policy says never, no guardian helps.

    假如本社区规定：未成年人不能存入
    而且小明今年16岁，登记为志愿者
    而且监护人赵敏同意小明参加服务
    当专干登记：小明为王桂英服务1小时
    那么系统说：「本社区年满18岁才能存入时长。请另选志愿者。」
    而且英文是：“Hours are earned here from the age of 18 on. Choose another volunteer.”

  场景: 自己不能当自己的监护人
    Nobody is their own guardian.

    假如小明今年16岁，登记为志愿者
    当监护人小明同意小明参加服务
    那么系统说：「同一个人不能两边都是：不能为自己服务，也不能给自己代办。请另选一人。」
    而且英文是：“One person cannot be both: nobody serves, or acts for, themselves. Choose somebody else.”

  @recorded
  场景: 只记时长不问年龄
    What is only recorded asks for no age.

    假如小明今年16岁，登记为志愿者
    当专干登记：小明为王桂英服务1小时，只记时长
    那么小明累计服务1小时
    而且小明可用0分钟

  场景: 没有出生日期就记不了，补登以后可以
    Where an age is asked for, the day of birth must be known.

    假如吴刚登记为志愿者和老人，没有登记出生日期
    当专干登记：吴刚为王桂英服务1小时
    那么系统说：「没有登记出生日期。请在服务台的个人页面补登后再试。」
    而且英文是：“The day of birth is not known. Please enter it at the counter, on the person's page, and try again.”
    当专干补登吴刚的出生日期：1980年1月1日
    而且专干登记：吴刚为王桂英服务1小时
    那么吴刚可用1小时

  场景: 规则没有年龄要求，就不问出生日期
    Without a rule about age nobody is asked for it.

    假如本社区规定：年满0岁才能存入
    而且吴刚登记为志愿者和老人，没有登记出生日期
    当专干登记：吴刚为王桂英服务1小时
    那么吴刚可用1小时

  场景: 规则要求先培训
    Where the policy asks for a training, there is none without it.

    假如本社区规定：志愿者必须先参加培训
    当专干登记：李明为王桂英服务1小时
    那么系统说：「这项服务要先参加培训，培训还要在有效期内。请在志愿者页面补登，或另选志愿者。」
    而且英文是：“This needs a training that still counts. Note it on the volunteer's page, or choose another volunteer.”
    假如李明参加过「急救」培训
    当专干登记：李明为王桂英服务1小时
    那么李明可用1小时

  场景: 培训过期了要重新参加
    A training counts up to its last day.

    假如本社区规定：志愿者必须先参加培训
    而且李明参加过「急救」培训，有效到昨天
    当专干登记：李明为王桂英服务1小时
    那么系统说：「这项服务要先参加培训，培训还要在有效期内。请在志愿者页面补登，或另选志愿者。」
    而且英文是：“This needs a training that still counts. Note it on the volunteer's page, or choose another volunteer.”

  @catalogue
  场景: 有的项目要先参加这一项的培训
    A service may ask for a course of its own.

    假如服务目录规定：助浴要先参加「助浴」培训
    而且李明参加过「急救」培训
    当专干登记：李明为王桂英服务1小时，项目是助浴
    那么系统说：「这项服务要先参加培训，培训还要在有效期内。请在志愿者页面补登，或另选志愿者。」
    而且英文是：“This needs a training that still counts. Note it on the volunteer's page, or choose another volunteer.”
    当专干登记：李明为王桂英服务1小时，项目是助餐
    那么李明可用1小时
    假如赵敏参加过「助浴」培训
    当专干登记：赵敏为王桂英服务1小时，项目是助浴
    那么赵敏可用1小时

  场景: 被暂停的志愿者不能存，解除以后可以
    Who is suspended earns nothing until that is ended.

    假如站长暂停李明
    当专干登记：李明为王桂英服务1小时
    那么系统说：「此人已被暂停。请另选他人，或请站长解除暂停。」
    而且英文是：“This person is suspended. Choose somebody else, or ask the lead to end it.”
    当站长解除暂停李明
    而且专干登记：李明为王桂英服务1小时
    那么李明可用1小时

  @provider
  场景: 服务机构的带薪人员不存入时长
    A provider's paid staff never earns.

    假如康乐护理公司是服务机构
    当专干登记：康乐护理公司为王桂英服务1小时
    那么系统说：「这类账户不能存入时长。请选志愿者本人；服务机构的服务，请在订单里登记。」
    而且英文是：“An account of this kind cannot earn hours. Choose the volunteer; what a provider gave is entered with its order.”
