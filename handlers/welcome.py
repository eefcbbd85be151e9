"""The first words in a group or a direct chat: what Larkbell does, and how to begin."""

from __future__ import annotations

from handlers.reply import Button, Reply
from store.wording import _, _n

TITLE = _("Hello, this is Larkbell")
BACK = _("Larkbell is back")

#: What a bot menu may be told to do, beside the nouns themselves: key → line.
MENU = {
    "subscriptions": "/sub",
    "alerts": "/inbox",
    "quiet": "/dnd",
    "settings": "/set",
    "account": "/whoami",
}


def to_group(locale: str) -> Reply:
    """Return what a group reads that we were added to."""
    return Reply(
        title=TITLE,
        lines=(
            _(
                "Alarms, bills and notices come to this group, and you decide here "
                "which, when and over which channel."
            ),
            _("What is muted is kept, and comes as one digest."),
            _("Mention me with a command, or begin with a button."),
        ),
        buttons=_begin(locale),
    )


def to_person(locale: str) -> Reply:
    """Return what somebody reads who opens the direct chat with us."""
    return Reply(
        title=TITLE,
        lines=(
            _(
                "Here you decide what comes to you alone: which messages, when and "
                "over which channel."
            ),
            _("What is muted is kept, and comes as one digest."),
            _("Type a command, or begin with a button."),
        ),
        buttons=_begin(locale),
    )


def back(rules: int) -> Reply:
    """Return what a group reads that we came back to, with *rules* subscriptions."""
    works = _n(
        "1 subscription of this group works again.",
        "{count} subscriptions of this group work again.",
        rules,
    )
    return Reply(
        title=BACK,
        lines=(works, _("What waited meanwhile comes now.")),
        buttons=(Button(_("What comes here"), "/sub list"),),
    )


def line_of(key: str, nouns: frozenset[str]) -> str:
    """Return the line that an entry of the bot's menu means: its key names a noun.

    A key that we do not know shows what we understand.
    """
    word = key.strip().strip("/").casefold()
    noun = word.split("_")[0].split("-")[0].split(".")[0]
    if noun in nouns:
        return f"/{noun}"
    return MENU.get(word, "/help")


def _begin(locale: str) -> tuple[Button, ...]:
    other = ("English", "en") if locale == "zh" else ("中文", "zh")
    return (
        Button(_("Choose messages"), "/sub", primary=True),
        Button(_("Do not disturb"), "/dnd"),
        Button(_("What I understand"), "/help"),
        Button(other[0], f"/set lang {other[1]}"),
    )
