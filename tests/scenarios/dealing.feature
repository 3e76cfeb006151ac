# language: zh-CN
@dealing
功能: 回避
  经办人不办自己和家人的事；代办人不能就是服务的人；同一个人同一时段不能有两项服务；去世以后没有服务。规则不能改变这些。

  场景: 专干不能给家人登记服务
    A clerk records nothing of her own family.

    假如专干就是王芳本人
    当专干登记：李明为王桂英服务1小时
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”
    当另一位专干登记：李明为王桂英服务1小时
    那么李明可用1小时

  场景: 专干不能给自己登记服务
    A clerk records nothing of her own.

    假如专干就是王芳本人
    当专干登记：王芳为陈秀兰服务1小时
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  场景: 站长不能复核家人的服务
    A lead does not decide about her own family.

    假如站长就是王芳本人
    而且专干登记：李明为王桂英服务5小时
    当站长同意
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  场景: 专干不能把别人的时长转给自己的家人
    At the counter nobody gives others' hours to their own family.

    假如专干就是王芳本人
    而且李明有2小时时长
    而且王桂英是李明的奶奶
    当专干把李明的1小时转赠给王桂英
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”
    而且李明可用2小时

  场景: 专干不能替家人确认
    A clerk confirms nothing for her own family.

    假如专干就是王芳本人
    而且王桂英有1小时时长
    而且王桂英约了1小时服务，李明已经上门服务了1小时，签退了
    当专干代为确认，原因是老人不会写字
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  场景: 站长不能暂停自己的家人
    A lead suspends nobody of her own family.

    假如站长就是王芳本人
    当站长暂停王桂英
    那么系统说：「这件事涉及您本人或您的家人，请服务站的其他同事办理。」
    而且英文是：“This is about yourself or your family. Ask another person at the station to do it.”

  场景: 不能自己为自己服务
    Nobody serves themselves.

    假如吴刚今年65岁，登记为志愿者
    而且吴刚有2小时时长
    而且专干为吴刚约1小时服务
    当吴刚登录后接单
    那么系统说：「同一个人不能两边都是：不能为自己服务，也不能给自己代办。请另选一人。」
    而且英文是：“One person cannot be both: nobody serves, or acts for, themselves. Choose somebody else.”

  场景: 派单也不能派给老人自己
    Nobody is sent to themselves.

    假如吴刚今年65岁，登记为志愿者
    而且吴刚有2小时时长
    而且专干为吴刚约1小时服务
    当专干派吴刚去
    那么系统说：「同一个人不能两边都是：不能为自己服务，也不能给自己代办。请另选一人。」
    而且英文是：“One person cannot be both: nobody serves, or acts for, themselves. Choose somebody else.”

  场景: 女儿去服务，就不能由她代为确认
    A relative who served does not confirm her own service.

    假如王桂英有1小时时长
    而且王桂英约了1小时服务，王芳已经上门服务了1小时，签退了
    当王芳确认
    那么系统说：「提供服务的人不能自己确认。请由老人、家人或服务站确认。」
    而且英文是：“Whoever served cannot confirm it. Ask the elder, a relative or the station.”

  场景: 由亲属确认的，亲属不能是服务的人
    A proxy is neither the volunteer nor the volunteer's kin.

    当专干登记：王芳为王桂英服务1小时，由亲属确认
    那么系统说：「能代为确认的亲属都是志愿者本人或其家人。请由老人亲手确认，或由专干写明原因确认。」
    而且英文是：“No relative who may confirm is independent of the volunteer. Let the elder confirm by her own hand, or the station with a reason.”
    当专干登记：李明为王桂英服务1小时，由亲属确认
    那么李明可用1小时

  场景: 亲属是志愿者的家人，也不能由她确认
    Kin of the volunteer does not confirm for the elder either.

    假如王芳是李明的配偶
    当专干登记：李明为王桂英服务1小时，由亲属确认
    那么系统说：「能代为确认的亲属都是志愿者本人或其家人。请由老人亲手确认，或由专干写明原因确认。」
    而且英文是：“No relative who may confirm is independent of the volunteer. Let the elder confirm by her own hand, or the station with a reason.”

  场景: 同一个人同一时段不能有两项服务
    Nobody is at two services at once.

    假如专干登记：李明为王桂英服务1小时，从9点到10点
    当专干登记：李明为陈秀兰服务1小时，从9点到10点
    那么系统说：「其中有人在这个时段已有另一项服务。请核对日期和起止时间。」
    而且英文是：“One of these people was at another service at that time. Please check the day, from and to.”
    当专干登记：李明为陈秀兰服务1小时，从10点到11点
    那么李明可用2小时

  场景: 同一位老人同一时段也不能有两项服务
    Nobody is served twice at once.

    假如专干登记：李明为王桂英服务1小时，从9点到10点
    当专干登记：赵敏为王桂英服务1小时，从9点到10点
    那么系统说：「其中有人在这个时段已有另一项服务。请核对日期和起止时间。」
    而且英文是：“One of these people was at another service at that time. Please check the day, from and to.”
    而且赵敏可用0分钟

  场景: 同一个人同一时段在两个社区，记录照收，两边的站长都看得到
    Somebody at two services in two communities at once is shown to both leads.

    假如李明在邻社区也登记为志愿者
    而且专干登记：李明为王桂英服务1小时，从9点到10点
    当邻社区的专干登记李明在那里从9点到10点的服务
    那么站长看到李明同一时间还在另一处服务
    而且邻社区的站长看到李明同一时间还在另一处服务

  场景: 住院期间的服务照记，站长看得到
    A service on a day in hospital is recorded, and shown to the lead.

    假如专干登记王桂英从3天前起住院
    当专干登记：李明为王桂英服务30分钟
    那么李明可用30分钟
    而且站长看到王桂英住院期间有一次服务

  @end
  场景: 去世以后没有服务；当天和以前的还可以补记
    No service is given after a death; one of that day may still be entered.

    假如王桂英于今天去世，已经登记
    当专干登记：李明为王桂英服务30分钟
    那么李明可用30分钟
    当过了1天
    而且专干登记：李明为王桂英服务30分钟
    那么系统说：「此人已于2026年9月22日 星期二去世。请核对人员和服务日期。」
    而且英文是：“This person died on Tuesday 22 September 2026. Please check the person and the day of service.”
    当专干登记：李明为王桂英服务30分钟，服务日期是昨天
    那么李明可用1小时
