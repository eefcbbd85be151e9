"""What people type, and what it means: in two languages, in any order, with slips.

Every line stands for its meaning written the one best way. Lines that can be read in
two ways, or in none, run nothing; they are further down, with what is offered instead.
It is Monday 2026-01-05, 09:00 in Shanghai.
"""

from __future__ import annotations

import pytest

from handlers.errors import UserError
from handlers.router import Router
from tests.handlers.meaning import meaning
from tests.handlers.talk import choices, context

UNDERSTOOD = [
    # Nouns, slashes, politeness, the mention.
    ("help", "/help"),
    ("/help", "/help"),
    ("／ｈｅｌｐ", "/help"),
    ("、help", "/help"),
    ("\\help", "/help"),
    ("/ help", "/help"),
    ("HELP!", "/help"),
    ("@_user_1 help", "/help"),
    ("@_user_1\u00a0/help", "/help"),
    ("help @_user_1", "/help"),
    ("@_user_2 /help", "/help"),
    ("@Larkbell /help", "/help"),
    ("please help", "/help"),
    ("帮助", "/help"),
    ("/help /dnd", "/help dnd"),
    ("help do not disturb", "/help dnd"),
    ("帮助 免打扰", "/help dnd"),
    ("types", "/types"),
    ("/types finance", "/types finance.*"),
    ("types financial issues", "/types finance.*"),
    ("类型 财务", "/types finance.*"),
    ("/types 余额预警", "/types finance.balance-warning"),
    ("status", "/status"),
    ("show status", "/status"),
    ("状态", "/status"),
    ("who am I?", "/whoami"),
    ("我是谁", "/whoami"),
    ("why M123", "/why M123"),
    ("/why m123", "/why M123"),
    ("why #123", "/why M123"),
    ("why n_123?", "/why M123"),
    ("为什么 M123", "/why M123"),
    ("undo", "/undo"),
    ("/undo 12", "/undo 12"),
    ("撤销 12", "/undo 12"),
    # Subscribing.
    ("/sub", "/sub"),
    ("/sub list", "/sub list"),
    ("list subs", "/sub list"),
    ("订阅", "/sub"),
    ("/sub refund", "/sub finance.refund"),
    ("sub finance page 2", "/sub finance page 2"),
    ("订阅 总表", "/sub"),
    ("订阅列表", "/sub list"),
    ("订阅 列表", "/sub list"),
    ("查看订阅", "/sub list"),
    ("/sub list finance page 2", "/sub list finance.* page 2"),
    ("/sub add finance.refund", "/sub add finance.refund"),
    ("／sub　add　“finance.refund”", "/sub add finance.refund"),
    ("/SUB ADD Finance.Refund", "/sub add finance.refund"),
    ("/sub add finance。refund", "/sub add finance.refund"),
    ("/sub add [finance.refund](http://finance.refund)", "/sub add finance.refund"),
    ("`/sub add finance.refund`", "/sub add finance.refund"),
    ("“/sub add finance.refund”", "/sub add finance.refund"),
    ("/sub add finance.refund.", "/sub add finance.refund"),
    ("/sub add finance", "/sub add finance.*"),
    ("/sub add FINANCE.*", "/sub add finance.*"),
    ("/sub add finance.＊", "/sub add finance.*"),
    ("/sub add *", "/sub add *"),
    ("/sub add everything", "/sub add *"),
    ("/sub add all", "/sub add *"),
    ("添加 订阅 全部", "/sub add *"),
    ("/sub add balance warning", "/sub add finance.balance-warning"),
    ("/sub add Balance Warning Notice", "/sub add finance.balance-warning"),
    ("/sub add balance-warning", "/sub add finance.balance-warning"),
    ("subscribe to balance warning", "/sub add finance.balance-warning"),
    ("subscribe balance warning", "/sub add finance.balance-warning"),
    ("订阅 余额预警", "/sub add finance.balance-warning"),
    ("订阅余额预警", "/sub add finance.balance-warning"),
    ("订阅「余额预警」", "/sub add finance.balance-warning"),
    ("添加订阅 余额预警", "/sub add finance.balance-warning"),
    ("请 订阅 余额预警", "/sub add finance.balance-warning"),
    ("我要订阅余额预警", "/sub add finance.balance-warning"),
    ("add sub refund please", "/sub add finance.refund"),
    ("/订阅 添加 余额预警", "/sub add finance.balance-warning"),
    ("sub 添加 财务", "/sub add finance.*"),
    ("/sub add refund, voucher", "/sub add finance.refund finance.voucher"),
    ("/sub add refund and voucher", "/sub add finance.refund finance.voucher"),
    ("/sub add 退款、代金券", "/sub add finance.refund finance.voucher"),
    ("/sub add 退款 和 代金券", "/sub add finance.refund finance.voucher"),
    ("/sub add refund refund", "/sub add finance.refund"),
    ('/sub add "refund", "voucher"', "/sub add finance.refund finance.voucher"),
    ("/sub add custom.deploys", "/sub add custom.deploys"),
    # Over which channels, to whom.
    ("/sub add refund via chat", "/sub add finance.refund via chat"),
    ("/sub add refund --via chat", "/sub add finance.refund via chat"),
    ("/sub add refund -via chat", "/sub add finance.refund via chat"),
    ("/sub add refund —via chat", "/sub add finance.refund via chat"),
    ("/sub add refund ——via=chat", "/sub add finance.refund via chat"),
    ("/sub add refund via=chat", "/sub add finance.refund via chat"),
    ("/sub add refund via:chat", "/sub add finance.refund via chat"),
    ("/sub add refund via：chat", "/sub add finance.refund via chat"),
    ("/sub add refund via： chat", "/sub add finance.refund via chat"),
    ("/sub add via chat refund", "/sub add finance.refund via chat"),
    ("/sub via chat add refund", None),
    ("/sub add refund via chat,inbox", "/sub add finance.refund via inbox,chat"),
    ("/sub add refund via inbox and chat", "/sub add finance.refund via inbox,chat"),
    ("/sub add refund via chat, inbox", "/sub add finance.refund via inbox,chat"),
    ("/sub add refund via chat+inbox", "/sub add finance.refund via inbox,chat"),
    ("/sub add refund over e-mail to me", "/sub add finance.refund via email to me"),
    ("订阅 退款 通过 邮件 给 我", "/sub add finance.refund via email to me"),
    ("订阅 退款 通过 群 和 站内信", "/sub add finance.refund via inbox,chat"),
    ("/sub add refund to chat", "/sub add finance.refund"),
    ("/sub add refund to this group", "/sub add finance.refund"),
    ("/sub add refund for everyone", "/sub add finance.refund"),
    ("订阅 退款 发到 本群", "/sub add finance.refund"),
    ("/sub add refund to me", "/sub add finance.refund to me"),
    ("/sub add refund for myself", "/sub add finance.refund to me"),
    ("/sub add refund to @_user_2", "/sub add finance.refund to person:ou_lin"),
    ("/sub add refund @_user_2", "/sub add finance.refund to person:ou_lin"),
    ("/sub add to @_user_2 refund", "/sub add finance.refund to person:ou_lin"),
    ("/sub add refund to @alice", "/sub add finance.refund to person:alice"),
    ("/sub add refund to alice", "/sub add finance.refund to person:alice"),
    ("/sub add refund to person:bob", "/sub add finance.refund to person:bob"),
    ("/sub add refund to group:finance", "/sub add finance.refund to group:finance"),
    (
        "/sub add refund to robot:ops-room",
        "/sub add finance.refund to robot:ops-room",
    ),
    ("/sub add refund robot:ops-room", "/sub add finance.refund to robot:ops-room"),
    ("/sub add refund robot=Ops-Room", "/sub add finance.refund to robot:ops-room"),
    ("/sub add refund to ops-room", "/sub add finance.refund to robot:ops-room"),
    (
        "/sub add refund to robot:“night watch”",
        '/sub add finance.refund to robot:"night watch"',
    ),
    ("订阅 退款 机器人：ops-room", "/sub add finance.refund to robot:ops-room"),
    (
        "/sub add refund to chat, me and robot:ops-room",
        "/sub add finance.refund to chat, me, robot:ops-room",
    ),
    (
        "/sub add alarm via chat,sms to @_user_2",
        "/sub add product.alarm via chat,sms to chat, person:ou_lin",
    ),
    # Filters: free text after the types, or before them.
    (
        "/sub add product.alarm severity>=warning",
        "/sub add product.alarm severity>=warning",
    ),
    (
        "/sub add product.alarm severity >= warning",
        "/sub add product.alarm severity>=warning",
    ),
    (
        "/sub add severity≥warning product.alarm",
        "/sub add product.alarm severity>=warning",
    ),
    (
        "/sub add product.alarm severity>=warning product=cvm via inbox to me",
        "/sub add product.alarm severity>=warning product=cvm via inbox to me",
    ),
    (
        "/sub add via inbox product=cvm to me severity>=warn product.alarm",
        "/sub add product.alarm product=cvm severity>=warning via inbox to me",
    ),
    ("/sub add alarm product：cvm", "/sub add product.alarm product=cvm"),
    ("/sub add alarm product: cvm", "/sub add product.alarm product=cvm"),
    ("/sub add alarm product=cvm,cos", "/sub add product.alarm product=cvm,cos"),
    ("/sub add alarm product=cvm，cos", "/sub add product.alarm product=cvm,cos"),
    ("/sub add alarm -region=na*", "/sub add product.alarm -region=na*"),
    ("/sub add alarm —region=na*", "/sub add product.alarm -region=na*"),
    ("/sub add alarm not region=na*", "/sub add product.alarm -region=na*"),
    (
        "/sub add alarm (product=cvm or product=cos) via inbox",
        "/sub add product.alarm (product=cvm or product=cos) via inbox",
    ),
    (
        "/sub add alarm product=cvm or product=cos",
        "/sub add product.alarm (product=cvm or product=cos)",
    ),
    ('/sub add alarm "disk full"', '/sub add product.alarm "disk full"'),
    ("/sub add alarm “disk　full”", '/sub add product.alarm "disk full"'),
    ("/sub add alarm “to @all via sms”", '/sub add product.alarm "to @all via sms"'),
    ("/sub add alarm 'disk full'", '/sub add product.alarm "disk full"'),
    ('/sub add alarm -"disk full"', '/sub add product.alarm -"disk full"'),
    ('/sub add alarm title="it\'s 90 %"', '/sub add product.alarm title="it\'s 90 %"'),
    ("/sub add alarm where vai=x", "/sub add product.alarm where vai=x"),
    ('/sub add alarm "refund"', '/sub add product.alarm "refund"'),
    ('/sub add alarm where "refund"', '/sub add product.alarm "refund"'),
    # Removing, setting, resetting.
    ("/sub remove finance.refund", "/sub remove finance.refund"),
    ("/sub rm refund", "/sub remove finance.refund"),
    ("remove sub refund", "/sub remove finance.refund"),
    ("unsubscribe refund", "/sub remove finance.refund"),
    ("unsubscribe from refund", "/sub remove finance.refund"),
    ("取消订阅 余额预警", "/sub remove finance.balance-warning"),
    ("取消订阅余额预警", "/sub remove finance.balance-warning"),
    ("退订 余额预警", "/sub remove finance.balance-warning"),
    ("订阅 删除 余额预警", "/sub remove finance.balance-warning"),
    ("/sub remove 3", "/sub remove 3"),
    ("/sub remove #3", "/sub remove 3"),
    ("删除订阅 第3条", "/sub remove 3"),
    ("/sub remove rule:money", "/sub remove rule:money"),
    ("/sub remove rule money", "/sub remove rule:money"),
    ('/sub remove rule:"my money"', '/sub remove rule:"my money"'),
    (
        "/sub remove refund to robot:ops-room",
        "/sub remove finance.refund to robot:ops-room",
    ),
    ("/sub set refund via inbox", "/sub set finance.refund via inbox"),
    ("/sub set refund via default", "/sub set finance.refund via default"),
    ("/sub set 3 severity=critical", "/sub set 3 severity=critical"),
    ("/sub set 3 no filter", "/sub set 3 no filter"),
    ("修改订阅 退款 通过 站内信", "/sub set finance.refund via inbox"),
    ("/sub reset money", "/sub reset rule:money"),
    # Do not disturb.
    ("/dnd", "/dnd list"),
    ("do not disturb", "/dnd list"),
    ("免打扰", "/dnd list"),
    ("/dnd list", "/dnd list"),
    ("/dnd add 22:00-08:00", "22:00-08:00 daily"),
    ("/dnd 22:00-08:00", "22:00-08:00 daily"),
    ("dnd on 22:00-08:00", "22:00-08:00 daily"),
    ("/dnd add 22-8", "22:00-08:00 daily"),
    ("/dnd add from 10 pm to 8 am", "22:00-08:00 daily"),
    ("/dnd add 22：00～08：00", "22:00-08:00 daily"),
    ("/dnd add 22:00—08:00", "22:00-08:00 daily"),
    ("/dnd add hours=22:00-08:00", "22:00-08:00 daily"),
    ("/dnd add --hours 22:00-08:00", "22:00-08:00 daily"),
    ("免打扰22:00到08:00", "22:00-08:00 daily"),
    ("免打扰 晚上10点到早上8点", "22:00-08:00 daily"),
    ("免打扰 每天 22:00-08:00", "22:00-08:00 daily"),
    ("开启免打扰 22:00-08:00", "22:00-08:00 daily"),
    ("/dnd add 22:00-08:00 workdays", "22:00-08:00 workdays"),
    ("/dnd add workdays 22:00-08:00", "22:00-08:00 workdays"),
    ("/dnd add 22:00-08:00 days=workdays", "22:00-08:00 workdays"),
    ("免打扰22:00到08:00工作日", "22:00-08:00 workdays"),
    ("工作日 22:00-08:00", None),
    ("/dnd add 22:00-08:00 mon-fri", "22:00-08:00 mon-fri"),
    ("/dnd add 22:00-08:00 on weekdays", "22:00-08:00 mon-fri"),
    ("/dnd add 22:00-08:00 周一到周五", "22:00-08:00 mon-fri"),
    ("/dnd add 22:00-08:00 mon, wed", "22:00-08:00 mon,wed"),
    ("/dnd add 22:00-08:00 周一周三周五", "22:00-08:00 mon,wed,fri"),
    ("/dnd add 22:00-08:00 周六周日", "22:00-08:00 sat,sun"),
    ("/dnd add whole day weekends", "whole day weekends"),
    ("/dnd add weekends all day", "whole day weekends"),
    ("免打扰 周末 全天", "whole day weekends"),
    ("免打扰周末全天", "whole day weekends"),
    ("/dnd add 22-8 finance.*", "22:00-08:00 daily finance.*"),
    (
        "/dnd add 22-8 refund, voucher",
        "22:00-08:00 daily finance.refund finance.voucher",
    ),
    ("/dnd add 22-8 余额预警", "22:00-08:00 daily finance.balance-warning"),
    ("/dnd add 22-8 mute sms+voice", "22:00-08:00 daily mute sms+voice"),
    ("/dnd add 22-8 mute=sms+voice", "22:00-08:00 daily mute sms+voice"),
    ("/dnd add 22-8 mute sms and voice", "22:00-08:00 daily mute sms+voice"),
    ("/dnd add 22-8 mute voice", "22:00-08:00 daily mute voice"),
    ("/dnd add 22-8 mute all", "22:00-08:00 daily"),
    ("免打扰 22-8 屏蔽 短信 和 电话", "22:00-08:00 daily mute sms+voice"),
    ("/dnd add 22-8 except critical", "22:00-08:00 daily"),
    ("/dnd list for me", "/dnd list for me"),
    ("/dnd remove 2", "/dnd remove 2"),
    ("删除免打扰 2", "/dnd remove 2"),
    ("免打扰 删除 第2个", "/dnd remove 2"),
    ("/dnd remove nights", "/dnd remove nights"),
    ("/dnd off", "/dnd off"),
    ("/dnd off!", "/dnd off"),
    ("/dnd　off。", "/dnd off"),
    ("turn off dnd", "/dnd off"),
    ("关闭免打扰", "/dnd off"),
    ("免打扰 关闭", "/dnd off"),
    ("/dnd remove all", "/dnd off"),
    ("/dnd preview", "/dnd preview 7d"),
    ("/dnd preview 14 days", "/dnd preview 14d"),
    ("预览免打扰 3天", "/dnd preview 3d"),
    ("/dnd add refund", "/dnd add finance.refund"),
    ("/dnd on refund, voucher", "/dnd add finance.refund finance.voucher"),
    ("免打扰 退款", "/dnd add finance.refund"),
    ("/dnd off refund", "/dnd off finance.refund"),
    ("关闭免打扰 财务", "/dnd off finance.*"),
    ("/dnd set 2 23:00-07:00", "/dnd set 2 23:00-07:00"),
    ("/dnd edit 2 11pm-7am workdays", "/dnd set 2 23:00-07:00 workdays"),
    ("免打扰 修改 2 23点到7点 包括严重", "/dnd set 2 23:00-07:00 including critical"),
    ("/dnd form", "/dnd form"),
    ("/dnd form 2", "/dnd form 2"),
    ("/dnd form refund for me", "/dnd form finance.refund for me"),
    ("免打扰 表单", "/dnd form"),
    # Muting.
    ("/mute", "/mute 2h"),
    ("静音", "/mute 2h"),
    ("/mute 2h", "/mute 2h"),
    ("/mute for 2 hours", "/mute 2h"),
    ("mute everything for two hours", "/mute 2h"),
    ("静音2小时", "/mute 2h"),
    ("静音 两小时", "/mute 2h"),
    ("静音 半小时", "/mute 30m"),
    ("请静音30分钟", "/mute 30m"),
    ("/mute 90 min", "/mute 1h30m"),
    ("/mute until 12:00", "/mute until 2026-01-05 12:00"),
    ("/mute till noon", "/mute until 2026-01-05 12:00"),
    ("静音 到中午12点", "/mute until 2026-01-05 12:00"),
    ("/mute tomorrow 9am because x", "/mute until 2026-01-06 09:00 because x"),
    ("静音 到明早9点 因为 演练", "/mute until 2026-01-06 09:00 because 演练"),
    ("静音到明早9点 原因：演练", "/mute until 2026-01-06 09:00 because 演练"),
    ("/mute 2h product=cdn", "/mute 2h product=cdn"),
    ("/mute product=cdn 2h", "/mute 2h product=cdn"),
    ("/mute finance.*", "/mute 2h type=finance.*"),
    ("/mute type=*alarm", "/mute 2h type=*alarm"),
    ("/mute type=deploy.done", "/mute 2h type=deploy.done"),
    ("/mute where type=refund", "/mute 2h where type=refund"),
    ("/mute 余额预警 1小时", "/mute 1h type=finance.balance-warning"),
    ('/mute 1h "disk full"', '/mute 1h "disk full"'),
    (
        "/mute 2h product=cdn because switchover",
        "/mute 2h product=cdn because switchover",
    ),
    (
        "/mute 2h because: 切换　to the “new” one, via chat",
        "/mute 2h because 切换 to the “new” one, via chat",
    ),
    ("/mute 2h because “planned work”", "/mute 2h because planned work"),
    ("/mute 2h including critical", "/mute 2h including critical"),
    ("静音 2小时 包括严重", "/mute 2h including critical"),
    ("/mute voice 1h", "/mute 1h mute voice"),
    ("/mute 1h for robot:ops-room", "/mute 1h for robot:ops-room"),
    ("/mute 1h for me", "/mute 1h for me"),
    ("/mute list", "/mute list"),
    ("静音列表", "/mute list"),
    ("/mute off", "/unmute"),
    ("/unmute", "/unmute"),
    ("/unmute 3", "/unmute 3"),
    ("/unmute all", "/unmute all"),
    ("取消静音", "/unmute"),
    ("取消 静音 3", "/unmute 3"),
    # Robots.
    ("robots", "/robot list"),
    ("机器人", "/robot list"),
    ("机器人列表", "/robot list"),
    ("查看机器人", "/robot list"),
    ("list bots", "/robot list"),
    ("pause robot ops-room", "/robot pause ops-room"),
    ("/robot Pause OPS-ROOM", "/robot pause ops-room"),
    ("/robot off ops-room", "/robot pause ops-room"),
    ("暂停机器人 ops-room", "/robot pause ops-room"),
    ("机器人 暂停 ops-room", "/robot pause ops-room"),
    ("/robot resume robot:ops-room", "/robot resume ops-room"),
    ("恢复机器人 ops-room", "/robot resume ops-room"),
    ("delete bot ops-room", "/robot remove ops-room"),
    ('/robot rm "night watch"', '/robot remove "night watch"'),
    ("测试机器人 ops-room 你好", "/robot test ops-room 你好"),
    ("/robot try ops-room hello  there", "/robot test ops-room hello there"),
    ("/robot set ops-room 20/h", "/robot set ops-room per_hour=20"),
    ("/robot set ops-room 20 per hour", "/robot set ops-room per_hour=20"),
    ("/robot set ops-room cap 20", "/robot set ops-room per_hour=20"),
    ("/robot set ops-room --per-hour=20", "/robot set ops-room per_hour=20"),
    ("修改机器人 ops-room 每小时20条", "/robot set ops-room per_hour=20"),
    ("修改机器人 ops-room 不限", "/robot set ops-room per_hour=none"),
    ("/robot set ops-room unlimited", "/robot set ops-room per_hour=none"),
    ("/robot set ops-room @all", "/robot set ops-room notify all"),
    ("/robot set ops-room —notify all", "/robot set ops-room notify all"),
    ("修改机器人 ops-room 提醒所有人", "/robot set ops-room notify all"),
    ("修改机器人 ops-room 不提醒", "/robot set ops-room notify none"),
    ("/robot set ops-room keyword：告警", "/robot set ops-room keyword=告警"),
    ("/robot set ops-room deny drill，test", "/robot set ops-room deny=drill,test"),
    ("修改机器人 ops-room 黑名单 演练、测试", "/robot set ops-room deny=演练,测试"),
    ("绑定机器人 ops-room 命名为 pager", "/robot bind ops-room as pager"),
]

REFUSED = [
    # Slips: what was meant is offered, and nothing runs.
    ("/sbu add finance.refund", ("/sub add finance.refund",)),
    ("hlep", ("/help",)),
    ("dnf off", ("/dnd off",)),
    ("/dnd of refund", ("/dnd off refund",)),
    ("/sub rmove finance.refund", ("/sub remove finance.refund",)),
    ("/sub ad finance.refund", ("/sub add finance.refund",)),
    ("/sub add finance.refnd", ("/sub add finance.refund",)),
    ("/sub add finanse.*", ("/sub add finance.*",)),
    ("/sub add balanse warning", ("/sub add finance.balance-warning",)),
    ("/sub add 余额预井", ("/sub add finance.balance-warning",)),
    ('/sub add "finance.refnd"', ("/sub add finance.refund",)),
    ("/sub add refund vai chat", ("/sub add refund via chat",)),
    ("/sub add refund via chatt", ()),
    (
        "/sub add refund vai=chat",
        ("/sub add refund via=chat", "/sub add refund where vai=chat"),
    ),
    ("/sub add alarm severty>=warning", ("/sub add alarm severity>=warning",)),
    ("/sub add alarm severity>=waring", ("/sub add alarm severity>=warning",)),
    ("/sub add alarm cpu", ('/sub add alarm "cpu"',)),
    ("/sub add alarm critical", ("/sub add alarm severity=critical",)),
    ("/sub add alarm warning", ("/sub add alarm severity>=warning",)),
    ("订阅 告警 严重", ("/订阅 告警 severity=critical",)),
    ("/sub add alarm severity>=严重", ("/sub add alarm severity>=critical",)),
    (
        "订阅 告警 产品=cvm",
        ("/订阅 告警 product=cvm", "/订阅 告警 where 产品=cvm"),
    ),
    ("/mute 2h type=refund", ("/mute 2h type=finance.refund",)),
    ("/mute 2h -type=finance", ("/mute 2h -type=finance.*",)),
    ("/mute 2h type=finanse.*", ("/mute 2h type=finance.*",)),
    ("/sub add refund to robot:ops-rom", ("/sub add refund to robot:ops-room",)),
    ("/sub add refund to robot:dev-room", ()),
    ("/sub add refund to robot:loose", ()),
    ("/sub add refund to @nobody", ()),
    ("/sub add refund to @all", ()),
    ("/sub add", ()),
    ("/sub add via chat", ()),
    ("/sub remove money", ("/sub remove rule:money",)),
    (
        "/sub refund voucher",
        (
            "/sub add refund voucher",
            "/sub remove refund voucher",
            "/sub list refund voucher",
        ),
    ),
    (
        '/sub add "refund" "voucher"',
        ('/sub add "refund" finance.voucher', '/sub add "refund" where "voucher"'),
    ),
    ("/sub add refund to", ()),
    ("/sub add “finance.refund", ('/sub add “finance.refund"',)),
    ("/sub set refund", ()),
    ("/sub set refund voucher via inbox", ()),
    ("/dnd of", ("/dnd off",)),
    ("/dnd add", ()),
    ("/dnd on", ()),
    ("/dnd add 22:00-08:00 workdas", ("/dnd add 22:00-08:00 workdays",)),
    (
        "/dnd add 22:00-08:00 wrokdays",
        ("/dnd add 22:00-08:00 workdays", "/dnd add 22:00-08:00 weekdays"),
    ),
    ("/dnd add 22:00-08:00 Asia/Shangai", ("/dnd add 22:00-08:00 Asia/Shanghai",)),
    (
        "/dnd add 9-5",
        ("/dnd add 09:00-17:00", "/dnd add 21:00-05:00", "/dnd add 09:00-05:00"),
    ),
    ("/dnd add 22:00-22:00", ("/dnd add whole day",)),
    (
        "/dnd add 22-8 周一周五",
        ("/dnd add 22-8 mon-fri", "/dnd add 22-8 mon,fri"),
    ),
    ("/dnd add 22:00-08:00 23:00-07:00", ()),
    ("/dnd add 22:00-08:00 mute inbox", ()),
    ("/dnd add 22:00-25:00", ()),
    ("/dnd off 2", ("/dnd remove 2", "/dnd off")),
    ("/dnd remove", ()),
    ("/mute 2", ("/mute 2h", "/mute 2m")),
    ("/mute 2hh", ()),
    ("/mute 22:00-08:00", ("/dnd add 22:00-08:00",)),
    ("/mute 12h", ("/mute 8h",)),
    ("/mute 9d because x", ("/mute 7d because x",)),
    ("/mute 2h becuse switchover", ("/mute 2h because switchover",)),
    (
        "/mute because switchover 3h",
        ("/mute 3h because switchover", "/mute 2h because switchover 3h"),
    ),
    (
        "/mute until 9",
        ("/mute until 2026-01-05 21:00", "/mute until 2026-01-06 09:00"),
    ),
    ("/mute 2h for @_user_2 and me", ()),
    ("/help foo", ()),
    ("/types finance product", ("/types finance.*", "/types product.*")),
    ("/why", ()),
    ("/why something", ()),
    ("/status now", ()),
    ("hello", ("/help",)),
    ("", ("/help",)),
    ("/", ("/help",)),
    ("@_user_1", ("/help",)),
    (
        "/sub add refund\n/dnd off",
        ("/sub add refund", "/dnd off"),
    ),
    ("/sub preview", ()),
    ("/sub add refund via", ()),
    ("/undo foo", ()),
]

_ALWAYS = "Asia/Shanghai except critical"


def _expected(written: str) -> str:
    """Windows are written out in full: zone and criticals are always said."""
    if written.startswith("/"):
        return written
    return f"/dnd add {written} {_ALWAYS}"


@pytest.mark.parametrize(
    ("line", "written"), [pair for pair in UNDERSTOOD if pair[1] is not None]
)
def test_what_people_type_is_understood(line, written):
    assert meaning(line) == _expected(written)


@pytest.mark.parametrize(
    ("line", "offered"),
    [*REFUSED, *((line, None) for line, written in UNDERSTOOD if written is None)],
)
def test_what_is_unclear_runs_nothing_and_offers_what_was_meant(line, offered):
    with pytest.raises(UserError):
        meaning(line)

    if offered is not None:
        assert choices(line) == offered


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (
            "/dnd add 22-8 including critical singapore for me",
            "/dnd add 22:00-08:00 daily Asia/Singapore including critical for me",
        ),
        (
            "免打扰 22-8 包括严重 时区 新加坡 对 我",
            "/dnd add 22:00-08:00 daily Asia/Singapore including critical for me",
        ),
        (
            "/dnd add for robot:ops-room refund tz=Asia/Tokyo mute sms 22-8 workdays",
            (
                "/dnd add 22:00-08:00 workdays finance.refund mute sms Asia/Tokyo "
                "except critical for robot:ops-room"
            ),
        ),
        (
            "/dnd add including critical calendar JP 22-8 on workdays",
            (
                "/dnd add 22:00-08:00 workdays Asia/Shanghai calendar JP "
                "including critical"
            ),
        ),
    ],
)
def test_the_words_of_a_window_come_in_any_order(line, written):
    assert meaning(line) == written


@pytest.mark.parametrize(
    ("line", "written"), [pair for pair in UNDERSTOOD if pair[1] is not None]
)
def test_the_best_way_to_write_it_is_read_as_the_same(line, written):
    best = meaning(line)

    assert meaning(best) == best


def test_there_are_enough_of_them():
    assert len(UNDERSTOOD) >= 200
    assert len(REFUSED) >= 60


def test_reading_needs_no_database():
    assert isinstance(Router(), Router)
    assert meaning("/sub add refund", context()) == "/sub add finance.refund"
