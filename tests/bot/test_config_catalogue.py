from __future__ import annotations

from pathlib import Path

from bot.config import catalogue, loads
from handlers.language.catalogues import say
from handlers.rules.types import MessageType, Offer, Types
from store.values import Channel, Severity


def types_of(text: str) -> Types:
    return catalogue(loads(text, {}, path=Path("config.yaml")).config)


def offers(kind: MessageType) -> dict[Channel, Offer]:
    return {channel: cell.offer for channel, cell in kind.cells.items()}


def test_a_type_of_ones_own_is_known_by_its_titles() -> None:
    types = types_of(
        "message_types: [{id: product.cdn-purge, title: {en: CDN purge, zh: CDN 刷新}, "
        "severity: warning, email: required, voice: unavailable}]"
    )

    found = types.find("cdn刷新")

    assert found is types.get("product.cdn-purge")
    assert (found.title, say(found.title, "zh")) == ("CDN purge", "CDN 刷新")
    assert found.severity is Severity.WARNING
    assert offers(found) == offers(types.get("product.service")) | {
        Channel.EMAIL: Offer.REQUIRED,
        Channel.VOICE: Offer.UNAVAILABLE,
    }


def test_a_title_in_one_language_stands_in_for_the_other() -> None:
    found = types_of("message_types: [{id: a.b, title: {zh: 刷新}}]").get("a.b")

    assert (found.title, say(found.title, "zh")) == ("刷新", "刷新")


def test_a_built_in_type_is_changed_only_where_it_is_written() -> None:
    before = types_of("").get("finance.balance-warning")
    after = types_of(
        "message_types: [{id: finance.balance-warning, severity: critical}]"
    ).get("finance.balance-warning")

    assert after.severity is Severity.CRITICAL
    assert (after.titles, offers(after)) == (before.titles, offers(before))
