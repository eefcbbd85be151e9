"""Settings of text messages and calls: who carries them, and in which words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.config import kinds
from bot.config.section import Section
from bot.secret import Secret

#: What a template of a provider's may be filled with.
Part = Literal["text", "severity", "title", "source", "type", "id"]
#: Where both of Tencent Cloud's sites send from.
_REGION = "ap-guangzhou"


class LarkSmsConfig(Section):
    """Text messages by Lark: a buzz on a direct message of the app's."""

    provider: Literal["lark"] = Field(
        description="lark: buzzes a direct message of the app's; needs no number."
    )
    buzz: Literal["sms", "app"] = Field(
        "sms",
        description="What the buzz is: sms (Feishu only, by the tenant's quota), or "
        "app (in the app alone, on Lark too, and no text message at all).",
    )


class LarkVoiceConfig(Section):
    """Calls by Feishu: a buzz on a direct message of the app's."""

    provider: Literal["lark"] = Field(
        description="lark: buzzes a direct message of the app's by phone; Feishu only."
    )


class MainlandConfig(Section):
    """What was approved for numbers of the Chinese mainland, where others were not."""

    template: Annotated[str, kinds.Text(str)] = Field(
        description="The id of the template for notifications; its parameters are the "
        "same."
    )
    code_template: Annotated[str, kinds.Text(str)] | None = Field(
        None, description="The id of the template for codes, likewise."
    )
    sign: Annotated[str, kinds.Text(str)] = Field(description="The signature.")


class TencentSmsConfig(Section):
    """Text messages by Tencent Cloud's SMS, with templates that it approved."""

    provider: Literal["tencent"] = Field(description="tencent: Tencent Cloud's SMS.")
    site: Literal["intl", "domestic"] = Field(
        "intl", description="Which Tencent Cloud it is: intl or domestic."
    )
    region: Annotated[str, kinds.HOST] = Field(
        _REGION, description="Where it sends from."
    )
    secret_id: Annotated[Secret, kinds.SECRET] = Field(
        description="The id of an API key that may send text messages."
    )
    secret_key: Annotated[Secret, kinds.SECRET] = Field(
        description="The key that goes with the id."
    )
    app_id: Annotated[str, kinds.Text(str)] = Field(
        description="The SdkAppId from the console of SMS."
    )
    template: Annotated[str, kinds.Text(str)] = Field(
        description="The id of the template for notifications."
    )
    parameters: tuple[Part, ...] = Field(
        ("text",),
        description="What fills its {1}, {2} and so on: text (all of it), severity, "
        "title, source, type, id.",
    )
    code_template: Annotated[str, kinds.Text(str)] | None = Field(
        None,
        description="The id of the template for codes that verify a number; without "
        "it, they go by the other one.",
    )
    code_parameters: tuple[Literal["code", "text"], ...] = Field(
        ("code",), description="What fills the template for codes: code, or text."
    )
    sign: Annotated[str, kinds.Text(str)] | None = Field(
        None, description="The signature, which the Chinese mainland asks for."
    )
    sender: Annotated[str, kinds.Text(str)] | None = Field(
        None, description="A sender id of your own, for numbers outside of it."
    )
    mainland: MainlandConfig | None = Field(
        None,
        description="What was approved for numbers that begin with +86, if the above "
        "is for others alone.",
    )
    endpoint: Annotated[str, kinds.BASE_URL] | None = Field(
        None, description="Another address of its API, such as a sandbox."
    )


class TencentVoiceConfig(Section):
    """Calls by Tencent Cloud's VMS, with templates that it approved."""

    provider: Literal["tencent"] = Field(
        description="tencent: Tencent Cloud's voice messages, on its Chinese site."
    )
    region: Annotated[str, kinds.HOST] = Field(
        _REGION, description="Where it calls from."
    )
    secret_id: Annotated[Secret, kinds.SECRET] = Field(
        description="The id of an API key that may call."
    )
    secret_key: Annotated[Secret, kinds.SECRET] = Field(
        description="The key that goes with the id."
    )
    app_id: Annotated[str, kinds.Text(str)] = Field(
        description="The SdkAppId from the console of voice messages."
    )
    template: Annotated[str, kinds.Text(str)] = Field(
        description="The id of the template for notifications."
    )
    parameters: tuple[Part, ...] = Field(
        ("text",),
        description="What fills its {1}, {2} and so on: text (all of it), severity, "
        "title, source, type, id.",
    )
    plays: int = Field(2, ge=1, le=3, description="How often it is said in one call.")
    endpoint: Annotated[str, kinds.BASE_URL] | None = Field(
        None, description="Another address of its API, such as a sandbox."
    )


class SuccessConfig(Section):
    """Which answers of a gateway say that it was sent."""

    status: tuple[int, ...] = Field(
        (), description="The HTTP statuses that say so; none means any of 200 to 299."
    )
    field: Annotated[str, kinds.Text(str)] | None = Field(
        None,
        description="A field of its JSON answer that must say so too, such as "
        "result.code.",
    )
    values: tuple[str, ...] = Field(
        (), description="What that field then holds, such as 0 or OK."
    )


class GatewayConfig(Section):
    """Text messages or calls by any gateway that takes a POST."""

    provider: Literal["http"] = Field(description="http: posts to any gateway.")
    url: Annotated[Secret, kinds.SECRET_URL] = Field(
        description="Its address: https, unless it is on this machine."
    )
    method: Literal["POST", "PUT"] = Field("POST", description="POST or PUT.")
    headers: dict[Annotated[str, kinds.HEADER], Annotated[Secret, kinds.SECRET]] = (
        Field({}, description="Headers to send, such as Authorization.")
    )
    format: Literal["json", "form"] = Field(
        "json", description="What the body is, and how values in it are escaped."
    )
    body: Annotated[str, kinds.Text(str)] = Field(
        '{"to": "{{ number }}", "text": "{{ text }}"}',
        description="The body, a Jinja template of number, text, severity, title, "
        "source, type, id, locale, code and key (the same at each attempt).",
    )
    secret: Annotated[Secret, kinds.SECRET] | None = Field(
        None,
        description="What posts are signed with, as Standard Webhooks has it: "
        "HMAC-SHA256 over id, timestamp and body in webhook-signature.",
    )
    success: SuccessConfig = Field(
        SuccessConfig(), description="Which answers say that it was sent."
    )


SmsConfig = Annotated[
    LarkSmsConfig | TencentSmsConfig | GatewayConfig, Field(discriminator="provider")
]
VoiceConfig = Annotated[
    LarkVoiceConfig | TencentVoiceConfig | GatewayConfig,
    Field(discriminator="provider"),
]
