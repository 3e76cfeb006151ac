# language: zh-CN
@end
功能: 身故后留下的时长
  有时长留下的，登记去世时开一个编号。按规则和生前意愿转给亲属，或转入公益时长池，两个人办理；逾期转入公益时长池。

  背景:
    假如专干登记：陈秀兰是李明的配偶
    而且专干登记：李明为王桂英服务2小时

  场景: 转给亲属，两个人办理
    Hours go to an heir once a second person has approved.

    假如李明于今天去世，已经登记
    那么李明的身故事项剩余2小时，可以转给陈秀兰
    当专干申请把李明留下的2小时转给陈秀兰
    那么陈秀兰可用0分钟
    当站长同意
    那么陈秀兰可用2小时
    而且身故事项已办结

  场景: 不能走普通转赠
    There is no other way to what somebody left.

    假如李明于今天去世，已经登记
    当专干把李明的1小时转赠给陈秀兰
    那么系统说：「此人已去世。其留下的时长须通过身故事项转给亲属或公益时长池。」
    而且英文是：“This person has died. What she left goes to the relatives or the fund through her case.”

  场景: 不是规则里的亲属，不能转
    Nobody but a proved relative of the rule is an heir.

    假如李明于今天去世，已经登记
    当专干申请把李明留下的1小时转给赵敏
    那么系统说：「按规则和本人生前意愿，时长不能转给此人。请先登记亲属关系，或从事项列表中选人。」
    而且英文是：“By the rules and her wish the hours cannot go to this person. Note the relation first, or choose somebody from the list of the case.”

  场景: 规则只许转给公益时长池
    Where the rule says the fund, there is no heir.

    假如本社区规定：身故后留下的时长进公益时长池
    而且李明于今天去世，已经登记
    当专干申请把李明留下的2小时转给公益时长池
    而且站长同意
    那么公益时长池里有2小时
    而且身故事项已办结

  场景: 生前意愿是公益时长池的，亲属不能转
    A wish for the fund leaves no heir.

    假如专干登记李明的生前意愿：转入公益时长池
    而且李明于今天去世，已经登记
    当专干申请把李明留下的1小时转给陈秀兰
    那么系统说：「按规则和本人生前意愿，时长不能转给此人。请先登记亲属关系，或从事项列表中选人。」
    而且英文是：“By the rules and her wish the hours cannot go to this person. Note the relation first, or choose somebody from the list of the case.”

  场景: 过了截止日，剩余的进公益时长池
    After the last day the rest goes to the fund.

    假如本社区规定：亲属须在30天内办理身故事项
    而且李明于今天去世，已经登记
    当过了31天
    而且专干申请把李明留下的1小时转给陈秀兰
    那么系统说：「亲属办理的截止日是2026年10月22日 星期四。剩余时长转入公益时长池。」
    而且英文是：“The last day for relatives was Thursday 22 October 2026. What is left goes to the public fund.”
    当系统处理到期的身故事项
    那么公益时长池里有2小时
    而且身故事项已办结

  @social-worker
  场景: 由监护人决定的老人，只在登记住址服务
    Somebody for whom a guardian decides is served at home.

    假如王桂英有2小时时长
    而且专干补登王桂英的住址：大兴路9号
    而且王桂英由监护人王芳决定，已经登记
    当专干为王桂英约1小时服务，地址是“大兴路8号”
    那么系统说：「此人由监护人代为决定，只能在登记住址提供服务。请不要填写地点。」
    而且英文是：“A guardian decides for this person: services are given at the registered address only. Leave the place empty.”
    当专干为王桂英约1小时服务
    那么这一单的地点是大兴路9号

  @social-worker
  场景: 没有登记住址的，先补资料
    Where no address is known, it is registered first.

    假如王桂英有2小时时长
    而且王桂英由监护人王芳决定，已经登记
    当专干为王桂英约1小时服务
    那么系统说：「此人由监护人代为决定，但没有登记住址。请先补充资料。」
    而且英文是：“A guardian decides for this person, and no address is registered. Put the data right first.”

  @social-worker
  场景: 每月告知单交给监护人以外的家人
    A relative who is not the guardian reads each month who came.

    假如专干登记：王桂英是陈秀兰的配偶
    而且王桂英由监护人王芳决定，已经登记
    那么王桂英本月的告知单有1笔服务，交给陈秀兰

  @social-worker
  场景: 社工评估后，首次上门由社工陪同
    The social worker goes along until a first order was confirmed.

    假如王桂英有2小时时长
    而且专干登记王桂英的社工评估，首次上门由社工陪同
    当专干为王桂英约1小时服务
    那么这一单由社工陪同
