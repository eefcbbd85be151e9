"""The words that cards add to what was handed over, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from store.values import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. What is in ``{…}`` is filled in by the card that says it.

    What is counted has two forms: for one, and for any other ``{count}``.
    """

    severities: Mapping[Severity, str]
    comma: str
    gap: str
    units: tuple[str, str, str]

    # An alert
    firing: str
    resolved: str
    firing_since: str
    resolved_at: str
    happened_at: str
    received_at: str
    firing_received: str
    resolved_received: str
    late: str
    open_link: str
    link: str

    # A digest
    messages: tuple[str, str]
    messages_since: str
    times: tuple[str, str]
    ended_meanwhile: tuple[str, str]
    all_resolved: str
    more: tuple[str, str]
    other_types: tuple[str, str]
    all_of_them: str

    # What did not fit, and where it is
    left_out: str
    left_out_labels: tuple[str, str]
    left_out_fields: tuple[str, str]
    left_out_characters: tuple[str, str]
    left_out_ends: str
    left_out_lines: tuple[str, str]
    left_out_buttons: tuple[str, str]
    cut_on_arrival: str
    rest: str
    rest_or_link: str
    ask_for_less: str


ENGLISH = Words(
    severities={
        Severity.CRITICAL: "Critical",
        Severity.WARNING: "Warning",
        Severity.INFO: "Info",
    },
    comma=", ",
    gap=" ",
    units=("d", "h", "min"),
    firing="firing",
    resolved="resolved",
    firing_since="Firing since {moment}",
    resolved_at="Resolved {moment}",
    happened_at="{moment}",
    received_at="Received {moment}",
    firing_received="Firing, received {moment}",
    resolved_received="Resolved, received {moment}",
    late="{status} ({duration} before this post)",
    open_link="Open {host}",
    link="Link: {address}",
    messages=("1 message", "{count} messages"),
    messages_since="{messages} since {moment}",
    times=("once", "{count} times"),
    ended_meanwhile=(
        "1 incident began and ended meanwhile.",
        "{count} incidents began and ended meanwhile.",
    ),
    all_resolved="All of it is resolved: nothing is left to look at.",
    more=("and 1 more", "and {count} more"),
    other_types=("1 other type", "{count} other types"),
    all_of_them="All of them: {line}",
    left_out="Left out to fit: {what}.",
    left_out_labels=("1 label", "{count} labels"),
    left_out_fields=("1 field", "{count} fields"),
    left_out_characters=("1 character of the text", "{count} characters of the text"),
    left_out_ends="the ends of long values",
    left_out_lines=("1 line", "{count} lines"),
    left_out_buttons=("1 button", "{count} buttons"),
    cut_on_arrival="The text was too long on arrival, and was cut there.",
    rest="The rest: /why {id}",
    rest_or_link="The rest: the link, or /why {id}",
    ask_for_less="Ask for less at a time to see them.",
)

CHINESE = Words(
    severities={
        Severity.CRITICAL: "严重",
        Severity.WARNING: "警告",
        Severity.INFO: "通知",
    },
    comma="、",
    gap="",
    units=("天", "小时", "分钟"),
    firing="告警中",
    resolved="已恢复",
    firing_since="告警中，自 {moment} 起",
    resolved_at="已恢复，{moment}",
    happened_at="{moment}",
    received_at="收到于 {moment}",
    firing_received="告警中，收到于 {moment}",
    resolved_received="已恢复，收到于 {moment}",
    late="{status}（本消息发出前 {duration}）",
    open_link="打开 {host}",
    link="链接：{address}",
    messages=("1 条消息", "{count} 条消息"),
    messages_since="{messages}，自 {moment} 起",
    times=("1 次", "{count} 次"),
    ended_meanwhile=(
        "其间有 1 起告警发生后已恢复。",
        "其间有 {count} 起告警发生后已恢复。",
    ),
    all_resolved="全部已恢复，无需处理。",
    more=("另有 1 条", "另有 {count} 条"),
    other_types=("其他 1 类", "其他 {count} 类"),
    all_of_them="查看全部：{line}",
    left_out="因长度所限，省略了{what}。",
    left_out_labels=(" 1 个标签", " {count} 个标签"),
    left_out_fields=(" 1 个字段", " {count} 个字段"),
    left_out_characters=("正文 1 个字符", "正文 {count} 个字符"),
    left_out_ends="过长内容的末尾",
    left_out_lines=(" 1 行", " {count} 行"),
    left_out_buttons=(" 1 个按钮", " {count} 个按钮"),
    cut_on_arrival="正文在接收时已过长，当时就被截断。",
    rest="完整内容：/why {id}",
    rest_or_link="完整内容：打开链接，或 /why {id}",
    ask_for_less="请缩小范围后再查。",
)


def words(locale: str) -> Words:
    """Return the words of *locale*: Chinese for ``zh``, or English for any other."""
    return CHINESE if locale == "zh" else ENGLISH


def counted(forms: tuple[str, str], count: int) -> str:
    """Return *count* of something in words: ``1 label``, ``5,120 characters``."""
    return forms[0] if count == 1 else forms[1].format(count=f"{count:,}")
