"""The built-in tree of message types, as the console's subscription page draws it.

Titles are the short ones we show; aliases are what the console prints in its mails,
letters and robot posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from handlers.rules.cells import BY_VOICE, NO_PHONE, NO_VOICE, Cell, Offer
from store.values import Channel, Severity
from store.wording import Text, titled


@dataclass(frozen=True, slots=True)
class MessageType:
    """One kind of message. ``aliases`` are other titles that the console prints."""

    id: str
    title_en: str
    title_zh: str
    severity: Severity = Severity.INFO
    # A mapping has no hash; the id alone would do.
    cells: Mapping[Channel, Cell] = field(default_factory=lambda: NO_VOICE, hash=False)
    aliases: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """The part before the first dot."""
        return self.id.partition(".")[0]

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title it is known by, in both languages."""
        return (self.title_en, self.title_zh, *self.aliases)

    @property
    def title(self) -> Text:
        """What it is called, in the reader's language."""
        return titled(self.title_en, self.title_zh)

    def offers(self, channel: Channel) -> bool:
        """Return whether it can go over *channel* at all."""
        return self.cells[channel].offer is not Offer.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Category:
    """A branch of the tree, and what its types offer unless they say otherwise."""

    id: str
    title_en: str
    title_zh: str
    cells: Mapping[Channel, Cell]
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> Text:
        """What it is called, in the reader's language."""
        return titled(self.title_en, self.title_zh)

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title it is known by, in both languages."""
        return (self.title_en, self.title_zh, *self.aliases)


CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        category.id: category
        for category in (
            Category(
                "finance",
                "Financial issues",
                "财务消息",
                NO_VOICE,
                ("financial", "finances", "财务"),
            ),
            Category(
                "product",
                "Product notifications",
                "产品消息",
                NO_VOICE,
                ("products", "产品"),
            ),
            Category(
                "security",
                "Security notifications",
                "安全消息",
                NO_VOICE,
                ("安全",),
            ),
            Category(
                "updates",
                "Cloud updates",
                "动态消息",
                NO_PHONE,
                ("Tencent Cloud Updates", "update", "腾讯云动态", "动态"),
            ),
            Category(
                "operations",
                "Operations",
                "运维消息",
                NO_VOICE,
                ("ops messages", "operation", "运维"),
            ),
            Category("custom", "Custom", "自定义消息", BY_VOICE, ("自定义",)),
        )
    }
)


def _type(
    type_id: str,
    title_en: str,
    title_zh: str,
    severity: Severity = Severity.INFO,
    *,
    cells: Mapping[Channel, Cell] = NO_VOICE,
    also: str,
) -> MessageType:
    return MessageType(
        type_id, title_en, title_zh, severity, cells, tuple(also.split(" | "))
    )


BUILT_IN: tuple[MessageType, ...] = (
    _type(
        "finance.account-arrears",
        "Account in arrears",
        "账户欠费",
        Severity.CRITICAL,
        cells=BY_VOICE,
        also=(
            "Account in arrears notifications | Account arrears | "
            "Overdue payment | Arrears | Service suspension due to arrears | "
            "欠费通知 | 欠费 | 欠费停服"
        ),
    ),
    _type(
        "finance.balance-warning",
        "Balance warning",
        "余额预警",
        Severity.WARNING,
        cells=BY_VOICE,
        also=(
            "Balance Warning Notice | Balance alert | Insufficient balance | "
            "Low balance | 余额预警通知 | 余额不足 | 余额告警"
        ),
    ),
    _type(
        "finance.refund",
        "Return and refund",
        "退货退款",
        also="Return & Refund Notice | Return/Refund | Refund | 退款 | 退费 | 退货",
    ),
    _type(
        "finance.cost-analysis",
        "Cost analysis",
        "成本分析",
        also="Cost analysis reminder | 成本分析提醒 | 费用分析 | 消费分析",
    ),
    _type(
        "finance.voucher",
        "Voucher",
        "代金券",
        also="Voucher notification | Vouchers | 代金券通知 | 优惠券",
    ),
    _type(
        "finance.budget",
        "Budget management",
        "预算管理",
        Severity.WARNING,
        also=(
            "Budget management notification | Budget alert | Budget | 预算 | "
            "预算提醒 | 预算告警"
        ),
    ),
    _type(
        "finance.withdrawal",
        "Account withdrawal",
        "账户提现",
        also="Withdrawal | 提现 | 帐户提现",
    ),
    _type(
        "finance.credits",
        "Credits",
        "信用额度",
        also="Credits related notice | Credit limit | 信控 | 信用额度相关",
    ),
    _type(
        "finance.billing-notice",
        "Billing notice",
        "账单通知",
        also="Bill issued | Monthly bill | 账单 | 出账通知 | 账单出账",
    ),
    _type(
        "finance.repayment", "Repayment reminder", "还款提醒", also="Repayment | 还款"
    ),
    _type(
        "product.alarm",
        "Monitoring alarm",
        "监控告警",
        cells=BY_VOICE,
        also=(
            "Alarm | Alarm notification | Metric alarm | Cloud Monitor alarm | "
            "告警 | 指标告警 | 云监控告警 | 腾讯云可观测平台告警"
        ),
    ),
    _type(
        "product.event-alarm",
        "Event alarm",
        "事件告警",
        cells=BY_VOICE,
        also="Event alert | Product event alarm | 产品事件告警 | 事件通知",
    ),
    _type(
        "product.expiry",
        "Product expiry and reclaim",
        "产品到期与回收",
        Severity.WARNING,
        cells=BY_VOICE,
        also=(
            "Product expiration and repossession | Product expiration | "
            "Product expiry | Expiry | Resource expiration | 产品到期、回收 | "
            "产品到期/回收 | 到期回收 | 产品到期 | 资源到期 | 到期提醒 | "
            "即将到期"
        ),
    ),
    _type(
        "product.auto-renewal",
        "Product auto-renewal",
        "产品自动续费",
        also="Auto renewal | Automatic renewal | 自动续费",
    ),
    _type(
        "product.service",
        "Product and service",
        "产品服务",
        also=(
            "Product/service related | Product service related | 产品服务相关 | "
            "产品/服务相关"
        ),
    ),
    _type(
        "product.ticket",
        "Ticket service",
        "工单服务",
        also="Ticket | Support ticket | 工单",
    ),
    _type(
        "security.event",
        "Security event",
        "安全事件",
        Severity.CRITICAL,
        cells=BY_VOICE,
        also="Security event notification | Security alert | 安全事件通知 | 安全告警",
    ),
    _type(
        "security.content-violation",
        "Content violation",
        "内容违规",
        Severity.WARNING,
        also=(
            "Content violation notification | Violating content | 违规内容 | 违规通知"
        ),
    ),
    _type(
        "security.credential-age",
        "Credential age",
        "凭证到期更换",
        Severity.WARNING,
        also="Credential rotation | Password age | 凭证更换 | 密码更换",
    ),
    _type(
        "updates.announcement",
        "Announcement",
        "公告",
        cells=NO_PHONE,
        also="Product announcement | Cloud announcement | 产品公告 | 官方公告",
    ),
    _type(
        "updates.promotion",
        "Activities and promotions",
        "活动优惠",
        cells=NO_PHONE,
        also="Activities/promotions | Promotion | 优惠活动 | 促销活动",
    ),
    _type(
        "updates.community",
        "Developer community",
        "开发者社区",
        cells=NO_PHONE,
        also="Community | 社区",
    ),
    _type(
        "operations.maintenance",
        "Maintenance",
        "维护通知",
        also=(
            "Network maintenance | Scheduled maintenance | System maintenance | "
            "网络维护 | 系统维护 | 维护"
        ),
    ),
    _type(
        "operations.upgrade",
        "Upgrade",
        "升级通知",
        also="System upgrade | Network upgrade | 系统升级 | 网络升级 | 升级",
    ),
)
