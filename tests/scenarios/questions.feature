# language: zh-CN
@fraud
功能: 质疑与更正
  谁对自己那一笔有疑问，都可以说「这笔不对」。站长核对后答复；错了的，后面跟一笔更正，原记录保留。

  场景: 老人说这笔不对，站长答复记录没有错
    A question is answered, and the entry stands.

    假如专干登记：李明为王桂英服务1小时
    当王桂英对这一笔说「这笔不对」
    那么服务站还有1条疑问要答复
    当站长答复：记录没有错
    那么王桂英看得到答复
    而且李明知道有人问过，但看不到是谁、问了什么
    而且李明可用1小时

  场景: 确实错了，当场更正
    An entry that was wrong is undone by a linked one.

    假如专干登记：李明为王桂英服务1小时
    当王芳对这一笔说「这笔不对」
    而且站长答复：记录错了
    那么原记录还在，后面跟着一笔更正
    而且李明可用0分钟

  场景: 同一笔不重复提问
    There is one open question an entry.

    假如专干登记：李明为王桂英服务1小时
    而且王桂英对这一笔说「这笔不对」
    当李明对这一笔说「这笔不对」
    那么系统说：「已经有人问过这笔记录，请等服务站答复。」
    而且英文是：“Somebody has asked about this record already. Please wait for the station's answer.”

  场景: 不能问别人的记录
    Nobody asks about an entry of others.

    假如专干登记：李明为王桂英服务1小时
    当赵敏对这一笔说「这笔不对」
    那么系统说：「没有这条记录，请核对编号。」
    而且英文是：“There is no such record. Check the number.”

  场景: 更正过的不用再问
    What is undone already is not asked about.

    假如专干登记：李明为王桂英服务1小时
    而且这一笔已经更正
    当王桂英对这一笔说「这笔不对」
    那么系统说：「这条记录已经更正过了，请看它后面的更正。」
    而且英文是：“This record was corrected already. The correction stands beside it.”

  场景: 登记的人不能自己答复
    Whoever recorded the entry does not answer.

    假如专干和站长是同一个人
    而且专干登记：李明为王桂英服务1小时
    而且王桂英对这一笔说「这笔不对」
    当站长答复：记录没有错
    那么系统说：「登记或申请的人不能自己决定，请另一个人来看。」
    而且英文是：“Whoever recorded or asked cannot decide. Ask another person to look at it.”

  场景: 答复过的不改
    What was answered stays answered.

    假如专干登记：李明为王桂英服务1小时
    而且王桂英对这一笔说「这笔不对」
    而且站长答复：记录没有错
    当站长答复：记录错了
    那么系统说：「这件事已经有决定了，请查看结果。」
    而且英文是：“This was decided already. Look at what was decided.”
    而且李明可用1小时

  场景: 更正把当天溢出的也一并撤回
    A correction takes back what had flowed on to the fund first.

    假如专干登记：李明为王桂英服务4小时
    而且专干登记：李明为陈秀兰服务4小时
    而且专干登记：李明为王桂英服务1小时
    当专干申请更正这一笔
    而且站长同意
    那么李明可用8小时
    而且公益时长池里有0分钟
    而且李明待追回0分钟
