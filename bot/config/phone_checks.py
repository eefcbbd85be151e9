"""What the types cannot say of text messages and calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bot.config.tree import Finding, Path, Tree

SECTIONS = ("sms", "voice")
_OTHERS = {
    "sms": "choose tencent or http, or say buzz: app for a buzz in the app",
    "voice": "choose tencent or http",
}


def check_phones(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with the sections ``sms`` and ``voice``."""
    for name in SECTIONS:
        section = tree.at((name,))
        if not isinstance(section, dict):
            continue
        match section.get("provider"):
            case "lark":
                yield from _lark(tree, name, section)
            case "http":
                yield from _gateway((name,), section)
                yield from _protected((name, "url"), section.get("url"))
            case "tencent":
                yield from _protected((name, "endpoint"), section.get("endpoint"))


def _lark(tree: Tree, name: str, section: Mapping[str, Any]) -> Iterator[Finding]:
    lark = tree.at(("lark",))
    if not isinstance(lark, dict):
        yield (
            (name, "provider"),
            "needs a Lark app: add the section lark, or choose tencent or http",
        )
    elif lark.get("region") != "feishu" and section.get("buzz") != "app":
        yield (name, "provider"), f"is there on Feishu only: {_OTHERS[name]}"


def _gateway(path: Path, section: Mapping[str, Any]) -> Iterator[Finding]:
    written = section.get("body")
    is_form = section.get("format") == "form"
    if isinstance(written, str) and written.strip():
        # Few have a gateway, and Jinja takes a while to load.
        from bot.phones.template import BodyTemplate

        try:
            BodyTemplate(written, "form" if is_form else "json")
        except ValueError as exc:
            yield (*path, "body"), str(exc)
    elif is_form and written is None:
        yield (*path, "body"), "is missing: the one by default is JSON"
    success = section.get("success")
    if isinstance(success, dict) and bool(success.get("field")) != bool(
        success.get("values")
    ):
        yield (*path, "success"), "should have both field and values, or neither"


def _protected(path: Path, url: Any) -> Iterator[Finding]:
    if not isinstance(url, str) or not url.lower().startswith("http:"):
        return
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return  # What is no address is told already.
    if not is_loopback(host):
        yield path, "should begin with https://: phone numbers and keys go there"


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
