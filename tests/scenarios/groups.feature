# language: zh-CN
功能: 团体、服务机构、只记时长和日间照料
  团体的时长只能捐，进入公益时长池；服务机构收了钱，不存时长；党员义务劳动、清洁日等只记时长；日间照料按班记。

  @group
  场景: 团体的时长进入公益时长池
    A group's hours go to the fund.

    假如青松志愿队是志愿服务团体
    当专干登记：青松志愿队为王桂英服务2小时
    那么公益时长池里有2小时
    而且青松志愿队可用0分钟

  @group
  场景: 团体一天服务两次，各算各的
    A group's second service of a day is not paid for the first again.

    假如青松志愿队是志愿服务团体
    而且专干登记：青松志愿队为王桂英服务2小时
    当专干登记：青松志愿队为陈秀兰服务1小时
    那么这一笔存入1小时
    而且公益时长池里有3小时

  @group
  场景: 由公益时长池支付给团体的，只记时长
    Where the fund would pay itself, the service is only recorded.

    假如青松志愿队是志愿服务团体
    而且公益时长池有3小时
    当专干登记：青松志愿队为王桂英服务2小时，由公益时长池支付
    那么公益时长池里有3小时
    而且青松志愿队累计服务2小时

  @group
  场景: 团体接的订单，老人的时长进入公益时长池
    What an elder pays for a group's service goes to the fund.

    假如青松志愿队是志愿服务团体
    而且王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干按纸质单补录：青松志愿队服务1小时
    那么公益时长池里有1小时
    而且王桂英可用1小时

  @provider
  场景: 服务机构做的订单，老人的时长到此为止
    What an elder pays for a provider's service ends.

    假如康乐护理公司是服务机构
    而且王桂英有2小时时长
    而且专干为王桂英约1小时服务
    当专干按纸质单补录：康乐护理公司服务1小时
    那么王桂英可用1小时
    而且康乐护理公司可用0分钟
    而且公益时长池里有0分钟

  @provider
  场景: 服务机构一天做两单，各算各的
    A provider's second order of a day takes no more than it is worth.

    假如康乐护理公司是服务机构
    而且王桂英有2小时时长
    而且专干为王桂英约1小时服务
    而且专干按纸质单补录：康乐护理公司服务1小时
    而且陈秀兰有2小时时长
    而且专干为陈秀兰约1小时服务
    当专干按纸质单补录：康乐护理公司服务30分钟
    那么陈秀兰可用1小时30分

  @recorded
  场景: 党员义务劳动只记时长
    Duty is recorded and not credited.

    当专干登记：李明为王桂英服务2小时，只记时长
    那么李明可用0分钟
    而且李明累计服务2小时

  @recorded
  场景: 只记时长的分钟数，以后也不会变成时长
    What is only recorded is not credited with what follows on the same day.

    假如专干登记：李明为王桂英服务4小时，只记时长
    当专干登记：李明为陈秀兰服务30分钟
    那么这一笔存入30分钟
    而且李明可用30分钟
    而且李明累计服务4小时30分

  @recorded
  场景: 集体清洁日只记时长，不占当天的上限
    What is only recorded takes nothing from the day's cap.

    假如专干登记：李明为王桂英服务4小时，集体活动
    而且专干登记：李明为陈秀兰服务4小时，集体活动
    当专干登记：李明为王桂英服务4小时
    那么李明可用4小时
    而且李明累计服务12小时

  @day-care
  场景: 日间照料按一班记，志愿者的分钟数只算一次
    A shift counts the volunteer's real minutes once, however many are present.

    当专干登记日间照料：李明服务4小时，在场的有王桂英、陈秀兰
    那么这一笔的服务对象是王桂英、陈秀兰
    而且李明可用4小时
    而且王桂英可用0分钟
    而且陈秀兰可用0分钟

  @day-care
  场景: 日间照料可以几位志愿者一起
    Several volunteers serve the same people at once at a shift.

    当专干登记日间照料：李明服务4小时，在场的有王桂英、陈秀兰
    而且专干登记日间照料：赵敏服务4小时，在场的有王桂英、陈秀兰
    那么李明可用4小时
    而且赵敏可用4小时
