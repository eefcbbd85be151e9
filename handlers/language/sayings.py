"""How people put it: whole phrases that stand for a command, and words beside it.

A saying begins a line and is read as the words it stands for, so that what follows it
is read as behind any command. Most of them only look.
"""

from __future__ import annotations

from collections.abc import Mapping


def _said(table: Mapping[str, str]) -> Mapping[str, str]:
    return {
        phrase.strip(): meant
        for meant, phrases in table.items()
        for phrase in phrases.split("|")
    }


#: What a line may begin with → the words that it stands for.
SAYINGS: Mapping[str, str] = _said(
    {
        "mute list": "what's muted | whats muted | what is muted | show mutes | "
        "what did we mute | 静音了哪些 | 静音了什么 | 哪些静音了 | 有哪些静音",
        "sub list": "what are we subscribed to | what do we subscribe to | "
        "what do we get | what do we receive | what does this group get | "
        "本群订阅了什么 | 本群订阅了哪些 | 我们订阅了什么 | 我们订阅了哪些 | "
        "这个群订阅了什么 | 订阅了什么 | 订阅了哪些 | 本群能收到什么 | "
        "本群会收到什么",
        "dnd list": "when is it quiet | when are we quiet | what are our quiet hours | "
        "什么时候免打扰 | 有哪些免打扰",
        "recipients list": "who gets what | who receives what | who gets messages | "
        "谁收到什么 | 谁能收到什么 | 谁会收到什么 | 有哪些接收人 | 接收人有哪些",
        "recipients show me": "what do i get | what do i receive | "
        "what am i subscribed to | 我能收到哪些消息 | 我能收到什么 | "
        "我会收到什么 | 我会收到哪些消息 | 我收到哪些消息 | 我订阅了什么 | "
        "我订阅了哪些",
        "recipients remove me": "stop sending me | don't send me | do not send me | "
        "不要再给我发 | 别再给我发 | 不要给我发 | 别给我发",
        "role": "who can edit | who may edit | who can change things | "
        "who can change settings | 谁能改 | 谁可以改 | 谁能修改 | "
        "谁可以修改 | 谁有权限",
        "audit me": "what did i change | what have i changed | 我改过什么 | 我改了什么",
        "audit": "who changed what | who changed this | who changed it | "
        "who changed the settings | what was changed | what changed | 谁改过设置 | "
        "谁改了设置 | 谁改过 | 谁改的 | 谁改了什么 | 改过什么",
        "inbox unread": "show unread | unread | what's unread | what is unread | "
        "what did i miss | 未读 | 看未读 | 未读消息 | 有什么未读 | 有哪些未读",
        "inbox read all": "mark all as read | mark all read | "
        "mark everything as read | read all | 全部已读 | 全部标为已读 | "
        "全部标记为已读 | 全标为已读",
        "why": "why did we get | why did i get | why didn't we get | why do we get | "
        "why did we not get | why didn't i get | why did i not get | "
        "what happened to | what became of | 为啥没收到 | 为什么没收到 | "
        "为什么没有收到 | 怎么没收到 | 为啥收到 | 为什么收到 | 为什么会收到",
        "undo": "undo that | undo this | undo it | undo the last change | "
        "undo my last change | undo last | take that back | take it back | 撤回 | "
        "撤回上一步 | 撤销上一步 | 撤回刚才的修改 | 撤销刚才的修改",
        "set lang": "language | switch language to | change language to | "
        "set language to | change the language to | 语言 | 语言改成 | "
        "语言改为 | 语言设为 | 语言设成 | 语言切换成 | 语言切换为 | 切换语言",
        "set lang zh": "speak chinese | answer in chinese | 说中文 | 用中文 | "
        "请说中文 | 请用中文 | 切换到中文 | 切换成中文",
        "set lang en": "speak english | answer in english | 说英文 | 说英语 | 用英文 | "
        "用英语 | 切换到英文 | 切换成英文",
        "set tz": "timezone | time zone | change timezone to | change time zone to | "
        "set timezone to | set time zone to | 时区 | 时区设成 | 时区设为 | "
        "时区改成 | 时区改为",
        "status": "this group's status | status of this group | how are things | "
        "这个群的状态 | 本群状态 | 本群的状态 | 群状态",
        "whoami": "what's my role | what are my roles | what is my role | "
        "what may i do | 我的角色 | 我的权限 | 我有什么权限",
        "types": "what can we subscribe to | what can i subscribe to | "
        "what types are there | which types are there | 能订阅什么 | 可以订阅什么 | "
        "有哪些类型 | 有哪些消息类型",
        "help": "help with | help on | help about | help me with | how do i use | "
        "how does this work | what can you do | 你会什么 | 你能做什么 | 如何使用",
        "digest for me": "send me a digest | give me a digest | send me the digest",
        "digest": "send us a digest | give us a digest | send a digest",
    }
)

#: Said before a command, and no part of it.
POLITE = _said(
    {
        "please": "please | pls | plz | kindly | can you | could you | would you | "
        "will you | can you please | could you please | would you please | "
        "i want to | i would like to | i'd like to | we want to | "
        "hi | hello | hey | hi there | hello there | good morning | "
        "你好 | 您好 | 嗨 | 在吗 | "
        "请 | 麻烦 | 麻烦你 | 帮我 | 请帮我 | 帮忙 | 请帮忙 | 麻烦帮我 | 麻烦帮忙 | "
        "请你 | 能帮我 | 可以帮我 | 能不能帮我 | 我要 | 我想 | 我们要 | 我们想 | "
        "现在 | 把 | 将"
    }
)

#: Said behind a command, and no part of it.
THANKS = frozenset(
    {"please", "pls", "plz", "thanks", "thank you", "thx", "ty", "cheers"}
    | {"thanks a lot", "many thanks", "now", "right now", "here", "谢谢", "多谢"}
    | {"谢谢啦", "谢了", "辛苦了", "拜托", "拜托了"}
)

#: Said anywhere in between; it changes nothing.
ASIDE = frozenset({"just", "一下", "先", "都", "就"})

#: What stands before a word that means something.
ARTICLES = frozenset({"the", "a", "an", "our", "的"})

#: Says what should not be done. Nothing may be made of such a word by itself.
NEGATIONS = frozenset(
    {"don't", "dont", "do", "not", "never", "no", "won't", "shouldn't", "without"}
    | {"不", "不要", "别", "勿", "不用", "无需", "先别", "先不", "不想", "不需要", "没"}
)

#: Leaves something out of what is named. Only a condition can.
EXCEPT = frozenset(
    {"except", "except for", "but", "but not", "excluding", "apart from", "without"}
    | {"除了", "除", "除去", "不含", "不包括", "不要"}
)

#: Too small to be looked for in messages.
SMALL = NEGATIONS | ARTICLES | ASIDE | {"了", "吧", "吗", "呢", "啊", "this", "that"}
SMALL |= {"is", "are", "was", "be", "it", "in", "of", "on", "at", "if", "or", "so"}
SMALL |= {"then", "stop", "nobody", "who", "how", "why", "my", "me", "later", "please"}
SMALL |= {"should", "we", "i", "you", "they", "can", "will", "when", "what", "which"}

#: What may stand between a noun and the words before it, or behind it.
BEFORE_NOUN = frozenset({"的", "个", "a", "an", "the", "our", "my", "条"})
BEHIND_NOUN = frozenset({"里", "中", "里面"})

#: What leads in the new value: ``set 2 to 23:00-07:00``.
BECOMES = frozenset({"to", "as", "为", "成", "到", "改为", "改成", "设为", "设成"})

#: How many of the coming days: ``for the next 7 days``.
COMING = frozenset(
    {"the next", "next", "the coming", "coming", "未来", "接下来", "今后", "之后"}
)
