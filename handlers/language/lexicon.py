"""The words that commands are made of, in English and Chinese.

A table maps what may be typed to what it means. Phrases are written with single
blanks; ``-`` and ``_`` inside a typed phrase count as blanks. Words that belong to one
noun alone stand in that noun's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from store.values import Channel, Severity


def table(**meanings: str) -> Mapping[str, str]:
    """Return typed phrase → meaning, from meaning → phrases divided by ``|``."""
    return {
        phrase: meaning
        for meaning, phrases in meanings.items()
        for phrase in _phrases(phrases)
    }


@dataclass(frozen=True, slots=True)
class Head:
    """What a line begins with: a noun, perhaps a verb in the same word.

    ``leaning`` is the verb that is meant where none follows: ``订阅 余额预警``.
    """

    noun: str
    verb: str = ""
    leaning: str = ""


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split("|")]


#: How a line may begin.
HEADS: Mapping[str, Head] = {
    phrase: head
    for head, phrases in (
        (Head("help"), "help | h | ? | commands | usage | 帮助 | 命令 | 用法 | 怎么用"),
        (Head("types"), "types | type | message types | 类型 | 消息类型 | 类别 | 分类"),
        (Head("types"), "有哪些类型 | 有哪些消息类型"),
        (Head("sub"), "sub | subs | subscription | subscriptions | 我的订阅"),
        (Head("sub", leaning="add"), "subscribe | subscribe to | 订阅"),
        (Head("sub", "add"), "添加订阅 | 新增订阅 | 增加订阅"),
        (Head("sub", "remove"), "unsub | unsubscribe | unsubscribe from | 取消订阅"),
        (Head("sub", "remove"), "退订 | 删除订阅 | 移除订阅"),
        (Head("sub", "set"), "修改订阅 | 更改订阅"),
        (Head("sub", "list"), "订阅列表 | 查看订阅 | 订阅情况"),
        (Head("dnd", leaning="add"), "dnd | do not disturb | donotdisturb"),
        (Head("dnd", leaning="add"), "quiet hours | 免打扰 | 勿扰 | 消息免打扰"),
        (Head("dnd", "add"), "添加免打扰 | 设置免打扰 | 开启免打扰 | 新增免打扰"),
        (Head("dnd", "off"), "关闭免打扰 | 取消免打扰 | 免打扰关闭 | 停用免打扰"),
        (Head("dnd", "list"), "免打扰列表 | 查看免打扰"),
        (Head("dnd", "remove"), "删除免打扰 | 移除免打扰"),
        (Head("dnd", "preview"), "预览免打扰 | 免打扰预览"),
        (Head("digest", leaning="add"), "digest | 摘要 | 定时摘要"),
        (Head("digest", leaning="add"), "汇总 | 定时汇总 | 消息摘要"),
        (
            Head("digest", "add"),
            "设置摘要 | 添加摘要 | 设置定时摘要 | 开启摘要 | 发摘要",
        ),
        (Head("digest", "off"), "关闭摘要 | 取消摘要 | 关闭定时摘要 | 取消定时摘要"),
        (Head("digest", "list"), "摘要列表 | 查看摘要 | 定时摘要列表"),
        (Head("digest", "remove"), "删除摘要 | 删除定时摘要"),
        (Head("mute"), "mute | silence | 静音"),
        (Head("mute", "list"), "静音列表 | 查看静音"),
        (Head("unmute"), "unmute | un mute | unsilence"),
        (Head("unmute"), "取消静音 | 解除静音 | 关闭静音"),
        (Head("robot"), "robot | robots | bot | bots | webhook | webhooks | 机器人"),
        (Head("robot"), "custom bot | custom bots | 群机器人 | 自定义机器人"),
        (Head("robot", "add"), "添加机器人 | 新增机器人 | 增加机器人 | 接入机器人"),
        (Head("robot", "list"), "机器人列表 | 查看机器人"),
        (Head("robot", "test"), "测试机器人"),
        (Head("robot", "pause"), "暂停机器人 | 停用机器人"),
        (Head("robot", "resume"), "恢复机器人 | 启用机器人"),
        (Head("robot", "set"), "修改机器人 | 设置机器人"),
        (Head("robot", "remove"), "删除机器人 | 移除机器人"),
        (Head("robot", "bind"), "绑定机器人"),
        (Head("status"), "status | stat | 状态"),
        (Head("whoami"), "whoami | who am i | 我是谁"),
        (Head("why"), "why | explain | 为什么 | 为何 | 为啥"),
        (Head("recipients"), "recipients | recipient | to | receivers"),
        (Head("recipients"), "接收人 | 消息接收人 | 收件人"),
        (Head("recipients", "add"), "添加接收人 | 新增接收人 | 增加接收人"),
        (Head("recipients", "remove"), "删除接收人 | 移除接收人 | 去掉接收人"),
        (Head("recipients", "list"), "接收人列表 | 查看接收人"),
        (Head("contact"), "contact | contacts | my contacts | 联系方式 | 我的联系方式"),
        (Head("contact", "add"), "添加联系方式 | 修改联系方式"),
        (Head("contact", "remove"), "删除联系方式 | 移除联系方式"),
        (Head("verify"), "verify | verification | 验证 | 验证码 | 输入验证码"),
        (Head("undo"), "undo | revert | 撤销 | 撤消"),
        (Head("set"), "set | settings | preferences | 设置"),
        (Head("confirm"), "confirm | 确认"),
        (Head("inbox"), "inbox | messages | mail | 收件箱 | 站内信 | 消息"),
        (Head("export"), "export | dump | 导出"),
        (Head("role"), "role | roles | 角色 | 权限"),
        (Head("audit"), "audit | audit log | history | 审计 | 变更记录 | 修改记录"),
    )
    for phrase in _phrases(phrases)
}

VERBS = table(
    add="add | new | create | on | turn on | switch on | enable | "
    "添加 | 新增 | 增加 | 加 | 加上 | 开启 | 打开 | 启用 | 设个 | 设一个",
    remove="remove | rm | delete | del | drop | 删除 | 移除 | 去掉 | 删 | 删掉 | 删了",
    set="set | change | edit | update | modify | 修改 | 更改 | 改 | 改为",
    list="list | ls | show | 列表 | 查看 | 列出 | 显示",
    reset="reset | restore | 重置 | 还原",
    off="off | turn off | switch off | disable | 关闭 | 关 | 关掉 | 关了 | 停用",
    test="test | try | try out | 测试 | 试发",
    copy="copy | clone | duplicate | 复制 | 拷贝",
    pause="pause | suspend | 暂停",
    resume="resume | continue | unpause | start | 恢复 | 继续",
    bind="bind | attach | 绑定",
    preview="preview | upcoming | 预览",
    stop="stop | 停止",
    form="form | 表单",
    matrix="matrix | table | grid | 总表 | 矩阵",
    switch="switch | toggle | 切换",
    several="several | batch | bulk | 批量 | 批量设置",
)

CHANNELS: Mapping[str, Channel] = {
    **{channel.value: channel for channel in Channel},
    **dict.fromkeys(("站内信", "收件箱"), Channel.INBOX),
    **dict.fromkeys(("group chat", "群", "群聊", "群消息"), Channel.CHAT),
    **dict.fromkeys(("direct", "direct message", "私聊", "私信"), Channel.DM),
    **dict.fromkeys(("mail", "e mail", "邮件", "邮箱", "电子邮件"), Channel.EMAIL),
    **dict.fromkeys(("text message", "短信"), Channel.SMS),
    **dict.fromkeys(("phone", "电话", "语音"), Channel.VOICE),
}

SEVERITIES: Mapping[str, Severity] = {
    **{severity.word: severity for severity in Severity},
    **dict.fromkeys(("warn", "警告"), Severity.WARNING),
    **dict.fromkeys(("crit", "严重", "紧急"), Severity.CRITICAL),
    "信息": Severity.INFO,
}

_AT_LEAST = _phrases(
    "{} or above | {} or higher | {} or worse | {} and above | {} and higher | "
    "{} and up | at least {} | {}+ | {}及以上 | {}以上 | {}或以上 | 至少{} | "
    "只要{}及以上 | 只要{}以上"
)
_ONLY = _phrases("only {} | {} only | just {} | 只要{} | 仅{} | 只看{} | 只收{}")
#: Severities as a wish has them → the condition that they are.
SEVERITY_PHRASES: Mapping[str, str] = {
    phrase.format(word): f"severity{sign}{severity.word}"
    for sign, phrases in ((">=", _AT_LEAST), ("=", _ONLY))
    for phrase in phrases
    for word, severity in SEVERITIES.items()
}

#: Keys of conditions as Chinese has them. Filters know the English ones alone.
KEYS: Mapping[str, str] = {
    **dict.fromkeys(("级别", "严重程度", "等级"), "severity"),
    **dict.fromkeys(("类别", "消息类型"), "type"),
    "来源": "source",
    "状态": "status",
    "标题": "title",
    "产品": "product",
    **dict.fromkeys(("地域", "区域"), "region"),
}

EVERYTHING = frozenset({"*", "all", "everything", "all types", "所有", "全部"})

#: Words that lead in what follows. ``via chat``, ``--via chat`` and ``via=chat``.
OPTIONS: Mapping[str, frozenset[str]] = {
    "via": frozenset(
        {"via", "over", "through", "by", "channel", "channels"}
        | {"通过", "经", "渠道", "用", "发"}
    ),
    "to": frozenset({"to", "for", "recipient", "recipients"})
    | {"发给", "发到", "发送到", "发往", "给", "到"},
    "for": frozenset({"for", "only for", "just for", "对", "为", "给", "只对", "只给"}),
    "mute": frozenset({"mute", "muting", "mutes", "method", "mute only", "only mute"})
    | {"静音", "屏蔽", "只静音", "只屏蔽", "仅静音", "仅屏蔽"},
    "zone": frozenset({"zone", "tz", "timezone", "time zone", "时区"}),
    "because": frozenset({"because", "reason", "because of", "due to"})
    | {"因为", "原因", "由于", "理由"},
    "where": frozenset({"where", "filter", "matching", "过滤", "条件", "筛选"}),
    "at": frozenset({"at", "在", "于", "时间"}),
    "if": frozenset({"if", "suppose", "supposing", "如果", "假如", "假设", "若"}),
    "hours": frozenset({"hours", "time", "at", "时间", "时段"}),
    "days": frozenset({"days", "day", "on", "日期"}),
    "types": frozenset({"types", "about", "类型", "消息类型"}),
    "lang": frozenset({"lang", "language", "locale", "语言"}),
    "calendar": frozenset({"calendar", "holidays", "日历"}),
    "since": frozenset(
        {"since", "after", "from", "last", "past", "within"}
        | {"自", "从", "最近", "过去", "近"}
    ),
    "before": frozenset({"before", "until", "till", "之前", "早于"}),
    "in": frozenset({"in", "chat", "group", "for", "群", "群组"}),
    "as": frozenset({"as", "called", "named", "命名为"}),
    "webhook": frozenset({"webhook", "url", "hook", "地址"}),
    "secret": frozenset({"secret", "sign", "signature", "signing secret", "密钥"}),
    "keyword": frozenset({"keyword", "关键词", "关键字"}),
    "notify": frozenset({"notify", "mention", "提醒", "通知"}),
    "allow": frozenset({"allow", "allow list", "allowlist", "only", "白名单"}),
    "deny": frozenset({"deny", "deny list", "denylist", "黑名单"}),
    "per_hour": frozenset({"per hour", "hourly", "cap", "每小时", "上限"}),
    "page": frozenset({"page", "页", "第"}),
}

WHOLE_DAY = frozenset(
    {"whole day", "all day", "wholeday", "allday", "full day", "24h", "24 hours"}
    | {"全天", "整天", "一整天", "全日"}
)
#: This group, where nothing leads in whom it is for.
THIS = frozenset({"this chat", "this group", "本群", "这个群"})
HERE = frozenset({"chat", "group", "here", "this chat", "this group", "us", "everyone"})
HERE |= {"everybody", "all of us", "本群", "群", "这里", "群里", "大家", "所有人"}
ME = frozenset({"me", "myself", "@me", "我", "我自己", "自己"})
FROM = frozenset({"from", "out of", "从"})
AND = frozenset({"and", "&", "和", "与", "及"})

#: What the matrix has beside channels.
DND = frozenset({"dnd", "do not disturb", "quiet", "免打扰", "勿扰"})
RECIPIENTS = frozenset({"recipients", "recipient", "people", "接收人", "收件人"})
DEFAULT = frozenset({"default", "defaults", "默认"})
NO_FILTER = frozenset({"no filter", "without filter", "unfiltered", "不过滤", "无条件"})
NO_FILTER |= {"no filters", "不要过滤", "取消过滤", "去掉过滤"}
EXCEPT_CRITICAL = frozenset(
    {"except critical", "except criticals", "spare critical", "excluding critical"}
    | {"without critical", "but critical", "but not critical", "not critical"}
    | {"严重除外", "紧急除外", "除严重", "除严重外", "严重告警除外", "不含严重"}
)
INCLUDING_CRITICAL = frozenset(
    {"including critical", "including criticals", "include critical", "even critical"}
    | {"critical too", "criticals too", "with critical", "also critical"}
    | {"incl critical", "incl criticals", "plus critical"}
    | {"包括严重", "包括紧急", "包含严重", "含严重", "连严重", "包括严重告警"}
)

#: Whether criticals pass, by what is said of them.
SPARES_CRITICAL: Mapping[str, bool] = {
    **dict.fromkeys(EXCEPT_CRITICAL, True),
    **dict.fromkeys(INCLUDING_CRITICAL, False),
}

#: monday = 0, as ``datetime`` counts.
WEEKDAYS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "mon monday mondays 周一 星期一 礼拜一",
            "tue tues tuesday tuesdays 周二 星期二 礼拜二",
            "wed weds wednesday wednesdays 周三 星期三 礼拜三",
            "thu thur thurs thursday thursdays 周四 星期四 礼拜四",
            "fri friday fridays 周五 星期五 礼拜五",
            "sat saturday saturdays 周六 星期六 礼拜六",
            "sun sunday sundays 周日 周天 星期日 星期天 礼拜天 礼拜日",
        )
    )
    for word in words.split()
}
DAY_WORDS = table(
    daily="daily | everyday | every day | each day | all days | every night | "
    "nightly | 每天 | 每日 | 天天 | 每晚",
    workdays="workdays | workday | working days | work days | business days | "
    "every workday | 工作日 | 每个工作日",
    weekdays="weekdays | weekday | every weekday",
    weekends="weekends | weekend | every weekend | 周末 | 双休日 | 每个周末",
)
WEEKLY = frozenset({"weekly", "every week", "each week", "每周", "每星期"})
