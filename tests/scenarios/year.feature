# language: zh-CN
功能: 有效期和积德榜
  时长通常不过期；规则定了期限的，多少个月不用就进公益时长池。积德榜只写本人愿意的人，按累计服务时长分档，不排名次，不写余额。

  @expiry
  场景: 没有定期限的，时长不过期
    Hours do not expire unless the policy says so.

    假如专干登记：李明为王桂英服务1小时
    当过了366天
    而且系统月初处理不用的时长
    那么李明可用1小时

  @expiry
  场景: 定了期限的，到期没用的进公益时长池，后来存的不动
    Hours not used for so many months go to the fund; younger ones stay.

    假如本社区规定：3个月不用的时长进公益时长池
    而且专干登记：李明为王桂英服务1小时
    而且过了30天
    而且专干登记：李明为王桂英服务90分钟
    当过了75天
    而且系统月初处理不用的时长
    那么李明可用1小时30分
    而且公益时长池里有1小时

  @expiry
  场景: 同一个月处理两次，只收一次
    A run that is repeated takes nothing twice.

    假如本社区规定：3个月不用的时长进公益时长池
    而且专干登记：李明为王桂英服务1小时
    当过了105天
    而且系统月初处理不用的时长
    而且系统月初处理不用的时长
    那么公益时长池里有1小时

  @honours
  场景: 本人愿意的才上榜，列在够得着的最高一档
    Who wishes so is named, at the highest threshold that was reached.

    假如本社区规定：累计满1小时、3小时的上积德榜
    而且专干登记：李明为王桂英服务4小时
    那么积德榜上没有人
    当李明愿意上积德榜
    那么积德榜3小时一档有：李明
    当李明不愿意上积德榜
    那么积德榜上没有人

  @honours
  场景: 转赠出去的也算累计，只记时长的也算
    What is given away, and what is only recorded, counts as served.

    假如本社区规定：累计满1小时、3小时的上积德榜
    而且专干登记：王芳为陈秀兰服务1小时，只记时长
    而且专干登记：王芳为陈秀兰服务2小时
    当王芳把2小时转赠给王桂英
    而且王芳愿意上积德榜
    那么积德榜3小时一档有：王芳

  @honours
  场景: 规则可以不设积德榜
    Where the policy wants none, there is none.

    假如本社区规定：没有积德榜
    而且专干登记：李明为王桂英服务4小时
    当李明愿意上积德榜
    那么积德榜上没有人
